import { isSealed, type PersonalKind, type Sealed } from '../contracts/sealing.js';
import { Erased, NotGenuine } from '../sealing/errors.js';
import { mask } from '../sealing/masks.js';
import { type Sealer } from '../sealing/sealer.js';

/** What is shown in a sealed text's place: never the text, nor what it was sealed as. */
export type Veil =
  | { sealed: true; kind?: PersonalKind; masked: string; field: string }
  | { sealed: true; hidden: true }
  | { sealed: true; erased: true }
  | { sealed: true; unreadable: true };

/** Of a free text nothing is shown. */
const ANY = '**';

/**
 * The data of an event with a veil in the place of every sealed text.
 * @param stream in which the event stands
 * @param hidden whether nothing but that something is there is shown
 */
export async function veiled(data: object, stream: string, sealer: Sealer, hidden: boolean): Promise<object> {
  const veil = async (value: unknown, field: string): Promise<unknown> => {
    if (isSealed(value)) return hidden ? { sealed: true, hidden } : seen(value, { stream, field }, sealer);
    if (typeof value !== 'object' || value === null) return value;
    const parts = await Promise.all(
      Object.entries(value).map(async ([name, part]: [string, unknown]) => {
        return [name, await veil(part, field === '' ? name : `${field}.${name}`)] as const;
      }),
    );
    return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
  };
  return (await veil(data, '')) as object;
}

async function seen(
  sealed: Sealed,
  context: { stream: string; field: string },
  sealer: Sealer,
): Promise<Veil> {
  const { kind } = sealed;
  try {
    const text = await sealer.openText(sealed, context);
    const masked = kind === undefined || kind === 'text' ? ANY : mask(kind, text);
    return { sealed: true, ...(kind !== undefined && { kind }), masked, field: context.field };
  } catch (error) {
    if (error instanceof Erased) return { sealed: true, erased: true };
    if (error instanceof NotGenuine) return { sealed: true, unreadable: true };
    throw error;
  }
}

/** The sealed text at a path of an event's data. */
export function sealedAt(data: object, path: string): Sealed | undefined {
  const found = path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? at[name as never] : undefined,
      data,
    );
  return isSealed(found) ? found : undefined;
}

/** Every sealed text in an event's data, each with its path. */
export function sealedTexts(value: unknown, field = ''): { field: string; sealed: Sealed }[] {
  if (isSealed(value)) return [{ field, sealed: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    sealedTexts(part, field === '' ? name : `${field}.${name}`),
  );
}
