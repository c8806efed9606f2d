import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { logSchema } from '../../libs/adapters/postgres-log/schema.js';
import { APP } from '../../libs/platform/embedded/server.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import {
  type Appending,
  type AppendingDone,
  type Following,
  type FollowingDone,
  line,
  type Line,
} from './support/appending.js';

/*
 * Two processes of eight appenders and two followers on one server. To see it fail, take the lock out:
 *
 *   WITHOUT_LOCK=1 npm test -- test/faults/two-processes
 *
 * Two groups then read the same end of the table and claim the same positions. The primary key lets one of them in, and
 * the other's appends fail though nothing was wrong with them: for instance with `"PostgresError 23505": 101` among the faults.
 */
const WITHOUT_LOCK = process.env.WITHOUT_LOCK === '1';

const PROCESSES = 2;
const APPENDERS = 8;
const EVENTS = 200_000;
const LIMIT_MS = 180_000;

let database: TestDatabase;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await createDatabase();
  await database.admin.unsafe(WITHOUT_LOCK ? logSchema(APP, '') : logSchema(APP));
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await database.drop();
});

/** A built program of this suite; `done` is what it says at its end. */
function start<T>(name: string, asked: Appending | Following): { child: ChildProcess; done: Promise<T> } {
  const child = fork(`dist/test/faults/support/${name}.js`, { execArgv: ['--enable-source-maps'] });
  children.push(child);
  const done = new Promise<T>((resolve, reject) => {
    child.once('message', (said) => {
      resolve(said as T);
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`the ${name} ended with ${String(code ?? signal)} and said nothing`));
    });
  });
  // Who waits for it comes later, or not at all where the test has failed before.
  done.catch(() => undefined);
  child.send(asked);
  return { child, done };
}

async function digestOfTable(): Promise<FollowingDone> {
  const digest = createHash('sha256');
  let events = 0;
  const rows = database.sql<(Line & { position: number })[]>`
    select e.position, e.stream, e.revision, e.id, e.type, e.data::text as data, e.meta::text as meta
    from log.events e order by e.position`;
  for await (const page of rows.cursor(5000)) {
    for (const { position, ...event } of page) digest.update(line(position, event));
    events += page.length;
  }
  return { events, digest: digest.digest('hex') };
}

test(
  `of ${EVENTS} events by ${PROCESSES} processes × ${APPENDERS} appenders no position is skipped, repeated or out of order`,
  async () => {
    const { app: address } = database;
    const followers = [1, 2].map(() => start<FollowingDone>('follower', { address }));
    const appenders = Array.from({ length: PROCESSES }, (_, n) =>
      start<AppendingDone>('appender', {
        address,
        name: String(n),
        appenders: APPENDERS,
        events: Math.ceil(EVENTS / PROCESSES / APPENDERS),
      }),
    );
    const appended = await Promise.all(appenders.map(({ done }) => done));
    const events = appended.reduce((sum, one) => sum + one.events, 0);
    expect(appended.map(({ faults }) => faults)).toEqual(appended.map(() => ({})));
    expect(events).toBeGreaterThanOrEqual(EVENTS);
    for (const { conflicts } of appended) expect(conflicts).toBeGreaterThan(100);

    for (const { child } of followers) child.send({ upTo: events });
    const followed = await Promise.all(followers.map(({ done }) => done));
    const table = await digestOfTable();
    expect(table.events).toBe(events);
    expect(followed).toEqual([table, table]);

    const [order] = await database.sql<{ first: number; last: number; misplaced: number }[]>`
      select min(e.position) as first, max(e.position) as last, count(*) filter (where e.revision <> e.n) as misplaced
      from (select position, revision, row_number() over (partition by stream order by position) - 1 as n
            from log.events) e`;
    expect(order).toEqual({ first: 1, last: events, misplaced: 0 });
  },
  LIMIT_MS,
);
