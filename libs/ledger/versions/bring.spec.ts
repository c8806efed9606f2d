import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { type StoredEvent } from '../../eventing/event.js';
import { prepare, type Projection } from '../../eventing/project.js';
import { type Feed } from '../../eventing/store.js';
import { bringTo, placeOf } from './bring.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.sql`create schema brought`;
  await prepare(database.sql, 'brought');
});
afterAll(() => database.drop());

/** Makes no rows: how far it has come is all that is asked. */
const nothing = {
  schema: 'brought',
  wants: () => false,
  load: () => Promise.resolve(new Map()),
  save: () => Promise.resolve(),
} as unknown as Projection<{ revision: number }, { type: string }>;

const event = (): StoredEvent => ({
  ...{ stream: 'box-a', revision: 0, id: randomUUID(), type: 'Saved', data: '{}', meta: '{}' },
});
const PAGES = [[event(), event()], [event()], [event(), event()]];
const feed: Feed = {
  async *follow() {
    for (const [n, events] of PAGES.entries())
      yield await Promise.resolve({ events, next: String(n + 1), more: n + 1 < PAGES.length });
  },
};

test('rows are brought exactly to a place, and others have their turn before every page', async () => {
  const worked: number[] = [];
  const to = { position: '3', ordinal: 4 };
  await bringTo(nothing, feed, database.sql, to, undefined, (ms) => Promise.resolve(void worked.push(ms)));
  expect(await placeOf(database.sql, 'brought')).toEqual(to);
  expect(worked).toHaveLength(3);
  expect(worked.every((ms) => ms >= 0)).toBe(true);
});
