import { afterAll, beforeAll, expect, test } from '@jest/globals';
import 'reflect-metadata';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { variedRows } from '../../../test/support/ledger-rows.js';
import { province } from '../../../test/support/province.js';
import { ROLES } from '../../contracts/roles.js';
import { connect } from '../../platform/sql.js';
import { conditionsOf } from '../asking/filters.js';
import { worklistsOf } from '../asking/worklists.js';
import { LEDGER } from './columns.js';
import { indexLedger } from './indexes.js';
import { ledgerProjection, migrateLedger } from './projection.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await migrateLedger(database.sql);
  await indexLedger(database.sql, LEDGER);
});
afterAll(() => database.drop());

const indexes = async (): Promise<string[]> => {
  const found = await database.sql<{ indexname: string }[]>`
    select indexname from pg_indexes where schemaname = ${LEDGER} order by 1`;
  return found.map(({ indexname }) => indexname);
};

/** Somebody who does not wait, while somebody else writes rows. */
async function besideAWriter(act: (impatient: TestDatabase['sql']) => Promise<void>): Promise<void> {
  const impatient = connect(database.app, 1, { lock_timeout: '300ms' });
  try {
    await database.sql.begin(async (tx) => {
      await tx.unsafe(`lock table ${LEDGER}.cases, ${LEDGER}.search in row exclusive mode`);
      await act(impatient);
    });
  } finally {
    await impatient.end();
  }
}

test('an index that is there is not asked for with a lock', async () => {
  const before = await indexes();
  await besideAWriter((impatient) => indexLedger(impatient, LEDGER));
  expect(await indexes()).toEqual(before);
});

test('one that is gone is made, and waits for whoever writes', async () => {
  const before = await indexes();
  await database.sql.unsafe(`drop index ${LEDGER}.cases_reach`);
  await expect(besideAWriter((impatient) => indexLedger(impatient, LEDGER))).rejects.toMatchObject({
    code: '55P03',
  });
  await indexLedger(database.sql, LEDGER);
  expect(await indexes()).toEqual(before);
});

test('statistics are made with an index, and where there are none yet, and not at every start', async () => {
  const { sql } = database;
  const looks = async (): Promise<number> => {
    const [found] = await sql<{ n: number }[]>`
      select analyze_count as n from pg_stat_user_tables where schemaname = ${LEDGER} and relname = 'cases'`;
    return found?.n ?? 0;
  };
  await sql.begin((tx) => ledgerProjection().save(tx, variedRows(3)));
  const before = await looks();
  await indexLedger(sql, LEDGER);
  expect(await looks()).toBe(before + 1);
  await indexLedger(sql, LEDGER);
  expect(await looks()).toBe(before + 1);
  await sql.unsafe(`drop index ${LEDGER}.cases_open`);
  const rests: number[] = [];
  await indexLedger(sql, LEDGER, (worked) => Promise.resolve(void rests.push(worked)));
  expect(await looks()).toBe(before + 2);
  // One index, and five tables that are looked at: after each others have their turn.
  expect(rests).toHaveLength(6);
});

const others = [
  ...new Map(
    ROLES.flatMap((role) => worklistsOf(role))
      .map((list) => ({ ...list, asked: { open: 'true', ...list.filter('unit', '2026-09-01') } }))
      .filter(({ asked }) => asked.open !== 'true')
      .map((list) => [list.name, list] as const),
  ).values(),
];

test.each(others)(
  'the worklist $name is found by an index, not among all that ever were',
  async ({ asked }) => {
    const { sql } = database;
    const register = { ...province, today: '2026-09-01' };
    const plan = await sql.begin(async (tx) => {
      // Of an empty table the planner would read all.
      await tx`set local enable_seqscan = off`;
      const meets = conditionsOf(asked, { sql, register, today: register.today }).reduce(
        (all, one) => sql`${all} and ${one}`,
        sql`true`,
      );
      return tx`explain select id from ${tx(LEDGER)}.cases where ${meets}`;
    });
    expect(plan.map((line) => line['QUERY PLAN'] as string).join('\n')).toMatch(/Index Scan/);
  },
);
