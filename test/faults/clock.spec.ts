import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresLog } from '../../libs/adapters/postgres-log/postgres-log.js';
import { LEDGER } from '../../libs/ledger/rows/columns.js';
import { type Sql } from '../../libs/platform/sql.js';
import { registered } from '../support/cases.js';
import { assignedLongAgo } from '../support/clock.js';
import { createLogDatabase, type TestDatabase } from '../support/database.js';
import { SEED } from '../support/province.js';
import { startServer, type TestServer } from '../support/server.js';
import { happened } from './support/past.js';
import { newFolder, until } from './support/processes.js';
import { type Ticking } from './support/ticking.js';

const LIMIT_MS = 120_000;

const DUE = [registered, assignedLongAgo];

async function dueCases(log: PostgresLog, number: number): Promise<string[]> {
  const cases = Array.from({ length: number }, () => randomUUID());
  for (const caseId of cases) await happened(log, caseId, DUE);
  return cases;
}

/** How often the clock said the same of the same case, for each that it said anything of. */
async function said(sql: Sql): Promise<{ stream: string; times: number }[]> {
  return sql<{ stream: string; times: number }[]>`
    select stream, count(*) as times from log.events
    where meta::json -> 'actor' ->> 'role' = 'clock' and type = 'AssignmentDeemedAccepted'
    group by stream`;
}

const eachOnce = (cases: readonly string[]) =>
  cases.map((id) => ({ stream: `case-${id}`, times: 1 })).sort((a, b) => (a.stream < b.stream ? -1 : 1));
const inOrder = (found: { stream: string; times: number }[]) =>
  [...found].sort((a, b) => (a.stream < b.stream ? -1 : 1));

/*
 * To see it fail, let `#alone` in libs/cases/ticker.ts act whether the lock is its own or not: both tick at once.
 */
describe('two processes that tick', () => {
  let database: TestDatabase;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    database = await createLogDatabase();
    await database.admin.unsafe(`create table public.ticks (
      id bigint generated always as identity primary key, pid int not null,
      began timestamptz not null default clock_timestamp(), ended timestamptz);
      grant select, insert, update on public.ticks to public`);
  });
  afterAll(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    await database.drop();
  });

  async function ready(asked: Ticking): Promise<ChildProcess> {
    const child = fork('dist/test/faults/support/ticker.js', { execArgv: ['--enable-source-maps'] });
    children.push(child);
    child.send(asked);
    await once(child, 'message');
    return child;
  }

  test(
    'on one database take turns, and say of each case once what has come due',
    async () => {
      const { app: address, sql } = database;
      const log = new PostgresLog(address);
      const cases = await dueCases(log, 20);
      await log.close();
      const both = await Promise.all([ready({ address, cases }), ready({ address, cases })]);
      for (const child of both) child.send('go');
      await until('turn of each', async () => {
        const pids = await sql`select distinct pid from ticks where ended is not null`;
        return pids.length === 2 || undefined;
      });
      for (const child of both) child.send('stop');
      await Promise.all(both.map((child) => once(child, 'exit')));

      const overlaps = await sql`select one.id from ticks one join ticks other on one.pid < other.pid
        and one.began < other.ended and other.began < one.ended`;
      expect(overlaps).toHaveLength(0);
      expect(inOrder(await said(sql))).toEqual(eachOnce(cases));
    },
    LIMIT_MS,
  );
});

describe('a ledger whose rows are made anew while the clock ticks', () => {
  let folder: string;
  let server: TestServer;
  let log: PostgresLog;
  beforeAll(async () => {
    folder = await newFolder();
    const seed = join(folder, 'seed.json');
    const ops = { unit: 'province-office', role: 'system-admin' };
    const persons = [...SEED.persons, { id: 'ops', name: 'ops', appointments: [ops] }];
    await writeFile(seed, JSON.stringify({ ...SEED, persons, demo: true }));
    server = await startServer({ SEED: seed });
    log = new PostgresLog(server.database.address);
  });
  afterAll(async () => {
    await log.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function nextDay(): Promise<void> {
    const ops = await server.token('ops', 'province-office', 'system-admin');
    const { now } = (await server.send(ops, 'GET', '/api/v1/clock')).body as unknown as { now: string };
    const to = new Date(Date.parse(now) + 86_400_000).toISOString();
    expect((await server.send(ops, 'POST', '/api/v1/clock', { to })).status).toBe(201);
  }

  async function begun(least: number): Promise<void> {
    await until(
      `tick of ${least} cases`,
      async () => ((await said(server.database.sql)).length >= least ? true : undefined),
      LIMIT_MS,
    );
  }

  test(
    'says nothing twice, and forgets nothing',
    async () => {
      const { sql } = server.database;
      const cases = await dueCases(log, 300);
      await nextDay();
      await begun(1);
      await sql`drop schema ${sql(LEDGER)} cascade`;
      await server.restart('SIGKILL');
      await begun(cases.length);
      expect(inOrder(await said(sql))).toEqual(eachOnce(cases));
      // One more of which it speaks on the next day has it go through all of them again.
      const [one = ''] = await dueCases(log, 1);
      await nextDay();
      await begun(cases.length + 1);
      expect(inOrder(await said(sql))).toEqual(eachOnce([...cases, one]));
    },
    LIMIT_MS,
  );
});
