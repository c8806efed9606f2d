import { createHash } from 'node:crypto';

/** Numbers that look like chance and are the same for the same text, on every machine. */
export class Chance {
  #drawn = 0;

  constructor(private readonly text: string) {}

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    const hash = createHash('sha256').update(`${this.text}/${this.#drawn++}`).digest();
    return hash.readUIntBE(0, 6) % below;
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  of<T>(list: readonly T[]): T {
    const one = list[this.below(list.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  }

  /** True in so many of a hundred. */
  in100(percent: number): boolean {
    return this.below(100) < percent;
  }
}
