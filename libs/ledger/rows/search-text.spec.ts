import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import 'reflect-metadata';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { rowWith } from '../../../test/support/ledger-rows.js';
import { type Moved } from '../../eventing/project.js';
import { LEDGER } from './columns.js';
import { migrateLedger } from './projection.js';
import { type Row } from './row.js';
import { gramsOf, searchTexts, writeTexts } from './search-text.js';

const texts = searchTexts(LEDGER);
const row = rowWith(1, { description: '屋面渗漏' });
const reach = [...row.reach, 'u:hill-office'];
type Step = [before: Row | undefined, change: Partial<Row>];

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await migrateLedger(database.sql);
});
beforeEach(() => database.sql`truncate ${database.sql(LEDGER)}.search`);
afterAll(() => database.drop());

/** What stands there after these batches. */
async function after(...batches: Step[][]): Promise<object[]> {
  const { sql } = database;
  for (const batch of batches) {
    const noted = texts.nothing();
    for (const [before, change] of batch)
      texts.note(noted, {} as never, { before, change, at: '' } satisfies Moved<Row>);
    await sql.begin((tx) => texts.write(tx, noted));
  }
  return [...(await sql`select said like '%屋面渗漏%' as said, reach, place from ${sql(LEDGER)}.search`)];
}

const written = { said: true, reach, place: row.place };

test.each([
  ['屋面渗漏', ['屋面', '面渗', '渗漏']],
  ['屋面，渗漏 a1', ['屋面', '渗漏', 'a1']],
  ['渗漏渗漏', ['渗漏', '漏渗']],
  ['在𠮷野家', ['在𠮷', '𠮷野', '野家']],
  ['🏚️屋 面', []],
  ['', []],
])('is found by the pairs of its letters and digits: %s', (text, grams) => {
  expect(gramsOf(text)).toEqual(grams);
});

test.each([
  ['在𠮷野家，a1', ['在𠮷', '𠮷野', '野家', 'a1']],
  ['屋面', ['屋面']],
  ['null', ['nu', 'ul', 'll']],
  ['屋', []],
])('and written with them: %s', async (description, grams) => {
  const { sql } = database;
  const others = {
    ...{
      caseNumber: '',
      intakeNumber: null,
      sourceDocument: null,
      batch: null,
      taskText: null,
      address: null,
    },
    ...{ foundBy: null, principal: null, basis: null, fundDocument: null, statedUnit: null, remark: null },
  };
  await writeTexts(sql as never, LEDGER, [{ ...row, ...others, description }]);
  const [written] = await sql`select grams from ${sql(LEDGER)}.search`;
  expect(written).toEqual({ grams });
});

test('is found by what stands together between what is no letter and no digit, whatever it says', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('屋', '𠮷', 'a', '1', '，', '🏚️') }),
  );
  fc.assert(
    fc.property(text, (said) => {
      const runs = said.split(/[^\p{L}\p{N}]+/u).map((run) => Array.from(run));
      const pairs = runs.flatMap((run) => run.slice(1).map((letter, n) => `${run[n] ?? ''}${letter}`));
      expect(gramsOf(said)).toEqual([...new Set(pairs)]);
    }),
    { numRuns: 2000 },
  );
});

test('whom a case concerns is written when that alone changes', async () => {
  expect(await after([[undefined, row]], [[row, { reach }]])).toEqual([written]);
});

test('and where it is counted, be it all that changes', async () => {
  const change = { reach: row.reach, place: null };
  expect(await after([[undefined, row]], [[row, change]])).toEqual([{ ...written, ...change }]);
  expect(
    await after([
      [undefined, row],
      [row, change],
    ]),
  ).toEqual([{ ...written, ...change }]);
});

test('and with its texts, when both come in one batch', async () => {
  expect(
    await after([
      [undefined, row],
      [row, { reach }],
    ]),
  ).toEqual([written]);
});

test('nothing is noted where it concerns the same as before', () => {
  const noted = texts.nothing();
  const change = { reach: [...row.reach], revision: 2 };
  texts.note(noted, {} as never, { before: row, change, at: '' });
  expect(noted).toEqual(texts.nothing());
});
