import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as dial, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { codeOf } from './fault.js';
import { connect, type Sql, type Tx } from './sql.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.sql`create schema s`;
  await database.sql`create table s.t (n int primary key)`;
});
afterAll(() => database.drop());

let sql: Sql;
const crashes: unknown[] = [];
const crashed = (error: unknown): unknown => crashes.push(error);
beforeEach(() => {
  sql = connect(database.app, 1);
  crashes.length = 0;
  process.on('uncaughtException', crashed).on('unhandledRejection', crashed);
});
afterEach(async () => {
  await sql.end({ timeout: 1 });
  process.off('uncaughtException', crashed).off('unhandledRejection', crashed);
  expect(crashes).toEqual([]);
});

async function pidOf(on: Sql | Tx): Promise<number> {
  const [row] = await on<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return row?.pid ?? 0;
}
const terminate = (pid: number): Promise<unknown> =>
  Promise.resolve(database.admin`select pg_terminate_backend(${pid}, 5000)`);
const code = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'fulfilled', codeOf);

describe('lists', () => {
  const texts = ['a', 'b c', '', 'NULL', 'null', '"q"', 'b\\s', '{x,y}', '换\n行', ',', ' ', '𠮷'];

  test('come back as they went', async () => {
    const uuids = [randomUUID(), randomUUID()];
    const rows =
      await sql`select ${texts}::text[] as texts, ${uuids}::uuid[] as uuids, ${[1, -2]}::int[] as ints,
      ${[3, 2 ** 40]}::bigint[] as bigints, ${[]}::text[] as empty, array[null, 'x'] as nulls`;
    expect([...rows]).toEqual([
      { texts, uuids, ints: [1, -2], bigints: [3, 2 ** 40], empty: [], nulls: [null, 'x'] },
    ]);
  });

  test('may hold nothing', async () => {
    const [row] = await sql`select ${[null, 'x']}::text[] as list`;
    expect(row).toEqual({ list: [null, 'x'] });
  });

  test.each([[[]], [['a']], [[null]], [['']], [['NULL']], [['a', 'b']], [['a', null, 'b']]])(
    'of %j are the same, quoted or not',
    async (list) => {
      const [row] = await sql`select ${list}::text[] as list`;
      expect(row).toEqual({ list });
    },
  );

  test('are parameters of statements that are prepared, too', async () => {
    for (let n = 0; n < 3; n++) {
      const rows = await sql.unsafe('select $1::text[] as list', [texts], { prepare: true });
      expect([...rows]).toEqual([{ list: texts }]);
    }
  });
});

describe('a connection that is lost', () => {
  test('fails what was under way on it, and the next statement is answered', async () => {
    const pid = await pidOf(sql);
    const under = code(sql`select pg_sleep(60)`);
    await pause(50);
    await terminate(pid);
    expect(await under).toMatch(/^(?:57P01|CONNECTION_CLOSED|ECONNRESET)$/);
    expect(await pidOf(sql)).not.toBe(pid);
  });

  test('in the middle of a transaction undoes it, and ends no process', async () => {
    const whole = sql.begin(async (tx) => {
      await tx`insert into s.t values (1)`;
      const pid = await pidOf(tx);
      void terminate(pid);
      await tx`select pg_sleep(60)`;
    });
    expect(await code(whole)).toMatch(/^(?:57P01|CONNECTION_CLOSED|ECONNRESET)$/);
    expect(await database.sql`select from s.t where n = 1`).toHaveLength(0);
    expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
  });

  test('between two statements of a transaction undoes it, and the second is sent nowhere', async () => {
    const whole = sql.begin(async (tx) => {
      await terminate(await pidOf(tx));
      await pause(100);
      await tx`insert into s.t values (2)`;
    });
    expect(await code(whole)).toMatch(/^(?:CONNECTION_CLOSED|ECONNRESET)$/);
    await pause(200);
    expect(await database.sql`select from s.t where n = 2`).toHaveLength(0);
  });

  test('in the very turn in which something is sent leaves no connection behind that does not speak', async () => {
    for (let n = 0; n < 20; n++) {
      const pid = await pidOf(sql);
      const gone = new AbortController();
      const send = (): void => {
        if (gone.signal.aborted) return;
        sql`select 1`.catch(() => {
          gone.abort();
        });
        setImmediate(send);
      };
      send();
      await terminate(pid);
      while (!gone.signal.aborted) await pause(5);
      await pause(20);
      expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
    }
  });

  test('leaves what is under way on the others to its end', async () => {
    const several = connect(database.app, 2);
    const slow = several`select pg_sleep(1), pg_backend_pid() as pid`.execute();
    const pid = await pidOf(several);
    const [[row]] = await Promise.all([slow, terminate(pid)]);
    expect(row?.pid).not.toBe(pid);
    expect([...(await several`select 1 as one`)]).toEqual([{ one: 1 }]);
    await several.end();
  });
});

describe('a transaction that fails', () => {
  test.each([
    ['by its own', () => Promise.reject(new TypeError('no')), 'no'],
    ['by the database', (tx: Tx) => tx`select 1 / 0`, 'division by zero'],
  ])('%s fault is undone, and its connection is used again', async (_, act, message) => {
    const pid = await pidOf(sql);
    const whole = sql.begin(async (tx) => {
      await tx`insert into s.t values (3)`;
      await act(tx);
    });
    await expect(whole).rejects.toThrow(message);
    expect(await sql`select from s.t where n = 3`).toHaveLength(0);
    expect(await pidOf(sql)).toBe(pid);
  });

  test('and one that does not answer with its result', async () => {
    expect(await sql.begin(async (tx) => (await tx`select 7 as n`)[0]?.n as number)).toBe(7);
    expect(
      await sql.begin('read only', async (tx) => code(tx`insert into s.t values (4)`)).catch(codeOf),
    ).toBe('25006');
  });
});

describe('a new connection', () => {
  let line: Server;
  const path = join(tmpdir(), `line-${randomUUID().slice(0, 8)}`);
  let heard = '';
  beforeAll(async () => {
    line = createServer((near) => {
      const far = dial((database.app as { path: string }).path);
      near.on('data', (bytes) => (heard += bytes.toString('latin1')));
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
    });
    line.listen(path);
    await once(line, 'listening');
  });
  afterAll(() => void line.close());

  test('asks nothing of its own accord: where that were cut short the process would end', async () => {
    const through = connect({ ...(database.app as object), path } as never, 1);
    await through`select 1 as one`;
    await through.end();
    expect(heard).toContain('select 1 as one');
    expect(heard).not.toContain('pg_type');
  });
});
