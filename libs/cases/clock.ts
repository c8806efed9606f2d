import { type Sql } from '../platform/sql.js';

/** How far the time of a demo was moved, in milliseconds, kept so that it goes on there after a restart. */
interface Kept {
  ahead: number;
  keep: (ahead: number) => Promise<unknown>;
}

/** The time. Decisions get it as a fact; nothing else in this room asks for it. */
export class Clock {
  #ahead: number;
  #moved: (() => void)[] = [];
  #last = { ms: NaN, text: '' };

  /** @param kept of a time that can be moved: in a demo and in tests only */
  constructor(private readonly kept?: Kept) {
    this.#ahead = kept?.ahead ?? 0;
  }

  static async migrate(sql: Sql): Promise<void> {
    await sql`create table if not exists cases.clock (one boolean primary key check (one), ahead bigint not null)`;
  }

  /** The clock of this deployment. @param movable in a demo: elsewhere nothing is kept, and the time is the real one */
  static async open(sql: Sql, movable: boolean): Promise<Clock> {
    if (!movable) return new Clock();
    const [row] = await sql<{ ahead: number }[]>`select ahead from cases.clock`;
    const keep = (ahead: number): Promise<unknown> =>
      sql`insert into cases.clock (one, ahead) values (true, ${ahead})
        on conflict (one) do update set ahead = greatest(clock.ahead, excluded.ahead)`.execute();
    return new Clock({ ahead: row?.ahead ?? 0, keep });
  }

  get movable(): boolean {
    return this.kept !== undefined;
  }

  /** ISO 8601 UTC, milliseconds. */
  now(): string {
    const ms = Date.now() + this.#ahead;
    // Asked several times by every command, of which there are several in a millisecond.
    if (ms !== this.#last.ms) this.#last = { ms, text: new Date(ms).toISOString() };
    return this.#last.text;
  }

  /** Whether the time is not the real one. */
  get simulated(): boolean {
    return this.#ahead !== 0;
  }

  /** Goes to an instant and on from there; never back. @returns whether it did */
  async moveTo(instant: string): Promise<boolean> {
    if (!this.kept || instant <= this.now()) return false;
    const ahead = Date.parse(instant) - Date.now();
    await this.kept.keep(ahead);
    // Somebody else may have moved it further meanwhile.
    this.#ahead = Math.max(this.#ahead, ahead);
    for (const tell of this.#moved) tell();
    return true;
  }

  onMoved(tell: () => void): void {
    this.#moved.push(tell);
  }
}
