import { applyDecorators } from './decorators.js';
import { IsFilled, type Uuid } from './values.js';

/** How a personal text may be sealed. The names stand in events and keep their meaning for good. */
export const ALGORITHMS = ['AES-256-GCM', 'SM4-CTR-HMAC-SM3'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** A personal text as it stands in an event: readable as long as its holder has a key. Bytes are base64url, unpadded. */
export interface Sealed {
  /** Whose key it is: a person, a free text or a file, each of which can be erased by itself. */
  holder: Uuid;
  alg: Algorithm;
  /** The version of the holder's key, from 1. */
  key: number;
  iv: string;
  text: string;
  tag: string;
  /** The blind index, by which exactly this text is found: 32 bytes. */
  index?: string;
}

/** What a personal text is: how it is masked and, but for free texts, found again. */
export type PersonalKind = 'name' | 'phone' | 'identity-number' | 'address' | 'text';

const personal = new Map<object, Map<string, PersonalKind>>();

/**
 * A personal text of at most so many characters. It comes as a text and is sealed before anything is decided: rows and
 * events know it as Sealed only.
 */
export const IsPersonal = (kind: PersonalKind, longest: number): PropertyDecorator =>
  applyDecorators(IsFilled(longest), (target, property) => {
    const fields = personal.get(target.constructor) ?? new Map<string, PersonalKind>();
    personal.set(target.constructor, fields.set(String(property), kind));
  });

/** The personal fields of a class and of those it extends, by name. */
export function personalFields(of: object): ReadonlyMap<string, PersonalKind> {
  const base = Object.getPrototypeOf(of) as object | null;
  return new Map([...(base === null ? [] : personalFields(base)), ...(personal.get(of) ?? [])]);
}
