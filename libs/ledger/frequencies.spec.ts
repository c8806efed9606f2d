import { afterAll, beforeAll, expect, test } from '@jest/globals';
import 'reflect-metadata';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { LEDGER } from './columns.js';
import { Frequencies } from './frequencies.js';
import { migrateLedger } from './projection.js';
import { Served } from './served.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await migrateLedger(database.sql);
});
afterAll(() => database.drop());

const frequencies = () => new Frequencies(database.sql, new Served(database.sql));

test('without statistics it is not known how many texts have something', async () => {
  expect(await frequencies().most(['墙体'])).toBeUndefined();
});

test('what stands in many texts is known by its share, and of the rest that there are no more than the least of these', async () => {
  const { sql } = database;
  // Every text has one pair, every tenth another, and each some that no other has.
  await sql.unsafe(`
    insert into ${LEDGER}.search ("caseId", "atSeq", said, grams, reach)
    select gen_random_uuid(), n, '', array['墙体', case when n % 10 = 0 then '渗漏' end, 'a' || n, 'b' || n], '{}'
    from generate_series(1, 5000) n;
    update ${LEDGER}.search set grams = array_remove(grams, null);
    analyze ${LEDGER}.search`);
  const known = frequencies();
  expect(await known.most(['墙体'])).toBeGreaterThan(4900);
  const some = (await known.most(['渗漏'])) ?? 0;
  expect(some).toBeGreaterThan(300);
  expect(some).toBeLessThan(700);
  // Of several, the one that fewest have.
  expect(await known.most(['墙体', '渗漏'])).toBe(some);
  expect(await known.most(['墙体', '蚁蛀'])).toBeLessThan(some);
});
