import { isIndexKind, isSealed, type Sealed } from '../contracts/sealing.js';
import { type Uuid } from '../contracts/values.js';
import { Erased, NotGenuine } from '../sealing/errors.js';
import { type Sealer } from '../sealing/sealer.js';
import { streamOf } from './commands.js';
import { sealedTexts } from './shown.js';

/** Texts that are sealed anew at once. */
const AT_ONCE = 20;

/**
 * The body with what is sealed in it for one stream sealed for another case, each under the holder that it has: who
 * erases the holder erases both. What cannot be opened goes as it is, and is erased or unreadable there too. The other
 * case is noted with what each can be found by.
 */
export async function resealed(body: object, sealer: Sealer, stream: string, caseId: Uuid): Promise<object> {
  const texts = new Map<string, Sealed>();
  const reseal = async ({ field, sealed: one }: { field: string; sealed: Sealed }): Promise<void> => {
    const { holder, kind } = one;
    const text = await sealer.openText(one, { stream, field });
    texts.set(field, await sealer.seal(holder, text, { stream: streamOf(caseId), field }, kind));
    if (isIndexKind(kind)) await sealer.note([{ kind, text, holder, caseId }]);
  };
  const found = sealedTexts(body);
  for (let from = 0; from < found.length; from += AT_ONCE) {
    await Promise.all(found.slice(from, from + AT_ONCE).map((one) => reseal(one).catch(isGone)));
  }
  return found.length === 0 ? body : (replaced(body, texts) as object);
}

function isGone(error: unknown): void {
  if (!(error instanceof Erased) && !(error instanceof NotGenuine)) throw error;
}

function replaced(value: unknown, texts: ReadonlyMap<string, Sealed>, field = ''): unknown {
  const text = texts.get(field);
  if (text || typeof value !== 'object' || value === null || isSealed(value)) return text ?? value;
  const parts = Object.entries(value).map(([name, part]: [string, unknown]) => {
    return [name, replaced(part, texts, field === '' ? name : `${field}.${name}`)] as const;
  });
  if (Array.isArray(value)) return parts.map(([, part]) => part);
  return Object.assign(
    Object.create(Object.getPrototypeOf(value) as object) as object,
    Object.fromEntries(parts),
  );
}
