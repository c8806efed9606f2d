import { LRUCache } from 'lru-cache';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { type Sql, type Tx } from '../platform/sql.js';
import { type Decode } from './decode.js';
import { type DomainEvent, type Recorded, type Stamp, type StoredEvent } from './event.js';
import { type Feed, type Page, type Position } from './store.js';

/** An event and its place in the log, counted from 1. */
export interface Ordered {
  ordinal: number;
  stored: StoredEvent;
}

/**
 * Rows made from streams, one row a stream, kept in a schema of its own.
 * @typeParam N what is noted of a batch besides
 */
export interface Projection<R extends { revision: number }, E extends DomainEvent, N = never> {
  /** The schema of this version of the rows; its checkpoint and its halted streams stand in it too. */
  schema: string;
  decode: Decode<E, Stamp>;
  /** Whether it makes rows of this stream. */
  wants: (stream: string) => boolean;
  /** Prefixes of the streams it hears of at all; absent: of the whole log. Ordinals count what is heard. */
  hears?: readonly string[];
  load: (sql: Sql, streams: string[]) => Promise<Map<string, R>>;
  /** What an event changes of the row, its revision among it; the first event of a stream gives all. Pure. Called with revisions in order, each once. */
  change: (row: R | undefined, recorded: Recorded<E, Stamp>, ordinal: number) => Partial<R>;
  /** Whether a row will hardly change any more: it need not be kept in memory. */
  settled?: (row: R) => boolean;
  save: (tx: Tx, rows: R[]) => Promise<void>;
  /**
   * As `save`, in two steps: rows go on changing before they are written, so all that is written of them is read first, and
   * nothing is folded meanwhile. Whoever takes long for it gives others a turn: the batch before is on its way.
   * Absent: `save` is given copies.
   */
  saving?: (rows: R[]) => Promise<(tx: Tx) => Promise<void>>;
  /** What else is written of every event, in the same transaction. */
  beside?: Beside<N, R>;
}

/** What an event made of a row: how it stood, undefined where it begins, and what is otherwise now. */
export interface Moved<R> {
  before: R | undefined;
  change: Partial<R>;
  at: string;
}

/**
 * Gathered event by event, as it is written: neither the events of a batch need be held until then, nor something of each.
 * @typeParam N what is noted of a batch
 */
export interface Beside<N, R = unknown> {
  /** Of a batch that begins. */
  nothing: () => N;
  /** @param moved what it made of its row, which goes on changing; undefined where it has none, or is halted */
  note: (noted: N, event: Ordered, moved?: Moved<R>) => void;
  write: (tx: Tx, noted: N) => Promise<void>;
}

/** A projection with something more that is noted of every event. */
export function noting<R extends { revision: number }, E extends DomainEvent, N, M>(
  projection: Projection<R, E, N>,
  more: Beside<M, R>,
): Projection<R, E, readonly [N, M]> {
  const { beside = noBeside<N>(), ...rest } = projection;
  return {
    ...rest,
    beside: {
      nothing: () => [beside.nothing(), more.nothing()],
      note: (both, event, moved) => {
        beside.note(both[0], event, moved);
        more.note(both[1], event, moved);
      },
      write: async (tx, [one, other]) => {
        await Promise.all([beside.write(tx, one), more.write(tx, other)]);
      },
    },
  };
}

const noBeside = <N>(): Beside<N> => ({
  nothing: () => undefined as N,
  note: () => undefined,
  write: () => Promise.resolve(),
});

/** Where a projection stands; told after every commit. */
export interface Progress {
  ordinal: number;
  /** Whether all that was there has been dealt with. */
  caughtUp: boolean;
  halted: number;
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

/** At most this many events, and a page, are folded into one transaction. */
const BATCH = 20_000;
/** After so many events whoever else waits has a turn: what is being written, too, goes out piece by piece. */
const TURN = 100;
/** Rows kept in memory between batches. */
const KEPT = 50_000;
/**
 * A worker that has caught up rests for as long as it has worked, and the longer the more there was: rows that go from
 * hand to hand are then written once and not again for every hand. In milliseconds; never longer than this.
 */
const REST_PER_EVENT = 0.5;
const LONGEST_REST = 60;

/**
 * Creates the checkpoint and the list of halted streams of a schema that is there. A checkpoint that is closed does not
 * move: whoever still writes has been superseded.
 */
export async function prepare(sql: Sql | Tx, schema: string): Promise<void> {
  await sql`create table if not exists ${sql(schema)}.checkpoint (
    one boolean primary key default true check (one), position text, ordinal bigint not null,
    closed boolean not null default false)`;
  const [closed] = await sql`select from information_schema.columns
    where table_schema = ${schema} and table_name = 'checkpoint' and column_name = 'closed'`;
  // Asked first: a statement that adds nothing would wait for whoever reads, and all others for it.
  if (!closed) await sql`alter table ${sql(schema)}.checkpoint add closed boolean not null default false`;
  await sql`insert into ${sql(schema)}.checkpoint (ordinal) values (0) on conflict do nothing`;
  await sql`create table if not exists ${sql(schema)}.halted (
    stream text primary key, revision int not null, ordinal bigint not null, event_id uuid not null, reason text not null)`;
}

/**
 * Follows the feed from the checkpoint and keeps the rows, until `signal` aborts. Folding goes on while the batch
 * before is being written. A stream whose event cannot be decoded or folded is halted there; the others go on.
 * @throws Gap, Superseded, Hole, Unavailable: start it anew, it goes on from the checkpoint
 */
export async function project<R extends { revision: number }, E extends DomainEvent, N>(
  projection: Projection<R, E, N>,
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
  const beside = projection.beside ?? noBeside<N>();
  const folding = new Folding(projection, beside, sql, halted);
  let { ordinal } = start;
  let position = start.position ?? undefined;
  let writing = Promise.resolve();
  let batch = emptyBatch();
  for await (const { events, next, more } of pages(feed, position, signal, projection.hears)) {
    const from = performance.now();
    await folding.fold(events, ordinal, batch);
    ordinal += events.length;
    batch.events += events.length;
    // Whatever is already there becomes one batch; nothing is waited for.
    if (more && batch.events < BATCH) continue;
    const save = await saving([...batch.rows.values()]);
    await writing;
    const [full, before, upTo] = [batch, position, ordinal];
    folding.writing(full);
    position = next;
    batch = emptyBatch();
    writing = write(full, save, before, next, upTo).then(() => {
      told({ ordinal: upTo, caughtUp: !more, halted: halted.size });
    });
    // Somebody waits for it one turn later; until then its failure is no unhandled one.
    writing.catch(() => undefined);
    // Behind, the next batch is folded meanwhile. Live, what happens while it rests becomes one batch: under load the
    // worker takes half the time that it could, and rows are hardly later.
    if (more) continue;
    await writing;
    const rest = Math.min(performance.now() - from + full.events * REST_PER_EVENT, LONGEST_REST);
    await pause(rest, undefined, { signal }).catch(() => undefined);
  }
  await writing;

  function emptyBatch(): Batch<R, N> {
    return { rows: new Map(), noted: beside.nothing(), events: 0, halts: [] };
  }

  async function saving(rows: R[]): Promise<(tx: Tx) => Promise<void>> {
    if (rows.length === 0) return () => Promise.resolve();
    if (projection.saving) return projection.saving(rows);
    const copies = rows.map((row) => ({ ...row }));
    return (tx) => projection.save(tx, copies);
  }

  async function write(
    { noted, halts }: Batch<R, N>,
    save: (tx: Tx) => Promise<void>,
    before: Position | undefined,
    next: Position,
    upTo: number,
  ): Promise<void> {
    await sql.begin(async (tx) => {
      // All under way at once; whichever fails undoes the whole.
      const [moved] = await Promise.all([
        tx`
          update ${schema}.checkpoint set position = ${next}, ordinal = ${upTo}
          where position is not distinct from ${before ?? null} and not closed`,
        save(tx),
        beside.write(tx, noted),
        ...halts.map((halt) => tx`insert into ${schema}.halted ${tx(halt)}`),
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

interface Batch<R, N> {
  rows: Map<string, R>;
  noted: N;
  events: number;
  halts: Halt[];
}

/** Rows in memory: those of the batch, those being written, and those used lately. */
class Folding<R extends { revision: number }, E extends DomainEvent, N> {
  readonly #kept = new LRUCache<string, R>({ max: KEPT });
  #unwritten = new Map<string, R>();

  constructor(
    private readonly projection: Projection<R, E, N>,
    private readonly beside: Beside<N, R>,
    private readonly sql: Sql,
    private readonly halted: Set<string>,
  ) {}

  async fold(events: readonly StoredEvent[], after: number, batch: Batch<R, N>): Promise<void> {
    const found = await this.#find(events, batch);
    const { wants } = this.projection;
    let ordinal = after;
    for (const stored of events) {
      const { stream } = stored;
      if (ordinal > after && (ordinal - after) % TURN === 0) await turn();
      const ordered = { ordinal: ++ordinal, stored };
      const standing = batch.rows.get(stream);
      const moved =
        wants(stream) && !this.halted.has(stream)
          ? this.#move(ordered, standing ?? found.get(stream), batch)
          : undefined;
      this.beside.note(batch.noted, ordered, moved);
      if (!moved) continue;
      const { before, change } = moved;
      // Changed in its place: a copy of a row for every batch takes as long as folding several events.
      if (before) Object.assign(before, change);
      if (!standing) batch.rows.set(stream, before ?? (change as R));
    }
  }

  /** @throws Gap */
  #move(ordered: Ordered, before: R | undefined, batch: Batch<R, N>): Moved<R> | undefined {
    const { stream, revision } = ordered.stored;
    const expected = (before?.revision ?? -1) + 1;
    if (revision < expected) return undefined;
    if (revision > expected) throw new Gap(stream, expected, revision);
    return this.#change(before, ordered, batch);
  }

  /** What is being written is found here until the next batch is. */
  writing(batch: Batch<R, N>): void {
    for (const [stream, row] of this.#unwritten) {
      if (!batch.rows.has(stream) && this.projection.settled?.(row) !== true) this.#kept.set(stream, row);
    }
    this.#unwritten = batch.rows;
  }

  #change(before: R | undefined, { ordinal, stored }: Ordered, batch: Batch<R, N>): Moved<R> | undefined {
    try {
      const recorded = this.projection.decode(stored);
      const change = this.projection.change(before, recorded, ordinal);
      return { before, change, at: recorded.meta.recordedAt };
    } catch (error) {
      const { stream, revision, id } = stored;
      // Names only: what an error says may quote the event.
      const reason = error instanceof Error ? error.name : 'unknown';
      this.halted.add(stream);
      batch.halts.push({ stream, revision, ordinal, event_id: id, reason });
      return undefined;
    }
  }

  /** The rows of a page that the batch does not have yet. Whoever is found is kept no longer: the batch will have it. */
  async #find(events: readonly StoredEvent[], batch: Batch<R, N>): Promise<Map<string, R>> {
    const found = new Map<string, R>();
    const missing = new Set<string>();
    for (const { stream } of events) {
      if (batch.rows.has(stream) || found.has(stream) || missing.has(stream)) continue;
      if (!this.projection.wants(stream)) continue;
      const row = this.#unwritten.get(stream) ?? this.#kept.get(stream);
      if (row) found.set(stream, row);
      else missing.add(stream);
      this.#kept.delete(stream);
    }
    if (missing.size > 0) {
      for (const [stream, row] of await this.projection.load(this.sql, [...missing])) found.set(stream, row);
    }
    return found;
  }
}

/** The feed's pages. Where more are there, the next is on its way while one is dealt with. */
async function* pages(
  feed: Feed,
  after: Position | undefined,
  signal: AbortSignal,
  streams: readonly string[] | undefined,
): AsyncGenerator<Page> {
  // A feed that waits for what is to come ends when it is told to, also when whoever reads it fails.
  const left = new AbortController();
  const source = feed.follow(after, AbortSignal.any([signal, left.signal]), streams)[Symbol.asyncIterator]();
  try {
    let coming: Promise<IteratorResult<Page>> | undefined;
    for (;;) {
      const result = await (coming ?? source.next());
      if (result.done === true) break;
      coming = result.value.more ? source.next() : undefined;
      coming?.catch(() => undefined);
      yield result.value;
    }
  } finally {
    left.abort();
    await source.return?.();
  }
}
