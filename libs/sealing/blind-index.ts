import { createHmac, type KeyObject } from 'node:crypto';
import { type IndexKind, isIndexKind, type PersonalKind } from '../contracts/sealing.js';
import { type MasterKey } from './master-key.js';

/**
 * How a text is written before it is hashed. Indexes are kept: changed here, what was sealed before would not be found
 * again.
 */
const NORMAL: Record<IndexKind, (text: string) => string> = {
  // There is no case folding in JavaScript; upper and then lower comes to the same for the letters of names.
  name: (text) => text.normalize('NFKC').trim().toUpperCase().toLowerCase().normalize('NFKC'),
  phone: (text) => text.normalize('NFKC').replace(/[^0-9]/g, ''),
  'identity-number': (text) =>
    text
      .normalize('NFKC')
      .replace(/[^\p{L}\p{N}]/gu, '')
      .toUpperCase(),
};

/** Finds exactly equal texts without knowing them: HMAC-SHA-256, with a key for each kind. */
export class BlindIndex {
  readonly #keys: Record<IndexKind, KeyObject>;
  readonly #other: KeyObject;

  constructor(master: MasterKey) {
    this.#keys = {
      name: master.derive('index/name'),
      phone: master.derive('index/phone'),
      'identity-number': master.derive('index/identity-number'),
    };
    this.#other = master.derive('index/text');
  }

  /** @returns base64url; nothing where nothing is left to be found, which would make all such texts equal */
  of(kind: IndexKind, text: string): string | undefined {
    const normal = NORMAL[kind](text);
    if (normal === '') return undefined;
    return createHmac('sha256', this.#keys[kind]).update(normal).digest('base64url');
  }

  /**
   * Stands for a personal text of any kind where only whether it is the same matters: the blind index where it has one,
   * else that of the very text under a key of its own.
   * @returns base64url
   */
  standIn(kind: PersonalKind, text: string): string {
    const index = isIndexKind(kind) ? this.of(kind, text) : undefined;
    return (
      index ??
      createHmac('sha256', this.#other)
        .update(JSON.stringify([kind, text]))
        .digest('base64url')
    );
  }
}
