import { Erased } from '../../libs/sealing/errors.js';
import { type Erasure, type Keys, type WrappedKey } from '../../libs/sealing/keys.js';

/** Keys in memory, for specs of what uses them. */
export class MemoryKeys implements Keys {
  readonly #keys = new Map<string, WrappedKey[]>();
  readonly #erased = new Map<string, Erasure>();

  get(holder: string, version?: number): Promise<WrappedKey | undefined> {
    if (this.#erased.has(holder)) return Promise.reject(new Erased(holder));
    const keys = this.#keys.get(holder) ?? [];
    return Promise.resolve(keys.findLast((key) => version === undefined || key.version === version));
  }

  create(key: WrappedKey): Promise<WrappedKey> {
    const { holder, version } = key;
    if (this.#erased.has(holder)) return Promise.reject(new Erased(holder));
    const keys = this.#keys.get(holder) ?? [];
    const standing = keys.find((one) => one.version === version);
    if (standing) return Promise.resolve(standing);
    this.#keys.set(
      holder,
      [...keys, key].sort((one, other) => one.version - other.version),
    );
    return Promise.resolve(key);
  }

  erase(holder: string): Promise<Erasure> {
    const erasure = this.#erased.get(holder) ?? { holder, erasedAt: new Date().toISOString() };
    this.#erased.set(holder, erasure);
    this.#keys.delete(holder);
    return Promise.resolve(erasure);
  }

  erasures(since = ''): Promise<Erasure[]> {
    const all = [...this.#erased.values()].sort((one, other) => (place(one) < place(other) ? -1 : 1));
    return Promise.resolve(all.filter(({ erasedAt }) => erasedAt >= since));
  }

  reapply(erasures: readonly Erasure[]): Promise<number> {
    let back = 0;
    for (const erasure of erasures) {
      if (!this.#erased.has(erasure.holder)) this.#erased.set(erasure.holder, erasure);
      back += this.#keys.get(erasure.holder)?.length ?? 0;
      this.#keys.delete(erasure.holder);
    }
    return Promise.resolve(back);
  }
}

function place({ erasedAt, holder }: Erasure): string {
  return `${erasedAt} ${holder}`;
}
