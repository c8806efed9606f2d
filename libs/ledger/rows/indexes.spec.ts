import { afterAll, beforeAll, expect, test } from '@jest/globals';
import 'reflect-metadata';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { connect } from '../../platform/sql.js';
import { LEDGER } from './columns.js';
import { indexLedger } from './indexes.js';
import { migrateLedger } from './projection.js';

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
