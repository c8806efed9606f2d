import { Erased } from '../../libs/sealing/errors.js';
import { type Erasure, type Keys, type Note, type WrappedKey } from '../../libs/sealing/keys.js';

/** Keys in memory, for specs of what uses them. */
export class MemoryKeys implements Keys {
  readonly #keys = new Map<string, WrappedKey[]>();
  readonly #erased = new Map<string, Erasure>();
  readonly #notes = new Map<string, Note>();

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

  any(): Promise<WrappedKey | undefined> {
    return Promise.resolve([...this.#keys.values()][0]?.[0]);
  }

  note(notes: readonly Note[]): Promise<void> {
    for (const note of notes)
      if (this.#keys.has(note.holder) && !this.#isAnothers(note))
        this.#notes.set(Object.values(note).join(), note);
    return Promise.resolve();
  }

  find(kind: string, index: string): Promise<Pick<Note, 'holder' | 'caseId'>[]> {
    const found = [...this.#notes.values()].filter((note) => note.kind === kind && note.index === index);
    return Promise.resolve(found.map(({ holder, caseId }) => ({ holder, caseId })));
  }

  erase(holder: string): Promise<Erasure> {
    const erasure = this.#erased.get(holder) ?? { holder, erasedAt: new Date().toISOString() };
    this.#erased.set(holder, erasure);
    this.#destroy(holder);
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
      this.#destroy(erasure.holder);
    }
    return Promise.resolve(back);
  }

  #isAnothers({ kind, index, holder, caseId }: Note): boolean {
    const meant = [...this.#notes.values()].some(
      (one) => one.kind === kind && one.index === index && one.caseId === one.holder,
    );
    return caseId === holder && meant;
  }

  #destroy(holder: string): void {
    this.#keys.delete(holder);
    for (const [place, note] of this.#notes) if (note.holder === holder) this.#notes.delete(place);
  }
}

function place({ erasedAt, holder }: Erasure): string {
  return `${erasedAt} ${holder}`;
}
