import { randomInt, randomUUID } from 'node:crypto';
import { PostgresLog } from '../../../libs/adapters/postgres-log/postgres-log.js';
import { type NewEvent } from '../../../libs/eventing/event.js';
import { Conflict } from '../../../libs/eventing/store.js';
import { codeOf } from '../../../libs/platform/fault.js';
import { type Appending, type AppendingDone } from './appending.js';

/** Streams that every appender of every process writes. */
const SHARED = 4;
const OWN = 20;
/** Of so many appends one goes to a stream of everybody's, and one says a revision that is past. */
const EVERY = 12;
const MOST_EVENTS = 9;
/** After so many faults there is nothing more to learn. */
const MOST_FAULTS = 100;

/** A process of a test: appends as told by its first message, answers what it did, and ends. */
process.once('message', (asked: Appending) => {
  void appendAll(asked).then((done) => {
    process.send?.(done, () => {
      process.disconnect();
    });
  });
});

async function appendAll({ address, name, appenders, events }: Appending): Promise<AppendingDone> {
  const log = new PostgresLog(address);
  const done: AppendingDone = { events: 0, conflicts: 0, faults: {} };
  const all = Array.from({ length: appenders }, (_, n) =>
    new Appender(log, `own-${name}-${n}`, done).until(events),
  );
  await Promise.all(all);
  await log.close();
  return done;
}

class Appender {
  readonly #heads = new Map<string, number>();
  #written = 0;

  constructor(
    private readonly log: PostgresLog,
    private readonly name: string,
    private readonly done: AppendingDone,
  ) {}

  async until(events: number): Promise<void> {
    while (this.#written < events && this.#faults() <= MOST_FAULTS) await this.#append();
  }

  async #append(): Promise<void> {
    const shared = randomInt(EVERY) === 0;
    const stream = shared ? `shared-${randomInt(SHARED)}` : `${this.name}-${randomInt(OWN)}`;
    const head = this.#heads.get(stream) ?? -1;
    const past = head >= 0 && randomInt(EVERY) === 0;
    const events = Array.from({ length: randomInt(1, MOST_EVENTS + 1) }, (_, n) => this.#event(n));
    try {
      const { revision } = await this.log.append(stream, past ? head - 1 : head, events);
      if (past) this.#fault('an append at a revision that is past was taken');
      this.#heads.set(stream, revision);
      this.#written += events.length;
      this.done.events += events.length;
    } catch (error) {
      if (!(error instanceof Conflict)) this.#fault(`${(error as Error).name} ${codeOf(error)}`.trim());
      else if (!past && !shared) this.#fault('an append to a stream of its own lost');
      else this.done.conflicts++;
      if (!past) await this.#look(stream, head);
    }
  }

  async #look(stream: string, head: number): Promise<void> {
    const after = await this.log.read(stream, head + 1, 1000);
    this.#heads.set(stream, after.at(-1)?.revision ?? head);
  }

  #event(n: number): NewEvent {
    const data = JSON.stringify({ by: this.name, n, text: '整改通知'.repeat(randomInt(8)) });
    return { id: randomUUID(), type: 'Noted', data, meta: '{"of":"a test"}' };
  }

  #faults(): number {
    return Object.values(this.done.faults).reduce((sum, n) => sum + n, 0);
  }

  #fault(what: string): void {
    this.done.faults[what] = (this.done.faults[what] ?? 0) + 1;
  }
}
