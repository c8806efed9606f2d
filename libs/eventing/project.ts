import { LRUCache } from 'lru-cache';
import { type Sql, type Tx } from '../platform/sql.js';
import { type Decode } from './decode.js';
import { type DomainEvent, type Recorded, type StoredEvent } from './event.js';
import { type Feed, type Page, type Position } from './store.js';

/** An event and its place in the log, counted from 1. */
export interface Ordered {
  ordinal: number;
  stored: StoredEvent;
}

/** Rows made from streams, one row a stream, kept in a schema of its own. */
export interface Projection<R extends { revision: number }, E extends DomainEvent> {
  /** The schema of this version of the rows; its checkpoint and its halted streams stand in it too. */
  schema: string;
  decode: Decode<E>;
  /** Whether it makes rows of this stream. */
  wants: (stream: string) => boolean;
  load: (sql: Sql, streams: string[]) => Promise<Map<string, R>>;
  /** Pure. Called with revisions in order, each once. */
  fold: (row: R | undefined, recorded: Recorded<E>, ordinal: number) => R;
  save: (tx: Tx, rows: R[]) => Promise<void>;
  /** What else is written of every event, in the same transaction. */
  beside?: (tx: Tx, events: readonly Ordered[]) => Promise<void>;
}

/** Where a projection stands; told after every commit. */
export interface Progress {
  ordinal: number;
  /** Whether all that was there has been dealt with. */
  caughtUp: boolean;
  halted: number;
  rows: readonly { stream: string; revision: number }[];
}

/** A revision is missing: the feed lost something, and whoever follows must stop. */
export class Gap extends Error {
  constructor(stream: string, expected: number, found: number) {
    super(`${stream}: revision ${expected} is missing, ${found} is there`);
    this.name = 'Gap';
  }
}

/** Another worker has moved the checkpoint. */
export class Superseded extends Error {
  constructor(schema: string) {
    super(`another worker writes ${schema}`);
    this.name = 'Superseded';
  }
}

/** At most this many events are folded into one transaction. */
const BATCH = 50_000;
/** Rows kept in memory between batches. */
const KEPT = 50_000;

/** Creates the checkpoint and the list of halted streams of a schema that is there. */
export async function prepare(sql: Sql | Tx, schema: string): Promise<void> {
  await sql`create table if not exists ${sql(schema)}.checkpoint (
    one boolean primary key default true check (one), position text, ordinal bigint not null)`;
  await sql`insert into ${sql(schema)}.checkpoint (ordinal) values (0) on conflict do nothing`;
  await sql`create table if not exists ${sql(schema)}.halted (
    stream text primary key, revision int not null, ordinal bigint not null, event_id uuid not null, reason text not null)`;
}

/**
 * Follows the feed from the checkpoint and keeps the rows, until `signal` aborts. Folding goes on while the batch
 * before is being written. A stream whose event cannot be decoded or folded is halted there; the others go on.
 * @throws Gap, Superseded, Hole, Unavailable: start it anew, it goes on from the checkpoint
 */
export async function project<R extends { revision: number }, E extends DomainEvent>(
  projection: Projection<R, E>,
  feed: Feed,
  sql: Sql,
  signal: AbortSignal,
  told: (progress: Progress) => void = () => undefined,
): Promise<void> {
  const schema = sql(projection.schema);
  const [start] = await sql<{ position: Position | null; ordinal: number }[]>`
    select position, ordinal from ${schema}.checkpoint`;
  if (!start) throw new Error(`${projection.schema} has no checkpoint`);
  const halted = new Set(
    (await sql<{ stream: string }[]>`select stream from ${schema}.halted`).map(({ stream }) => stream),
  );
  const folding = new Folding(projection, sql, halted);
  let { ordinal } = start;
  let position = start.position ?? undefined;
  let writing = Promise.resolve();
  for await (const { events, next, more } of batches(feed, position, signal)) {
    const batch = await folding.fold(events, ordinal);
    const before = position;
    ordinal += events.length;
    position = next;
    await writing;
    const upTo = ordinal;
    writing = write(batch, before, next, upTo).then(() => {
      folding.written(batch);
      const rows = [...batch.rows].map(([stream, { revision }]) => ({ stream, revision }));
      told({ ordinal: upTo, caughtUp: !more, halted: halted.size, rows });
    });
    // Somebody waits for it one turn later; until then its failure is no unhandled one.
    writing.catch(() => undefined);
    // Live, a batch is dealt with at once; behind, the next is folded meanwhile.
    if (!more) await writing;
  }
  await writing;

  async function write(
    batch: Batch<R>,
    before: Position | undefined,
    next: Position,
    upTo: number,
  ): Promise<void> {
    await sql.begin(async (tx) => {
      // All under way at once; whichever fails undoes the whole.
      const [moved] = await Promise.all([
        tx`
          update ${schema}.checkpoint set position = ${next}, ordinal = ${upTo}
          where position is not distinct from ${before ?? null}`,
        batch.rows.size > 0 && projection.save(tx, [...batch.rows.values()]),
        batch.events.length > 0 && projection.beside?.(tx, batch.events),
        ...batch.halts.map((halt) => tx`insert into ${schema}.halted ${tx(halt)}`),
      ]);
      if (moved.count !== 1) throw new Superseded(projection.schema);
    });
  }
}

interface Halt {
  stream: string;
  revision: number;
  ordinal: number;
  event_id: string;
  reason: string;
}

interface Batch<R> {
  rows: Map<string, R>;
  events: Ordered[];
  halts: Halt[];
}

/** Rows in memory: those being written, and those used lately. */
class Folding<R extends { revision: number }, E extends DomainEvent> {
  readonly #kept = new LRUCache<string, R>({ max: KEPT });
  #unwritten = new Map<string, R>();

  constructor(
    private readonly projection: Projection<R, E>,
    private readonly sql: Sql,
    private readonly halted: Set<string>,
  ) {}

  async fold(events: StoredEvent[], after: number): Promise<Batch<R>> {
    const batch: Batch<R> = { rows: new Map(), events: [], halts: [] };
    const known = await this.#rowsOf(events);
    let ordinal = after;
    for (const stored of events) {
      const ordered = { ordinal: ++ordinal, stored };
      batch.events.push(ordered);
      if (!this.projection.wants(stored.stream) || this.halted.has(stored.stream)) continue;
      const row = known.get(stored.stream);
      const expected = (row?.revision ?? -1) + 1;
      if (stored.revision < expected) continue;
      if (stored.revision > expected) throw new Gap(stored.stream, expected, stored.revision);
      const folded = this.#step(row, ordered, batch);
      if (!folded) continue;
      known.set(stored.stream, folded);
      batch.rows.set(stored.stream, folded);
    }
    this.#unwritten = batch.rows;
    return batch;
  }

  written(batch: Batch<R>): void {
    for (const [stream, row] of batch.rows) this.#kept.set(stream, row);
  }

  #step(row: R | undefined, { ordinal, stored }: Ordered, batch: Batch<R>): R | undefined {
    try {
      return {
        ...this.projection.fold(row, this.projection.decode(stored), ordinal),
        revision: stored.revision,
      };
    } catch (error) {
      // Names only: what an error says may quote the event.
      const reason = error instanceof Error ? error.name : 'unknown';
      this.halted.add(stored.stream);
      batch.halts.push({
        stream: stored.stream,
        revision: stored.revision,
        ordinal,
        event_id: stored.id,
        reason,
      });
      return undefined;
    }
  }

  async #rowsOf(events: readonly StoredEvent[]): Promise<Map<string, R>> {
    const known = new Map<string, R>();
    const missing = new Set<string>();
    for (const { stream } of events) {
      if (known.has(stream) || missing.has(stream) || !this.projection.wants(stream)) continue;
      const row = this.#unwritten.get(stream) ?? this.#kept.get(stream);
      if (row) known.set(stream, row);
      else missing.add(stream);
    }
    if (missing.size > 0) {
      for (const [stream, row] of await this.projection.load(this.sql, [...missing])) known.set(stream, row);
    }
    return known;
  }
}

/** Whatever is already there becomes one batch; nothing is waited for. The next page is on its way meanwhile. */
async function* batches(feed: Feed, after: Position | undefined, signal: AbortSignal): AsyncGenerator<Page> {
  // A feed that waits for what is to come ends when it is told to, also when whoever reads it fails.
  const left = new AbortController();
  const source = feed.follow(after, AbortSignal.any([signal, left.signal]))[Symbol.asyncIterator]();
  try {
    let coming = source.next();
    let batch: Page | undefined;
    for (;;) {
      const result = await coming;
      if (result.done === true) break;
      const page = result.value;
      coming = source.next();
      coming.catch(() => undefined);
      if (batch) batch.events.push(...page.events);
      batch = { ...page, events: batch?.events ?? page.events };
      if (batch.more && batch.events.length < BATCH) continue;
      yield batch;
      batch = undefined;
    }
    if (batch) yield batch;
  } finally {
    left.abort();
    await source.return?.();
  }
}
