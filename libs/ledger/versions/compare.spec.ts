import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { compare, type Compared } from './compare.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  for (const schema of ['served', 'made']) {
    await database.sql.unsafe(`
      drop schema if exists ${schema} cascade;
      create schema ${schema};
      create table ${schema}.cases (id text primary key, revision int, remark text);
      create table ${schema}.deltas (day text, place text, cases int not null, fen bigint not null);
      create table ${schema}.checkpoint (position text);
      insert into ${schema}.cases select 'case ' || n, n, 'as it was' from generate_series(1, 5000) n;
      insert into ${schema}.deltas values ('2026-01-05', 'hill', 3, 500), ('2026-01-06', 'hill', 1, 0)`);
  }
});

const compared = (): Promise<Compared> =>
  compare({ sql: database.sql, schema: 'served' }, { sql: database.sql, schema: 'made' });
const after = async (statement: string): Promise<string | undefined> => {
  await database.sql.unsafe(statement);
  const { fault, ledger, replay } = await compared();
  expect(ledger === replay).toBe(fault === undefined);
  return fault;
};

test('two schemas that say the same are the same, wherever they stand in the log', async () => {
  expect(await after(`insert into made.checkpoint values ('7')`)).toBeUndefined();
  expect((await compared()).cases).toBe(5000);
});

test('amounts are compared by their sums: in how many rows they came makes no difference', async () => {
  await database.sql`update made.deltas set cases = 2, fen = 100 where day = '2026-01-05'`;
  await database.sql`insert into made.deltas values ('2026-01-05', 'hill', 1, 400), ('2026-01-07', 'dale', 0, 0)`;
  expect((await compared()).fault).toBeUndefined();
  expect(await after(`update made.deltas set fen = fen + 1 where cases = 1 and day = '2026-01-05'`)).toBe(
    'deltas hill is not what the log makes of it',
  );
});

test.each([
  [`delete from served.cases where revision = 4711`, 'case case 4711 is missing in the ledger'],
  [`delete from made.cases where revision = 4711`, 'case case 4711 is in the ledger and not in the log'],
  [
    `update served.cases set remark = 'x' where revision = 3`,
    'case case 3 differs from its events at revision 3',
  ],
  [
    `update served.cases set revision = 2 where revision = 3`,
    'case case 3 stands at revision 2 in the ledger, at 3 in the log',
  ],
  [`drop table served.deltas`, 'deltas hill is not what the log makes of it'],
])('the first difference is named without content: %s', async (statement, said) => {
  expect(await after(statement)).toBe(said);
});
