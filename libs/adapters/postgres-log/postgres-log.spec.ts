import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreContract } from '../../../test/contracts/event-store.contract.js';
import { createLogDatabase, type TestDatabase } from '../../../test/support/database.js';
import { canonical, leafHash } from '../../eventing/canonical.js';
import { type StoredEvent } from '../../eventing/event.js';
import { logIndex, migrateLogIndex } from '../../eventing/project-index.js';
import { Conflict, type Feed, Hole, OutcomeUnknown, Unavailable } from '../../eventing/store.js';
import { BY_KEY, connect, type Sql, type Tx } from '../../platform/sql.js';
import { PostgresLog } from './postgres-log.js';
import { areBeside, BESIDE } from './schema.js';

/** Stands between the log and the server, and can cut the line just when an answer to an append comes back. */
class Line {
  #server: Server | undefined;
  #sockets = new Set<Socket>();
  readonly path = join(tmpdir(), `line-${randomUUID().slice(0, 8)}`);
  mode: 'open' | 'lose-next-answer' | 'silent' = 'open';

  async open(target: string): Promise<void> {
    this.#server = createServer((near) => {
      const far = connectTo(target);
      let appending = false;
      near.on('data', (bytes) => {
        appending ||= this.mode !== 'open' && bytes.includes('Noted');
        far.write(bytes);
      });
      far.on('data', (bytes) => {
        // The commit is done when the server says it is ready for the next statement.
        if (!appending) near.write(bytes);
        else if (this.mode === 'lose-next-answer' && bytes.includes(Buffer.from('Z\0\0\0\x05I'))) {
          this.mode = 'open';
          near.destroy();
        }
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on('close', () => other.destroy()).on('error', () => other.destroy());
      }
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.path, resolve));
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
  }
}

let database: TestDatabase;
let line: Line;
beforeAll(async () => {
  database = await createLogDatabase();
  line = new Line();
  await line.open((database.app as { path: string }).path);
});
afterAll(async () => {
  line.close();
  await database.drop();
});

eventStoreContract(
  'PostgreSQL',
  () => {
    const store = new PostgresLog({ ...(database.app as object), path: line.path } as never);
    return Promise.resolve({ store, close: () => store.close() });
  },
  () => ({ loseNextAnswer: () => (line.mode = 'lose-next-answer') }),
);

const noted = { type: 'Noted', data: '{}', meta: '{}' };

/** All events, as whoever follows the whole log hears them. */
async function heardOf(log: PostgresLog): Promise<StoredEvent[]> {
  const stop = new AbortController();
  const seen: StoredEvent[] = [];
  for await (const { events, more } of log.follow(undefined, stop.signal)) {
    seen.push(...events);
    if (!more) stop.abort();
  }
  return seen;
}

describe('the log in PostgreSQL', () => {
  const using = async <T>(
    act: (log: PostgresLog) => Promise<T>,
    deadline = 10_000,
    path?: string,
  ): Promise<T> => {
    const address = path === undefined ? database.app : { ...(database.app as object), path };
    const log = new PostgresLog(address as never, deadline);
    try {
      return await act(log);
    } finally {
      await log.close();
    }
  };

  test.each(['update log.events set type = $$x$$', 'delete from log.events', 'truncate log.events'])(
    'nobody changes what happened: %s',
    async (statement) => {
      await using((log) => log.append(`case-${randomUUID()}`, -1, [{ ...noted, id: randomUUID() }]));
      await expect(database.sql.unsafe(statement)).rejects.toThrow(/permission denied/);
      await expect(database.admin.unsafe(statement)).rejects.toThrow(/events are never changed/);
      await expect(
        database.admin.unsafe(
          `set session_replication_role = replica; ${statement}; reset session_replication_role`,
        ),
      ).rejects.toThrow(/events are never changed/);
      await database.admin.unsafe('reset session_replication_role');
    },
  );

  test('the application adds events by append only', async () => {
    const insert = `insert into log.events values (1, 's', 0, '${randomUUID()}', 't', '{}', '{}')`;
    await expect(database.sql.unsafe(insert)).rejects.toThrow(/permission denied/);
    await expect(database.sql.unsafe('create table log.more (a int)')).rejects.toThrow(/permission denied/);
    await expect(database.sql.unsafe('drop table log.events')).rejects.toThrow(/must be owner/);
  });

  test('positions have no gaps, whoever lost meanwhile', async () => {
    await using(async (log) => {
      const streams = Array.from({ length: 20 }, () => `case-${randomUUID()}`);
      await Promise.allSettled(
        Array.from({ length: 400 }, (_, n) =>
          log.append(streams[n % 20] ?? '', Math.floor(n / 100) - 1, [{ ...noted, id: randomUUID() }]),
        ),
      );
    });
    const [count] = await database.sql<{ n: number; last: number }[]>`
      select count(*)::int as n, max(e.position)::int as last from log.events e`;
    expect(count?.last).toBe(count?.n);
  });

  test.each([
    ['', 'Noted'],
    ['危房改造“销号” 🏚️ 𠮷野家', '注'],
    ['"\\ \u2028\u2029\u001f\u007f\t\r\n', '"\\\u0001\t'],
    ['长'.repeat(20_000), 'Noted'],
  ])('is indexed in its database as whoever is told each event would index it: %j', async (text, type) => {
    const { sql } = database;
    await migrateLogIndex(sql);
    await using(async (log) => {
      const event = { ...noted, type, data: canonical({ none: [], text }) };
      const stream = `case-${randomUUID()}${text.slice(0, 20)}`;
      await log.append(
        stream,
        -1,
        [randomUUID(), randomUUID()].map((id) => ({ ...event, id })),
      );
      const all = await heardOf(log);
      expect(all.filter((one) => one.stream === stream)).toHaveLength(2);
      const told = await indexOf({}, all);
      expect(told).toEqual(all.map((one, n) => ({ ordinal: n + 1, id: one.id, leaf: leafHash(one) })));
      await sql`truncate proof.log_index`;
      expect(await indexOf(log, all)).toEqual(told);
      // Again, as whoever is made anew does, and with some missing.
      expect(await indexOf(log, all)).toEqual(told);
      await sql`delete from proof.log_index where ordinal in (1, ${all.length - 1}, ${all.length})`;
      expect(await indexOf(log, all)).toEqual(told);
      // A batch that goes on behind what is there.
      await sql`delete from proof.log_index where ordinal > ${all.length - 2}`;
      expect(await indexOf(log, all, all.length - 2)).toEqual(told);
    });
  });

  test.each(['commit', 'rollback'])(
    'is indexed once by two versions that write at once, after a %s of the first',
    async (end) => {
      const { sql } = database;
      await migrateLogIndex(sql);
      await using(async (log) => {
        for (let n = 0; n < 8; n++)
          await log.append(`case-${randomUUID()}`, -1, [{ ...noted, id: randomUUID() }]);
        const all = await heardOf(log);
        const told = await indexOf({}, all);
        await sql`truncate proof.log_index`;
        const first = await sql.reserve();
        await first`begin`;
        await write(first, log, all.slice(0, -3));
        const second = indexOf(log, all);
        await first.unsafe(end);
        first.release();
        expect(await second).toEqual(told);
      });
    },
  );

  /** The index after events of a batch that begins behind the first so many. */
  async function indexOf(feed: Pick<Feed, 'leaves'>, all: readonly StoredEvent[], after = 0) {
    await database.sql.begin((tx) => write(tx, feed, all, after));
    return database.sql`
      select ordinal, event_id as id, encode(leaf, 'hex') as leaf from proof.log_index order by ordinal`;
  }

  async function write(tx: Sql | Tx, feed: Pick<Feed, 'leaves'>, all: readonly StoredEvent[], after = 0) {
    const index = logIndex(feed);
    const batch = index.nothing();
    for (const [n, stored] of all.entries()) if (n >= after) index.note(batch, { ordinal: n + 1, stored });
    await index.write(tx as Tx, batch);
  }

  test('an append that the server refuses harms none of its group', async () => {
    await using(async (log) => {
      const good = Array.from({ length: 10 }, () => ({ ...noted, id: randomUUID() }));
      const bad = { ...noted, id: randomUUID(), data: 'no JSON' };
      const appends = [...good.slice(0, 5), bad, ...good.slice(5)].map((event) =>
        log.append(`case-${randomUUID()}`, -1, [event]),
      );
      const outcomes = await Promise.allSettled(appends);
      expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
        Array.from({ length: 11 }, (_, n) => n !== 5),
      );
    });
  });

  test('a server that is silent leaves the outcome unknown after our own deadline, and the next append goes on', async () => {
    await using(
      async (log) => {
        const stream = `case-${randomUUID()}`;
        await log.append(stream, -1, [{ ...noted, id: randomUUID() }]);
        line.mode = 'silent';
        await expect(log.append(stream, 0, [{ ...noted, id: randomUUID() }])).rejects.toThrow(OutcomeUnknown);
        line.mode = 'open';
        await expect(log.append(stream, 0, [{ ...noted, id: randomUUID() }])).rejects.toThrow(Conflict);
        expect(await log.append(stream, 1, [{ ...noted, id: randomUUID() }])).toEqual({
          revision: 2,
          fresh: true,
        });
      },
      300,
      line.path,
    );
  });

  test('a server that is not there is unavailable: surely nothing was written', async () => {
    await using(
      async (log) => {
        await expect(log.append('case-1', -1, [{ ...noted, id: randomUUID() }])).rejects.toThrow(Unavailable);
        await expect(log.read('case-1', 0, 1)).rejects.toThrow(Unavailable);
      },
      10_000,
      join(tmpdir(), 'no-such-socket'),
    );
  });

  test('a hole in the log stops whoever follows', async () => {
    const other = await createLogDatabase();
    try {
      for (const position of [1, 2, 4]) {
        await other.admin`insert into log.events ${other.admin({ ...noted, position, stream: 's', revision: position, id: randomUUID() })}`;
      }
      const log = new PostgresLog(other.app);
      const reading = (async () => {
        for await (const page of log.follow(undefined, AbortSignal.timeout(5000)))
          expect(page.events).toHaveLength(2);
      })();
      await expect(reading).rejects.toThrow(Hole);
      await log.close();
    } finally {
      await other.drop();
    }
  });

  test('whoever follows what is beside the cases reads no case', async () => {
    const other = await createLogDatabase();
    const log = new PostgresLog(other.app);
    const sql = connect(other.app, 1, BY_KEY);
    try {
      for (let n = 0; n < 2000; n++) {
        void log.append(`case-${randomUUID()}`, -1, [{ ...noted, id: randomUUID() }]);
      }
      await log.append(`unit-${randomUUID()}`, -1, [{ ...noted, id: randomUUID() }]);
      await other.admin`analyze log.events`;
      const plan = await sql.unsafe<Record<string, string>[]>(
        `explain (analyze, costs off, timing off, summary off)
         select e.position, e.data::text as data from log.events e where e.position > $1 and ${BESIDE}
           and e.stream ^@ any ($2::text[]) order by e.position limit 1001`,
        [0, ['unit-', 'person-']],
        { prepare: true },
      );
      const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
      expect(lines).toContain('Index Scan using events_beside');
      expect(lines).not.toContain('Rows Removed');
    } finally {
      await Promise.all([log.close(), sql.end()]);
      await other.drop();
    }
  });

  test.each([
    [['unit-', 'person-'], true],
    [['unit-', 'case-1'], false],
    [['ca'], false],
    [[''], false],
    [['cases-'], true],
  ])('whether %j is beside the cases: %s', (prefixes, beside) => {
    expect(areBeside(prefixes)).toBe(beside);
  });
});
