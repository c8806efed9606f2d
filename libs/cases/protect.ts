import {
  isIndexKind,
  isPersonal,
  personalFields,
  type PersonalKind,
  type Sealed,
} from '../contracts/sealing.js';
import { partsOf, type Uuid } from '../contracts/values.js';
import { type Sealer } from '../sealing/sealer.js';
import { streamOf } from './commands.js';

/** A personal text of a command. */
export interface PersonalText {
  /** As in the body: `petitioner.name`, `households.0.phone`. */
  path: string;
  /** Path of what it stands in. */
  part: string;
  kind: PersonalKind;
  text: string;
}

/**
 * The body with something else in the place of each personal text, at any depth; the body itself where it has none. What
 * is copied is no more than what something changes in.
 */
export function exchanged(body: object, by: (found: PersonalText) => unknown): object {
  const inPart = (part: object, of: object, path: string): object => {
    if (!isPersonal(of)) return part;
    const changes: [string, unknown][] = [];
    const values = part as Readonly<Record<string, unknown>>;
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
    for (const [name, kind] of personalFields(of)) {
      const text = values[name];
      if (typeof text === 'string') changes.push([name, by({ path: at(name), part: path, kind, text })]);
    }
    for (const [name, innerOf] of partsOf(of)) {
      const value = values[name];
      if (typeof value !== 'object' || value === null) continue;
      const inner = Array.isArray(value)
        ? listed(value, (one, n) => inPart(one, innerOf(), `${at(name)}.${n}`))
        : inPart(value, innerOf(), at(name));
      if (inner !== value) changes.push([name, inner]);
    }
    if (changes.length === 0) return part;
    const copy = Object.create(Object.getPrototypeOf(part) as object) as object;
    return Object.assign(copy, part, Object.fromEntries(changes));
  };
  return inPart(body, body.constructor, '');
}

/** The list with each of its elements changed; the list itself where none is. */
function listed(list: readonly object[], change: (one: object, n: number) => object): readonly object[] {
  const changed = list.map(change);
  return changed.some((one, n) => one !== list[n]) ? changed : list;
}

/** Stands for a sealed text while it is not known yet whether the command will be refused. */
const unsealed = (kind: PersonalKind): Sealed => ({
  holder: '00000000-0000-0000-0000-000000000000',
  alg: 'AES-256-GCM',
  ...{ key: 0, kind, iv: '', text: '', tag: '' },
});

/** The body as rules may see it before anything is sealed. */
export const withPlaceholders = (body: object): object => exchanged(body, ({ kind }) => unsealed(kind));

/** The body as its hash is made from: alike for the same texts, and telling nothing of them without the master key. */
export const withStandIns = (body: object, { index }: Sealer): object =>
  exchanged(body, ({ kind, text }) => index.standIn(kind, text));

/**
 * The body with its personal texts sealed. A person and a free text are a holder each, known by case, place and command:
 * the same command has the same holders, and no holder's id says who it is. The case is noted with what each can be
 * found by.
 * @throws Erased
 */
export async function sealed(body: object, sealer: Sealer, caseId: Uuid, commandId: Uuid): Promise<object> {
  const held = holdersIn(body, sealer, caseId, commandId);
  const closed = await closedIn(body, held, sealer, streamOf(caseId));
  await sealer.note(
    held.flatMap(({ kind, text, holder }) => (isIndexKind(kind) ? [{ kind, text, holder, caseId }] : [])),
  );
  return closed;
}

/**
 * The body with its personal texts sealed for another stream than a case's. Nothing is noted of them: nobody who looks
 * for a person is led there.
 */
export function sealedApart(body: object, sealer: Sealer, stream: string, commandId: Uuid): Promise<object> {
  return closedIn(body, holdersIn(body, sealer, stream, commandId), sealer, stream);
}

type Held = PersonalText & { holder: Uuid };

function holdersIn(body: object, sealer: Sealer, of: string, commandId: Uuid): Held[] {
  const found: Held[] = [];
  exchanged(body, (one) => {
    const place = one.kind === 'text' ? ['text', one.path] : ['person', one.part];
    found.push({ ...one, holder: sealer.holderAt(of, commandId, ...place) });
  });
  return found;
}

async function closedIn(
  body: object,
  found: readonly Held[],
  sealer: Sealer,
  stream: string,
): Promise<object> {
  const texts = new Map<string, Sealed>();
  const seal = async ({ path, kind, text, holder }: Held): Promise<void> => {
    texts.set(path, await sealer.seal(holder, text, { stream, field: path }, kind));
  };
  // The first text of a holder makes the key; for the others it is known then.
  const holders = [...new Set(found.map(({ holder }) => holder))];
  await Promise.all(
    holders.map(async (holder) => {
      const [first, ...others] = found.filter((one) => one.holder === holder);
      if (first) await seal(first);
      await Promise.all(others.map(seal));
    }),
  );
  return exchanged(body, ({ path }) => texts.get(path));
}
