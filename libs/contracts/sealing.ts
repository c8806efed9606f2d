import { applyDecorators, FieldFacts } from './decorators.js';
import { isUuid, IsFilled, partsOf, type Uuid } from './values.js';

/** How a personal text may be sealed. The names stand in events and keep their meaning for good. */
export const ALGORITHMS = ['AES-256-GCM', 'SM4-CTR-HMAC-SM3'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What a personal text is: how it is masked and, but for addresses and free texts, found again. */
export type PersonalKind = 'name' | 'phone' | 'identity-number' | 'address' | 'text';

export const INDEX_KINDS = ['name', 'phone', 'identity-number'] as const satisfies PersonalKind[];
/** What is found again by exactly its text. */
export type IndexKind = (typeof INDEX_KINDS)[number];

export const isIndexKind = (kind: string | undefined): kind is IndexKind =>
  (INDEX_KINDS as readonly (string | undefined)[]).includes(kind);

/** A personal text as it stands in an event: readable as long as its holder has a key. Bytes are base64url, unpadded. */
export interface Sealed {
  /** Whose key it is: a person, a free text or a file, each of which can be erased by itself. */
  holder: Uuid;
  alg: Algorithm;
  /** The version of the holder's key, from 1. */
  key: number;
  /** No secret: it says how the text is masked. */
  kind?: PersonalKind;
  iv: string;
  text: string;
  tag: string;
}

/** Whether a value of an event is a sealed text. */
export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null) return false;
  const { holder, alg, key, iv, text, tag } = value as Partial<Record<keyof Sealed, unknown>>;
  const texts = [iv, text, tag].every((part) => typeof part === 'string');
  return texts && isUuid(holder) && typeof alg === 'string' && typeof key === 'number';
}

/**
 * Whoever is sealed in the data of events: texts, and files with people in them, each of whose key seals it.
 * @param found those of before; whoever is found is added to them
 * @returns undefined: nobody, and none were given
 */
export function holdersIn(value: unknown, found: Set<Uuid>): Set<Uuid>;
export function holdersIn(value: unknown, found?: Set<Uuid>): Set<Uuid> | undefined;
export function holdersIn(value: unknown, found?: Set<Uuid>): Set<Uuid> | undefined {
  if (typeof value !== 'object' || value === null) return found;
  if (Array.isArray(value)) {
    for (const part of value) found = holdersIn(part, found);
    return found;
  }
  const { holder, receipt } = value as { holder?: unknown; receipt?: unknown };
  if (isUuid(holder) && (isSealed(value) || isUuid(receipt))) found = (found ?? new Set()).add(holder);
  // An event is looked through whenever it is folded: no list of its fields is made for that.
  for (const name in value) found = holdersIn(value[name as never], found);
  return found;
}

const personal = new FieldFacts<PersonalKind>();

/**
 * A personal text of at most so many characters. It comes as a text and is sealed before anything is decided: rows and
 * events know it as Sealed only. The event that a row decides holds it under the same path as the command does, such as
 * `petitioner.name`, or it could never be read again. What stands in one part, but for free texts, is one person's and
 * is erased together: another person is another part.
 */
export const IsPersonal = (kind: PersonalKind, longest: number): PropertyDecorator =>
  applyDecorators(IsFilled(longest), personal.note(kind));

/** The personal fields of a class, by name. */
export const personalFields = (of: object): ReadonlyMap<string, PersonalKind> => personal.of(of);

const known = new Map<object, boolean>();

/** Whether the class, or a part that it has, has personal fields. */
export function isPersonal(of: object): boolean {
  const found = known.get(of);
  if (found !== undefined) return found;
  // A class that comes back to itself has what its other fields have.
  known.set(of, false);
  const has = personalFields(of).size > 0 || [...partsOf(of).values()].some((part) => isPersonal(part()));
  known.set(of, has);
  return has;
}
