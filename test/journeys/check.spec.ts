import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { LEDGER } from '../../libs/ledger/rows/columns.js';
import { type Sql } from '../../libs/platform/sql.js';
import { asAdmin } from '../faults/support/admin.js';
import { CLI, start, until } from '../faults/support/processes.js';
import { Journey, problem, provinceApprover } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const one = await new Journey(server).to('verified', problem({ severity: 'serious' }));
  await one.give(provinceApprover, 'approve-closure');
  await one.give(provinceApprover, 'close-case');
  await new Journey(server).to('assigned');
  await until('ledger that has caught up', async () => {
    const [at] = await server.database.sql<{ behind: number }[]>`
      select (select count(*) from log.events) - ordinal as behind from ${server.database.sql(LEDGER)}.checkpoint`;
    return at?.behind === 0 ? true : undefined;
  });
});
afterAll(() => server.stop());

interface Said {
  code: number;
  fault?: string;
  entry?: number;
}

const check = (): Promise<Said> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATA_DIR: server.dataDir };
    execFile(process.execPath, [CLI, 'check', '--json'], { env }, (error, stdout) => {
      resolve({ code: (error?.code as number | undefined) ?? 0, ...(JSON.parse(stdout) as object) });
    });
  });

/** As somebody who may do anything, with triggers off; done back afterwards. */
const flipped = async (there: string, back: string): Promise<Said> => {
  const done = (statement: string): Promise<unknown> =>
    asAdmin(
      server.dataDir,
      (sql: Sql) =>
        sql.unsafe(`
          alter table log.events disable trigger all; alter table access.log disable trigger all;
          ${statement};
          alter table log.events enable always trigger never_changed;
          alter table log.events enable always trigger never_truncated;
          alter table access.log enable always trigger log_stays;
          alter table access.log enable always trigger log_never_truncated`),
      'xiaohao',
    );
  await done(there);
  try {
    return await check();
  } finally {
    await done(back);
  }
};

test('of a ledger that is as the log says nothing is said', async () => {
  expect(await check()).toMatchObject({ code: 0, cases: 2 });
});

describe('the first difference is named', () => {
  const replaced = (from: string, to: string): string =>
    `update log.events set data = replace(data::text, '${from}', '${to}')::json where type = 'CaseAssigned'`;

  test.each([
    [
      'a byte of an event',
      replaced('"dueOn":"2', '"dueOn":"3'),
      replaced('"dueOn":"3', '"dueOn":"2'),
      /^event [0-9a-f-]{36} \(ordinal \d+\) is not what was written$/,
    ],
    [
      'the revision of an event',
      `update log.events set revision = revision + 70 where type = 'CaseClosed'`,
      `update log.events set revision = revision - 70 where type = 'CaseClosed'`,
      /^case-[0-9a-f-]{36}: revision \d+ is missing, \d+ is there$/,
    ],
    [
      'a row',
      `update ${LEDGER}.cases set "dueOn" = '3' || "dueOn" where status = 'closed'`,
      `update ${LEDGER}.cases set "dueOn" = substr("dueOn", 2) where status = 'closed'`,
      /^case [0-9a-f-]{36} differs from its events at revision \d+$/,
    ],
    [
      'a row that was forgotten',
      `create table public.kept as select * from ${LEDGER}.cases where status = 'closed';
       delete from ${LEDGER}.cases where status = 'closed'`,
      `insert into ${LEDGER}.cases select * from public.kept; drop table public.kept`,
      /^case [0-9a-f-]{36} is missing in the ledger$/,
    ],
    [
      'a table beside the rows',
      `insert into ${LEDGER}.halted values ('case-1', 0, 1, gen_random_uuid(), 'made up')`,
      `delete from ${LEDGER}.halted`,
      /^halted case-1 is not what the log makes of it$/,
    ],
    [
      'where cases lie that concern somebody',
      `create table public.kept as select * from ${LEDGER}.whereabouts where element ^@ 'f:';
       delete from ${LEDGER}.whereabouts where element ^@ 'f:'`,
      `insert into ${LEDGER}.whereabouts select * from public.kept; drop table public.kept`,
      /^whereabouts f:\S+ \S+ is missing in ledger_v\d+/,
    ],
    [
      'a leaf hash that was noted',
      `update proof.log_index set leaf = set_byte(leaf, 7, get_byte(leaf, 7) # 1) where ordinal = 40`,
      `update proof.log_index set leaf = set_byte(leaf, 7, get_byte(leaf, 7) # 1) where ordinal = 40`,
      /^event [0-9a-f-]{36} \(ordinal 40\) is not what was written$/,
    ],
  ])('%s', async (_, there, back, said) => {
    const { code, fault } = await flipped(there, back);
    expect(fault).toMatch(said);
    expect(code).toBe(3);
  });

  test('an entry of the log of accesses', async () => {
    const { sql } = server.database;
    const entry = JSON.stringify({ seq: 1, at: '2026-01-05T01:02:03.004Z', person: 'x' });
    await sql`insert into access.log values (1, ${entry}::text::json, sha256('nothing'))`;
    expect(await check()).toMatchObject({ code: 3, entry: 1 });
    await asAdmin(
      server.dataDir,
      (admin) =>
        admin.unsafe(`alter table access.log disable trigger all; delete from access.log;
          alter table access.log enable always trigger log_stays;
          alter table access.log enable always trigger log_never_truncated`),
      'xiaohao',
    );
    expect(await check()).toMatchObject({ code: 0 });
  });
});

test('a check that was killed leaves nothing: the next takes its schema away', async () => {
  const { sql } = server.database;
  const schemas = async (): Promise<number> =>
    (await sql`select from pg_namespace where nspname ^@ 'ledger_check_'`).length;
  await sql.begin(async (tx) => {
    // It has its schema and cannot go on.
    await tx`lock table proof.log_index`;
    const { child, ended } = start([CLI, 'check'], { DATA_DIR: server.dataDir });
    await until('schema of the check', async () => ((await schemas()) > 0 ? true : undefined));
    child.kill('SIGKILL');
    await ended;
  });
  expect(await schemas()).toBe(1);
  expect(await check()).toMatchObject({ code: 0 });
  expect(await schemas()).toBe(0);
});

// The last: what was said of a day is in the log for good.
test('it finds that the newest entries of the log of accesses are gone, once their day is closed', async () => {
  const { sql } = server.database;
  const day = JSON.stringify({ day: '2026-01-05', entries: 1, last: 1, root: 'a'.repeat(64) });
  await sql`select log.append_one('access-days', -1, ${randomUUID()}, 'AccessDayClosed', ${day}, '{}')`;
  expect(await check()).toMatchObject({ code: 3, day: '2026-01-05' });
});
