import { afterAll, beforeAll, expect, test } from '@jest/globals';
import 'reflect-metadata';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { variedRows } from '../../../test/support/ledger-rows.js';
import { LEDGER } from '../rows/columns.js';
import { Frequencies } from './frequencies.js';
import { ledgerProjection, migrateLedger } from '../rows/projection.js';
import { Served } from '../versions/served.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await migrateLedger(database.sql);
});
afterAll(() => database.drop());

const frequencies = () => new Frequencies(database.sql, new Served(database.sql));

test('without statistics it is not known how many texts have something', async () => {
  expect(await frequencies().most(['墙体'])).toBeUndefined();
  expect(await frequencies().telling(['墙体', '渗漏'], 0.1)).toEqual(['墙体', '渗漏']);
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
  expect((await known.most(['墙体']))?.rows).toBeGreaterThan(4900);
  const { rows: some, share } = (await known.most(['渗漏'])) ?? { rows: 0, share: 0 };
  expect(some).toBeGreaterThan(300);
  expect(some).toBeLessThan(700);
  expect(share).toBeCloseTo(some / 5000, 1);
  // Of several, the one that fewest have.
  expect((await known.most(['墙体', '渗漏']))?.rows).toBe(some);
  expect((await known.most(['墙体', '蚁蛀']))?.rows).toBeLessThan(some);
  // Of what stands in few it is known only that there are no more.
  expect((await known.most(['墙体', '渗漏']))?.known).toBe(true);
  expect((await known.most(['墙体', '蚁蛀']))?.known).toBe(false);
});

test('texts are found by their rarest pair, and by others where these leave out enough', async () => {
  const known = frequencies();
  // All texts have the one, a tenth the other, and none the third.
  expect(await known.telling(['墙体', '渗漏'], 1)).toEqual(['渗漏']);
  expect(await known.telling(['墙体', '渗漏', '蚁蛀'], 1)).toEqual(['蚁蛀', '渗漏']);
  expect(await known.telling(['墙体', '渗漏', '蚁蛀'], 0.1)).toEqual(['蚁蛀']);
  expect(await known.telling(['墙体'], 1)).toEqual(['墙体']);
});

test('how many cases concern one or the other is known by the one that concern most', async () => {
  const { sql } = database;
  expect(await frequencies().concerning(['d:lake'])).toBeUndefined();
  await sql.begin((tx) => ledgerProjection().save(tx, variedRows(2000)));
  await sql.unsafe(`analyze ${LEDGER}.cases`);
  const share = async (...among: string[]): Promise<number> => {
    const known = await frequencies().concerning(among);
    return (known?.cases ?? Number.NaN) / (known?.all ?? Number.NaN);
  };
  // One of five lies there.
  expect(await share('d:lake')).toBeGreaterThan(0.15);
  expect(await share('d:lake')).toBeLessThan(0.25);
  expect(await share('d:lake', 'u:unheard-of')).toBe(await share('d:lake'));
  // Of divisions each has its own; whom a case concerns besides is concerned by the same cases.
  const [lake, shore, finder] = ['d:lake', 'd:shore', `f:${variedRows(1)[0]?.finder ?? ''}`] as const;
  expect(await share(lake, shore)).toBeCloseTo((await share(lake)) + (await share(shore)), 5);
  expect(await share(lake, finder)).toBe(await share(finder));
  expect(await share(lake, shore, 'd:hill', 'd:north', 'd:south')).toBeLessThanOrEqual(1);
  // Of what was never met no more is known than that it concerns no more than the least of those that were.
  expect(await share('d:nowhere')).toBeLessThanOrEqual(await share('d:lake'));
});
