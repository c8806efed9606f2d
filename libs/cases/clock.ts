/** The time. Decisions get it as a fact; nothing else in this room asks for it. */
export class Clock {
  #ahead = 0;
  #moved: (() => void)[] = [];

  /** @param movable in a demo and in tests only */
  constructor(readonly movable = false) {}

  /** ISO 8601 UTC, milliseconds. */
  now(): string {
    return new Date(Date.now() + this.#ahead).toISOString();
  }

  /** Whether the time is not the real one. */
  get simulated(): boolean {
    return this.#ahead !== 0;
  }

  /** Goes to an instant and on from there; never back. @returns whether it did */
  moveTo(instant: string): boolean {
    if (!this.movable || instant <= this.now()) return false;
    this.#ahead = Date.parse(instant) - Date.now();
    for (const tell of this.#moved) tell();
    return true;
  }

  onMoved(tell: () => void): void {
    this.#moved.push(tell);
  }
}
