import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import 'reflect-metadata';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { rowWith } from '../../test/support/ledger-rows.js';
import { type Moved } from '../eventing/project.js';
import { LEDGER } from './columns.js';
import { migrateLedger } from './projection.js';
import { type Row } from './row.js';
import { searchTexts } from './search-text.js';

const texts = searchTexts(LEDGER);
const row = rowWith(1, { description: '屋面渗漏' });
const reach = [...row.reach, 'u:hill-office'];
const noted = (before: Row | undefined, change: Partial<Row>) =>
  texts.of({} as never, { before, change, at: '' } satisfies Moved<Row>);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await migrateLedger(database.sql);
});
beforeEach(() => database.sql`truncate ${database.sql(LEDGER)}.search`);
afterAll(() => database.drop());

/** What stands there after these batches. */
async function after(...batches: ReturnType<typeof noted>[][]): Promise<object[]> {
  const { sql } = database;
  for (const batch of batches) await sql.begin((tx) => texts.write(tx, batch));
  return [...(await sql`select said like '%屋面渗漏%' as said, reach from ${sql(LEDGER)}.search`)];
}

const written = { said: true, reach };

test('whom a case concerns is written when that alone changes', async () => {
  expect(await after([noted(undefined, row)], [noted(row, { reach })])).toEqual([written]);
});

test('and with its texts, when both come in one batch', async () => {
  expect(await after([noted(undefined, row), noted(row, { reach })])).toEqual([written]);
});

test('nothing is written where it concerns the same as before', () => {
  expect(noted(row, { reach: [...row.reach], revision: 2 })).toBeUndefined();
});
