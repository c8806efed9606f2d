import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { BETWEEN, recordWriter } from './record-text.js';

interface Shelf {
  name: string | null;
  books: string[];
  holds: { part: string }[];
  height: number | null;
  open: boolean;
}

const write = recordWriter<Shelf>({
  name: 'text',
  books: 'text[] not null',
  holds: 'json not null',
  height: 'int',
  open: 'boolean not null',
});

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.sql`create schema s`;
  await database.sql`create table s.shelves (name text, books text[], holds json, height int, open boolean)`;
});
afterAll(() => database.drop());

const readBack = async (...shelves: Shelf[]): Promise<Shelf[]> => {
  const text = shelves.map(write).join(BETWEEN);
  const rows = await database.sql<Shelf[]>`
    select (r.s).* from (select t::s.shelves as s from unnest(string_to_array(${text}, ${BETWEEN})) t offset 0) r`;
  return rows.map((row) => ({ ...row }));
};

describe('rows as PostgreSQL writes them', () => {
  test.each<Shelf>([
    { name: 'a', books: ['x'], holds: [{ part: 'y' }], height: 7, open: true },
    { name: 'b', books: ['x', 'y-1', 'z'], holds: [{ part: 'y' }, { part: '\\' }], height: 7, open: true },
    { name: '(a', books: ['屋面', 'a(b)'], holds: [{ part: ')' }], height: 7, open: true },
    { name: 'a,b)', books: ['a\u00a0b', '屋 面', '\u3000'], holds: [{ part: ',' }], height: 7, open: true },
    { name: 'NULL', books: ['null'], holds: [{ part: 'null' }], height: 7, open: true },
    { name: ' a ', books: [''], holds: [{ part: ' ' }], height: 7, open: true },
    { name: ' ', books: ['a,b'], holds: [{ part: '(' }], height: 7, open: true },
    { name: '\n', books: ['('], holds: [{ part: '{' }], height: 7, open: true },
    { name: '', books: [], holds: [], height: null, open: false },
    { name: null, books: ['', 'null', 'NULL', 'a,b', '{}'], holds: [{ part: '' }], height: -1, open: true },
    {
      name: '"( ), \\ \n\t楼梯间 😀',
      books: ['"', '\\', '\\"', ' '],
      holds: [{ part: '"\\,\n' }],
      height: 0,
      open: true,
    },
  ])('come back as they went: %j', async (shelf) => {
    expect(await readBack(shelf)).toEqual([shelf]);
  });

  test('come back as they went, whatever their texts are', async () => {
    const text = fc.string({ unit: 'grapheme' }).filter((one) => !/[\0\u001e]/.test(one));
    const shelf = fc.record<Shelf>({
      name: fc.option(text),
      books: fc.array(text),
      holds: fc.array(fc.record({ part: text })),
      height: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      open: fc.boolean(),
    });
    const shelves = fc.sample(shelf, 500);
    expect(await readBack(...shelves)).toEqual(shelves);
  });

  test('a separator inside a text does not cut the row', async () => {
    const holds = [{ part: BETWEEN }];
    const shelf = { name: `a${BETWEEN}b`, books: [BETWEEN], holds, height: 1, open: true };
    expect(await readBack(shelf, shelf)).toEqual(
      [shelf, shelf].map((one) => ({ ...one, name: 'a b', books: [' '] })),
    );
  });
});
