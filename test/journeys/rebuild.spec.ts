import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CLI, type Ended, runToEnd, start, until } from '../faults/support/processes.js';
import { handler, inspector, Journey, problem } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  for (let n = 0; n < 3; n++) await new Journey(server).to('assigned', problem());
});
afterAll(() => server.stop());

const cli = (...args: string[]): Promise<Ended> => runToEnd([CLI, ...args], { DATA_DIR: server.dataDir });
const told = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await cli(...args, '--json');
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as object) };
};
const served = async (): Promise<string> => {
  const [row] = await server.database.sql<{ schema: string }[]>`select schema from ledger.served`;
  return row?.schema ?? '';
};
const schemas = async (): Promise<string[]> => {
  const rows = await server.database.sql<{ name: string }[]>`
    select nspname::text as name from pg_namespace where nspname ^@ 'ledger_v' order by 1`;
  return rows.map(({ name }) => name);
};

interface Load {
  reads: number;
  writes: number;
  /** What a reader should never see. */
  faults: string[];
}

/** Cases are begun, and one is read again and again, until something else is done. */
async function underLoad(act: () => Promise<void>): Promise<Load> {
  const load: Load = { reads: 0, writes: 0, faults: [] };
  let over = false;
  const one = await new Journey(server).to('assigned', problem());
  await one.give(handler, 'accept-assignment');
  await one.get(inspector);
  const token = await server.token(...inspector);
  const list = async (): Promise<void> => {
    let last = 0;
    while (!over) {
      const [page, row] = await Promise.all([
        server.send(token, 'GET', '/api/v1/cases?limit=5'),
        server.send(token, 'GET', `/api/v1/cases/${one.id}`),
      ]);
      load.reads += 2;
      const { rows } = page.body as unknown as { rows?: { seq: number }[] };
      const newest = rows?.[0]?.seq ?? 0;
      if (page.status !== 200 || row.status !== 200) load.faults.push(`${page.status} ${row.status}`);
      if (newest < last) load.faults.push(`case ${last} was there, and is not any more`);
      last = newest;
    }
  };
  const write = async (): Promise<void> => {
    while (!over) {
      await new Journey(server).to('registered', problem());
      load.writes++;
    }
  };
  const loads = [list(), list(), write(), write()];
  try {
    await act();
  } finally {
    over = true;
    await Promise.all(loads);
  }
  return load;
}

test('the ledger is made anew under load: nobody reads less than before, and all is well afterwards', async () => {
  const before = await served();
  let result: object = {};
  const { reads, writes, faults } = await underLoad(async () => {
    result = await told('rebuild');
  });
  expect(result).toMatchObject({ code: 0, switched: true, schema: `${before}_2` });
  expect(await served()).toBe(`${before}_2`);
  expect(faults).toEqual([]);
  expect(Math.min(reads, writes)).toBeGreaterThan(0);
  const one = await new Journey(server).to('assigned', problem());
  expect((await one.get(inspector)).body).toMatchObject({ status: 'assigned', revision: one.revision });
  expect(await told('check')).toMatchObject({ code: 0 });
});

test('what was served before is served again, with what has happened meanwhile, and then removed', async () => {
  const [first, second] = await schemas();
  const { faults } = await underLoad(async () => {
    expect(await told('rebuild', '--back')).toMatchObject({ code: 0, schema: first });
  });
  expect(faults).toEqual([]);
  expect(await served()).toBe(first);
  expect(await told('check')).toMatchObject({ code: 0 });
  expect(await told('rebuild', '--drop')).toMatchObject({ code: 0, dropped: second });
  expect(await schemas()).toEqual([first]);
  expect(await cli('rebuild', '--back')).toMatchObject({
    code: 1,
    stderr: 'There is nothing to go back to: no rebuild has been kept.\n',
  });
});

test('one that is killed in the middle changes nothing, and the next begins anew', async () => {
  const { sql } = server.database;
  const before = await served();
  await sql.begin(async (tx) => {
    // It has to wait where it would switch.
    await tx`select from ledger.served for update`;
    const { child, ended } = start([CLI, 'rebuild'], { DATA_DIR: server.dataDir });
    await until('rows made anew', async () => {
      const [there] = await sql<{ is: boolean }[]>`
        select to_regclass(${`${before}_2.checkpoint`}) is not null as is`;
      if (there?.is !== true) return undefined;
      const [at] = await sql<{ ordinal: number }[]>`select ordinal from ${sql(`${before}_2`)}.checkpoint`;
      return (at?.ordinal ?? 0) > 0 ? true : undefined;
    });
    child.kill('SIGKILL');
    await ended;
  });
  expect(await served()).toBe(before);
  const one = await new Journey(server).to('registered', problem());
  expect((await one.get(inspector)).body).toMatchObject({ revision: one.revision });
  expect(await told('rebuild')).toMatchObject({ code: 0, switched: true, schema: `${before}_2` });
  expect(await told('check')).toMatchObject({ code: 0 });
});

test('where rows differ it is said, and nothing is changed until one says so', async () => {
  const { sql } = server.database;
  const before = await served();
  await sql`update ${sql(before)}.cases set remark = 'by somebody' where id = (
    select id from ${sql(before)}.cases order by seq limit 1)`;
  const found = await told('rebuild');
  expect(found).toMatchObject({ code: 3, switched: false });
  expect(found.fault).toMatch(/^case [0-9a-f-]{36} differs from its events at revision \d+$/);
  expect(await served()).toBe(before);
  expect(await told('rebuild', '--anyway')).toMatchObject({ code: 3, switched: true });
  expect(await told('check')).toMatchObject({ code: 0 });
});

// The last: the rows become those of a version before.
test('rows of a new version are made while those of the version before are served, and served from the next start', async () => {
  const { sql } = server.database;
  const mine = await served();
  const [found] = await sql<{ version: number }[]>`select version from ledger.served`;
  const version = found?.version ?? 0;
  const [older, newer] = [`ledger_v${version - 1}`, `ledger_v${version}`];
  const one = await new Journey(server).to('assigned', problem());
  await one.get(inspector);
  await server.restart('SIGTERM', async () => {
    for (const name of await schemas()) if (name !== mine) await sql`drop schema ${sql(name)} cascade`;
    await sql`alter schema ${sql(mine)} rename to ${sql(older)}`;
    await sql`update ledger.served set version = ${version - 1}, schema = ${older}, before = null`;
    const [counted] = await sql<{ cases: number }[]>`
      select count(*)::int as cases from ${sql(older)}.cases`;
    const made = { code: 0, schema: newer, ...counted, switched: false };
    expect(await told('rebuild')).toMatchObject(made);
    expect(await schemas()).toEqual([older, newer]);
    // Where the new rows have caught up they are what a rebuild compares with.
    expect(await told('check')).toMatchObject({ code: 0 });
  });
  expect((await one.get(inspector)).body).toMatchObject({ revision: one.revision });
});
