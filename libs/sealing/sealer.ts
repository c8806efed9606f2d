import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  type Algorithm,
  ALGORITHMS,
  type IndexKind,
  type PersonalKind,
  type Sealed,
} from '../contracts/sealing.js';
import { isUuid, type Uuid } from '../contracts/values.js';
import { BlindIndex } from './blind-index.js';
import { NotGenuine } from './errors.js';
import { type Erasure, type Keys, type Note } from './keys.js';
import { type MasterKey } from './master-key.js';
import { assertSupported, SUITES } from './suites.js';

/** Where a sealed text stands. It opens nowhere else. */
export interface Context {
  /** The stream of its event, such as `case-…`. */
  stream: string;
  /** The field's path in the event's data, such as `petitioner.name`. */
  field: string;
}

interface Known {
  version: number;
  key: KeyObject;
  /** Milliseconds of the clock. */
  until: number;
}

/** So long at most does another process read what was erased here. */
const REMEMBERED_MS = 60_000;
const REMEMBERED_KEYS = 1000;
const LARGEST_VERSION = 2 ** 31 - 1;
const HALF_CHARACTER = /\p{Cs}/u;

/** Seals personal data under a key per holder, and opens it again as long as that key exists. */
export class Sealer {
  readonly index: BlindIndex;
  readonly #holders: KeyObject;
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED_KEYS });
  #erasures = 0;

  /**
   * @param now milliseconds of a clock that never goes back
   * @throws Unusable where this machine cannot do `alg`
   */
  constructor(
    private readonly keys: Keys,
    private readonly master: MasterKey,
    readonly alg: Algorithm = 'AES-256-GCM',
    private readonly now: () => number = () => performance.now(),
  ) {
    assertSupported(alg);
    this.index = new BlindIndex(master);
    this.#holders = master.derive('holder');
  }

  /** A key for another purpose than sealing, derived from the same one. */
  keyFor(purpose: string): KeyObject {
    return this.master.derive(purpose);
  }

  /** @throws Unusable where the keys that are there were wrapped by another master key */
  async tryMaster(): Promise<void> {
    const key = await this.keys.any();
    if (key) this.master.unwrap(key);
  }

  /** The holder of what stands at a place: always the same, and telling nothing of the place. A UUID of version 8. */
  holderAt(...place: readonly string[]): Uuid {
    const bytes = createHmac('sha256', this.#holders).update(JSON.stringify(place)).digest();
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  /**
   * Makes the holder's key where there is none yet.
   * @throws Erased
   */
  async seal(
    holder: Uuid,
    content: string | Uint8Array,
    context: Context,
    kind?: PersonalKind,
  ): Promise<Sealed> {
    // A name given in the holder's place must not get as far as a database's error message.
    if (!isUuid(holder)) throw new TypeError('the holder is not a UUID in lower case');
    if (typeof content === 'string' && HALF_CHARACTER.test(content)) {
      throw new TypeError('the text has half a character and would not come back as it was');
    }
    const { key, version } = await this.#newest(holder);
    const head = { holder, alg: this.alg, key: version, ...(kind !== undefined && { kind }) };
    const suite = SUITES[this.alg];
    const box = suite.close(key, randomBytes(suite.ivBytes), Buffer.from(content), bound(head, context));
    return { ...head, iv: written(box.iv), text: written(box.text), tag: written(box.tag) };
  }

  /**
   * @throws Erased
   * @throws NotGenuine where anything was changed, or the text stands in another place than it was sealed for
   */
  async open(sealed: Sealed, context: Context): Promise<Buffer> {
    const { holder, alg, key: version } = sealed;
    const sound = Number.isInteger(version) && version > 0 && version <= LARGEST_VERSION;
    if (!ALGORITHMS.includes(alg) || !isUuid(holder) || !sound) throw new NotGenuine();
    assertSupported(alg);
    const suite = SUITES[alg];
    const box = { iv: bytes(sealed.iv), text: bytes(sealed.text), tag: bytes(sealed.tag) };
    if (box.iv.length !== suite.ivBytes || box.tag.length !== suite.tagBytes) throw new NotGenuine();
    const { key } = await this.#version(holder, version);
    const clear = suite.open(key, box, bound(sealed, context));
    if (!clear) throw new NotGenuine();
    return clear;
  }

  /** As `open`, of what was sealed as a text. */
  async openText(sealed: Sealed, context: Context): Promise<string> {
    return (await this.open(sealed, context)).toString('utf8');
  }

  /** Lets holders be found by exactly these texts, each in its case. A text without an index is passed over. */
  async note(texts: readonly (Omit<Note, 'index'> & { text: string })[]): Promise<void> {
    const notes = texts.flatMap(({ text, ...note }) => {
      const index = this.index.of(note.kind, text);
      return index === undefined ? [] : [{ ...note, index }];
    });
    if (notes.length > 0) await this.keys.note(notes);
  }

  /** The cases in which somebody is named exactly so, however it is written. */
  async find(kind: IndexKind, text: string): Promise<Uuid[]> {
    const index = this.index.of(kind, text);
    if (index === undefined) return [];
    const found = await this.keys.find(kind, index);
    return [...new Set(found.flatMap(({ holder, caseId }) => (caseId === holder ? [] : [caseId])))];
  }

  /**
   * Makes a text mean this holder, who has a key, unless it means another already. It does until the holder is erased.
   * @returns whom it means; nobody where nothing is left of the text that could be compared
   */
  async claim(kind: IndexKind, text: string, holder: Uuid): Promise<Uuid | undefined> {
    const index = this.index.of(kind, text);
    if (index === undefined) return undefined;
    await this.keys.note([{ kind, index, holder, caseId: holder }]);
    return this.meant(kind, text);
  }

  /** Whom a text means. */
  async meant(kind: IndexKind, text: string): Promise<Uuid | undefined> {
    const index = this.index.of(kind, text);
    const found = index === undefined ? [] : await this.keys.find(kind, index);
    return found.find((one) => one.caseId === one.holder)?.holder;
  }

  /** Unreadable at once here, in other processes once they have forgotten the key. */
  async erase(holder: Uuid): Promise<Erasure> {
    if (!isUuid(holder)) throw new TypeError('the holder is not a UUID in lower case');
    const erasure = await this.keys.erase(holder);
    this.#erasures += 1;
    for (const place of this.#known.keys()) if (place.startsWith(holder)) this.#known.delete(place);
    return erasure;
  }

  #newest(holder: Uuid): Promise<Known> {
    return this.#remembered(
      `${holder}/newest`,
      async () => (await this.keys.get(holder)) ?? this.keys.create(this.master.newKey(holder, 1)),
    );
  }

  #version(holder: Uuid, version: number): Promise<Known> {
    return this.#remembered(`${holder}/${version}`, () => this.keys.get(holder, version));
  }

  async #remembered(place: string, ask: () => ReturnType<Keys['get']>): Promise<Known> {
    const now = this.now();
    const known = this.#known.get(place);
    if (known && now < known.until) return known;
    const erasures = this.#erasures;
    const wrapped = await ask();
    if (!wrapped) throw new NotGenuine();
    const fresh = { version: wrapped.version, key: this.master.unwrap(wrapped), until: now + REMEMBERED_MS };
    // An erasure may have come while the answer was under way. One of another process is not heard of: for its sake the
    // time runs from the question.
    if (erasures === this.#erasures) this.#known.set(place, fresh);
    return fresh;
  }
}

type Head = Pick<Sealed, 'holder' | 'alg' | 'key' | 'kind'>;

/** An array in JSON: no two places are written alike. */
function bound({ holder, alg, key, kind }: Head, { stream, field }: Context): Buffer {
  return Buffer.from(JSON.stringify(['sealed', alg, holder, key, kind ?? null, stream, placeOf(field)]));
}

/** Of a list, which element it stands in is not part of its place: a long list may be written as several events. */
const placeOf = (field: string): string => field.replace(/\.\d+(?=\.|$)/g, '');

function written(some: Uint8Array): string {
  return Buffer.from(some).toString('base64url');
}

/** Only as `written` writes them: otherwise the last character of a text could be changed unseen. */
function bytes(text: unknown): Buffer {
  const read = typeof text === 'string' ? Buffer.from(text, 'base64url') : undefined;
  if (!read || read.toString('base64url') !== text) throw new NotGenuine();
  return read;
}
