import { type DomainEvent } from '../../eventing/event.js';
import { type Progress, type Projection, project } from '../../eventing/project.js';
import { type Feed, type Page, type Position } from '../../eventing/store.js';
import { headlong, type Pace } from '../../platform/pace.js';
import { type Sql, type Tx } from '../../platform/sql.js';

/** How far rows have come in the log. */
export interface Place {
  /** null: wherever the event of this ordinal stands. */
  position: Position | null;
  ordinal: number;
}

export async function placeOf(sql: Sql | Tx, schema: string): Promise<Place> {
  const [found] = await sql<Place[]>`select position, ordinal from ${sql(schema)}.checkpoint`;
  if (!found) throw new Error(`${schema} has no checkpoint`);
  return found;
}

/** The log has less to tell than the rows have heard. */
export class LogEnds extends Error {
  constructor(reached: number, upTo: number) {
    super(`the log ends at ordinal ${reached}, the ledger has seen ${upTo}`);
    this.name = 'LogEnds';
  }
}

/** A log that tells nothing for this long has told all, in milliseconds. */
const SILENCE_MS = 10_000;

/**
 * Makes the rows of a projection from the log up to exactly a place, at which others stand, and no event further: so both
 * can be compared, and one can take the place of the other.
 * @throws LogEnds, and whatever `project` throws
 */
export async function bringTo<R extends { revision: number }, E extends DomainEvent, N>(
  projection: Projection<R, E, N>,
  feed: Feed,
  sql: Sql,
  to: Place,
  told: (progress: Progress) => void = () => undefined,
  pace: Pace = headlong,
): Promise<void> {
  const { ordinal } = await placeOf(sql, projection.schema);
  if (ordinal >= to.ordinal) return;
  const bounded: Feed = { follow: (...given) => upTo(feed, given, to, ordinal, pace) };
  await project(projection, bounded, sql, new AbortController().signal, told);
}

async function* upTo(
  feed: Feed,
  [after, signal, streams]: Parameters<Feed['follow']>,
  { position, ordinal }: Place,
  from: number,
  pace: Pace,
): AsyncGenerator<Page> {
  const silent = new AbortController();
  const heard = feed.follow(after, AbortSignal.any([signal, silent.signal]), streams);
  const pages = heard[Symbol.asyncIterator]();
  let reached = from;
  let used = process.cpuUsage();
  try {
    while (reached < ordinal && !signal.aborted) {
      const timer = setTimeout(() => {
        silent.abort();
      }, SILENCE_MS);
      const read = await pages.next();
      clearTimeout(timer);
      if (read.done === true) throw new LogEnds(reached, ordinal);
      const page = read.value;
      const events = page.events.slice(0, ordinal - reached);
      reached += events.length;
      // What was given is dealt with while the next is on its way: only the processor's time tells how long that took.
      const { user, system } = process.cpuUsage(used);
      used = process.cpuUsage();
      await pace((user + system) / 1000);
      yield reached < ordinal ? page : { events, next: position ?? page.next, more: false };
    }
  } finally {
    silent.abort();
    await pages.return?.();
  }
}
