import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { makingWay } from './pace.js';
import { connect } from './sql.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** For how long it would rest after work of so many milliseconds. */
async function rests(...worked: number[]): Promise<number[]> {
  const rested: number[] = [];
  const pace = makingWay(database.sql, (ms) => Promise.resolve(rested.push(ms)));
  for (const ms of worked) await pace(ms);
  return rested;
}

test('whoever works alone does not rest', async () => {
  expect(await rests(5, 10)).toEqual([]);
});

test('beside somebody else most of the time is theirs, and no rest is long', async () => {
  const other = connect(database.app, 1, { application_name: 'xiaohao 1' });
  try {
    await other`select`;
    expect(await rests(5, 10, 60_000)).toEqual([20, 40, 2000]);
  } finally {
    await other.end();
  }
});
