/** The time. Decisions get it as a fact; nothing else in this room asks for it. */
export class Clock {
  /** ISO 8601 UTC, milliseconds. */
  now(): string {
    return new Date().toISOString();
  }
}
