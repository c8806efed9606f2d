import { hash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';
import { Refusal } from '../contracts/refusal.js';
import { type NewEvent, type StoredEvent } from './event.js';

/** An event is at most this long, data and meta together, in bytes of UTF-8. */
export const MAX_EVENT_BYTES = 64 * 1024;

/** What cannot stand in an event, whichever engine keeps it. */
export class NotStorable extends Refusal {
  constructor(reason: string) {
    super('input/invalid', {
      errors: [{ field: '', rule: 'storable', message: `This cannot be stored: ${reason}.` }],
    });
    this.name = 'NotStorable';
  }
}

// Sorted by code units, numbers and texts as ECMAScript writes them: that is RFC 8785. Twice as fast as `canonicalize`,
// which the spec holds it against.
const stringify = configure({ strict: true });

/**
 * RFC 8785 (JCS) text of a JSON value; properties that are undefined are left out.
 * @throws NotStorable
 */
export function canonical(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) throw new NotStorable('it is not a JSON value');
  return text;
}

function textOf(value: unknown): string | undefined {
  try {
    return stringify(value);
  } catch {
    return undefined;
  }
}

/** Hex SHA-256 of the canonical JSON. */
export function hashOf(value: unknown): string {
  return hash('sha256', canonical(value));
}

// An escape in JSON text is real only behind an even number of backslashes.
const ESCAPED = String.raw`(?<!\\)(?:\\\\)*\\u`;
const NUL = new RegExp(`${ESCAPED}0000`);
const LONE_SURROGATE = new RegExp(`${ESCAPED}d[89a-f]`);

/**
 * Canonical JSON of what may stand in an event: no NUL and no lone surrogates (PostgreSQL and UTF-8 know neither),
 * numbers that are safe integers.
 * @throws NotStorable
 */
export function storable(value: object): string {
  assertIntegers(value);
  const text = canonical(value);
  if (text.includes('\\u')) {
    if (NUL.test(text)) throw new NotStorable('a text has a NUL character');
    if (LONE_SURROGATE.test(text)) throw new NotStorable('a text has half a character (a lone surrogate)');
  }
  return text;
}

function assertIntegers(value: unknown): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new NotStorable('a number is not a safe integer');
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) assertIntegers(part);
  }
}

/** @throws NotStorable when the event is too long */
export function assertSize(event: NewEvent): void {
  const bytes = Buffer.byteLength(event.data) + Buffer.byteLength(event.meta);
  if (bytes > MAX_EVENT_BYTES)
    throw new NotStorable(`${event.type} has ${bytes} bytes, ${MAX_EVENT_BYTES} are allowed`);
}

/**
 * The leaf of an event in hex: SHA-256(0x00 ‖ RFC 8785 JSON of { id, type, stream, revision, data, meta }).
 * Both texts are canonical already, and sorted keys put data first: so the whole is put together, not parsed.
 */
export function leafHash(event: StoredEvent): string {
  const { id, stream, type } = event;
  return hash(
    'sha256',
    `\0{"data":${event.data},"id":${JSON.stringify(id)},"meta":${event.meta},"revision":${event.revision},` +
      `"stream":${JSON.stringify(stream)},"type":${JSON.stringify(type)}}`,
  );
}
