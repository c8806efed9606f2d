import { once } from 'node:events';
import { type NewEvent, type StoredEvent } from '../../eventing/event.js';
import {
  type Appended,
  Conflict,
  type EventStore,
  type Feed,
  Hole,
  type Page,
  type Position,
  Unavailable,
} from '../../eventing/store.js';
import { Bell, Ears } from '../../platform/session.js';
import { type Address, BY_KEY, connect, type Sql } from '../../platform/sql.js';
import { taken } from '../../platform/taken.js';
import { Together } from '../../platform/together.js';
import { GroupCommit, translated } from './group-commit.js';
import { areBeside, BESIDE } from './schema.js';

const PAGE = 1000;
/** Streams that are read at once: a bound of what is held of them in memory. */
const TOGETHER = 64;

interface Asked {
  stream: string;
  from: number;
  limit: number;
}

type Placed = StoredEvent & { position: number };

/** The log in PostgreSQL: appends in groups, gapless positions from 1, followers woken by NOTIFY. */
export class PostgresLog implements EventStore, Feed {
  /** Positions have no gaps: they are ordinals. */
  readonly leaves = LEAVES;
  readonly #sql: Sql;
  readonly #committer: GroupCommit;
  readonly #reading: Together<Asked, StoredEvent[]>;
  readonly #bell: Ear;
  readonly #beside: Ear;

  /**
   * @param deadlineMs an append not answered by then has an unknown outcome
   * @param ears whoever listens in this process
   */
  constructor(address: Address, deadlineMs = 10_000, ears = new Ears(address)) {
    this.#sql = connect(address, 6, BY_KEY);
    this.#committer = new GroupCommit(address, deadlineMs);
    this.#reading = new Together((asked) => this.#readAll(asked), TOGETHER);
    this.#bell = new Ear(ears, 'log');
    this.#beside = new Ear(ears, 'log_beside');
  }

  read(stream: string, from: number, limit: number): Promise<StoredEvent[]> {
    return asked(this.#reading.answer({ stream, from, limit }));
  }

  async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<Appended> {
    try {
      return { revision: await this.#committer.append(stream, expected, events), fresh: true };
    } catch (error) {
      if (error instanceof Conflict && (await this.#standThere(stream, expected, events))) {
        return { revision: expected + events.length, fresh: false };
      }
      throw error;
    }
  }

  async *follow(
    after: Position | undefined,
    signal: AbortSignal,
    streams?: readonly string[],
  ): AsyncGenerator<Page> {
    let position = Number(after ?? '0');
    const beside = streams !== undefined && areBeside(streams);
    const bell = beside ? this.#beside : this.#bell;
    await asked(bell.listen());
    while (!signal.aborted) {
      const heard = bell.rung;
      const rows = taken(await (streams ? this.#of(streams, beside, position) : this.#after(position)));
      if (rows.length === 0) {
        // A bell that rang while the empty page was on its way must not be slept over.
        if (heard === bell.rung) await bell.rings(signal);
        continue;
      }
      // One is read ahead: a full page alone does not say that there is more.
      const more = rows.length > PAGE;
      if (more) rows.length = PAGE;
      for (const row of rows) {
        // Between some streams are others: what is missing there shows in the revisions.
        if (!streams && row.position !== position + 1)
          throw new Hole(String(position + 1), String(row.position));
        ({ position } = row);
      }
      yield { events: rows, next: String(position), more };
    }
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#bell.end(),
      this.#beside.end(),
      this.#committer.close(),
      this.#sql.end({ timeout: 5 }),
    ]);
  }

  /** Streams that are asked for at the same time come in one round trip: most of them are new, and empty. */
  async #readAll(all: readonly Asked[]): Promise<StoredEvent[][]> {
    const most = Math.max(...all.map(({ limit }) => limit));
    const found = await this.#sql<(StoredEvent & { n: number })[]>`
      select a.n::int, e.* from unnest(${all.map(({ stream }) => stream)}::text[],
        ${all.map(({ from }) => from)}::int[]) with ordinality a(stream, first, n)
      cross join lateral (
        select e.id, e.type, e.data::text as data, e.meta::text as meta, e.stream, e.revision
        from log.events e where e.stream = a.stream and e.revision >= a.first order by e.revision limit ${most}) e
      order by a.n, e.revision`;
    const answers: StoredEvent[][] = all.map(() => []);
    for (const { n, ...event } of taken(found)) {
      const answer = answers[n - 1];
      if (answer && answer.length < (all[n - 1]?.limit ?? 0)) answer.push(event);
    }
    return answers;
  }

  /** Whether an append that lost is one that was made before. */
  async #standThere(stream: string, expected: number, events: readonly NewEvent[]): Promise<boolean> {
    const there = await this.read(stream, expected + 1, events.length);
    return there.length === events.length && events.every(({ id }, n) => there[n]?.id === id);
  }

  #after(position: number): Promise<Placed[]> {
    return asked(
      this.#sql<Placed[]>`
        select e.position, e.id, e.type, e.data::text as data, e.meta::text as meta, e.stream, e.revision
        from log.events e where e.position > ${position} order by e.position limit ${PAGE + 1}`,
    );
  }

  #of(streams: readonly string[], beside: boolean, position: number): Promise<Placed[]> {
    const sql = this.#sql;
    return asked(
      sql<Placed[]>`
        select e.position, e.id, e.type, e.data::text as data, e.meta::text as meta, e.stream, e.revision
        from log.events e where e.position > ${position} ${beside ? sql`and ${sql.unsafe(BESIDE)}` : sql``}
          and e.stream ^@ any (${[...streams]}::text[]) order by e.position limit ${PAGE + 1}`,
    );
  }
}

/**
 * Leaves as `leafHash` has them. They cost PostgreSQL as much as us, but nobody waits for it meanwhile, and nothing is left
 * behind that must be collected. Names are told in full, lest something nearer be found by them.
 */
const LEAVES = `
  select e.position as ordinal, e.id, pg_catalog.sha256(pg_catalog.decode('00', 'hex') || pg_catalog.convert_to(
    pg_catalog.concat('{"data":', e.data, ',"id":"', e.id, '","meta":', e.meta, ',"revision":', e.revision,
      ',"stream":', pg_catalog.to_json(e.stream), ',"type":', pg_catalog.to_json(e.type), '}'), 'UTF8')) as leaf
  from log.events e`;

/** A bell that counts how often it has rung. */
class Ear extends Bell {
  rung = 0;

  constructor(...given: ConstructorParameters<typeof Bell>) {
    super(...given);
    this.on('ring', () => this.rung++);
  }

  async rings(signal: AbortSignal): Promise<void> {
    await once(this, 'ring', { signal }).catch(() => undefined);
  }
}

/** Reading changes nothing: whatever cuts it, it is unavailable. */
async function asked<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    const told = translated(error);
    throw told ? new Unavailable(told.message, { cause: error }) : error;
  }
}
