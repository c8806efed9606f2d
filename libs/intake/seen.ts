const SLOT = 3;
const FULLEST = 0.75;

/**
 * Which rows were there already, by 64 bits of their identity: an open-addressed table of twelve bytes a slot, so 16 to
 * 32 MB per million rows (48 while it grows). Two different rows of a million are taken for one with a probability of
 * 3 in 100 million; such a row would be listed as refused, not lost.
 */
export class Seen {
  private slots: Uint32Array;
  private count = 0;

  /** @param capacity slots at first, a power of two */
  constructor(capacity = 1024) {
    this.slots = new Uint32Array(capacity * SLOT);
  }

  /**
   * @param id hexadecimal, of which the first and last eight digits are as good as random
   * @param row from 1
   * @returns the row that had this id before, or nothing: then it is remembered with this row
   */
  earlier(id: string, row: number): number | undefined {
    if ((this.count + 1) * SLOT > this.slots.length * FULLEST) this.grow();
    const high = Number.parseInt(id.slice(0, 8), 16);
    const low = Number.parseInt(id.slice(-8), 16);
    const at = this.find(high, low);
    const before = this.slots[at + 2];
    if (before) return before;
    this.slots.set([high, low, row], at);
    this.count++;
    return undefined;
  }

  /** Where it stands, or may stand. */
  private find(high: number, low: number): number {
    const slots = this.slots;
    let at = (low % (slots.length / SLOT)) * SLOT;
    while (slots[at + 2] !== 0 && (slots[at] !== high || slots[at + 1] !== low))
      at = (at + SLOT) % slots.length;
    return at;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += SLOT) {
      const [high = 0, low = 0, row = 0] = old.subarray(at, at + SLOT);
      if (row !== 0) this.slots.set([high, low, row], this.find(high, low));
    }
  }
}
