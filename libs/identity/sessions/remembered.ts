import { LRUCache } from 'lru-cache';
import { type Bell } from '../../platform/session.js';

/** What a missed ring could leave standing, it leaves for so long at most. */
const KNOWN_MS = 30_000;

/** What was found lately, forgotten when the bell rings: with the key as its word that one, else everything. */
export class Remembered<T extends object> {
  readonly #known = new LRUCache<string, T>({ max: 20_000, ttl: KNOWN_MS });
  #rings = 0;

  constructor(private readonly bell: Bell) {
    bell.on('ring', (word = '') => {
      this.#rings += 1;
      if (word === '') this.#known.clear();
      else this.#known.delete(String(word));
    });
  }

  /** What is not there is not remembered. */
  async get(key: string, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    await this.bell.listen();
    const known = this.#known.get(key);
    if (known) return known;
    const rings = this.#rings;
    const found = await ask();
    // It may have been withdrawn while the answer was under way.
    if (found && rings === this.#rings) this.#known.set(key, found);
    return found;
  }
}
