import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import { reopened, until } from '../../../test/support/cases.js';
import { restricted } from '../../../test/support/afterwards.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { caughtUp, PlayedLog, townsOf } from '../../../test/support/played.js';
import { handlerDuan, leaderLin, reviewerFu } from '../../../test/support/province.js';
import { LedgerCase, LedgerCaseAsOf } from '../../contracts/ledger.js';
import { LEDGER } from '../rows/columns.js';
import { LedgerCaseAsOfHandler } from './as-of.handler.js';
import { LedgerCaseHandler } from './list.handlers.js';
import { placesOf } from '../rows/places.js';
import { Scope } from './scope.js';
import { Served } from '../versions/served.js';

const register = townsOf();
const queries = { execute: () => Promise.resolve(register) } as unknown as QueryBus;

let database: TestDatabase;
let log: PlayedLog;
let handler: LedgerCaseAsOfHandler;
let id: string;
/** The ordinal of its last event. */
let last: number;
beforeAll(async () => {
  database = await createDatabase();
  log = new PlayedLog();
  await log.play(until.closed);
  id = await log.play([...until.closed, reopened, restricted]);
  last = log.all.length;
  await log.play(until.registered);
  await caughtUp(database.sql, log, { places: placesOf(() => register), zone: register.zone });
  handler = new LedgerCaseAsOfHandler(
    database.sql,
    log,
    new Scope(database.sql, queries, new Served(database.sql)),
  );
});
afterAll(() => database.drop());

const asOf = (then: LedgerCaseAsOf['then'], caller = leaderLin) =>
  handler.execute(new LedgerCaseAsOf(caller, id, then));

test('a case is told of as it was at the end of a day', async () => {
  // An event a day since the first of September, at noon.
  expect(await asOf({ day: '2026-09-01' })).toMatchObject({ revision: 0, status: 'registered', leads: [] });
  expect(await asOf({ day: '2026-09-10' })).toMatchObject({
    ...{ revision: 9, status: 'closed', closures: 1, reopened: 0, visibility: 'normal', asOf: '2026-09-10' },
  });
  expect(await asOf({ day: '2026-09-11' })).toMatchObject({ revision: 10, status: 'rectifying', round: 2 });
});

test('days end as they do in the deployment', async () => {
  const { sql } = database;
  const [{ at } = { at: '' }] = await sql<{ at: string }[]>`
    select "registeredAt" as at from ${sql(LEDGER)}.cases where id = ${id}`;
  expect(at).toBe('2026-09-01T04:00:00.000Z');
  expect(await asOf({ day: '2026-08-31' })).toBeNull();
});

test('or behind an ordinal of the log', async () => {
  expect(await asOf({ ordinal: last - 3 })).toMatchObject({ revision: 8, status: 'verified', seq: 11 });
  expect(await asOf({ ordinal: last - 2 })).toMatchObject({ revision: 9, status: 'closed' });
  expect(await asOf({ ordinal: last + 1 })).toMatchObject({ revision: 11 });
});

test('today it is what it is', async () => {
  const one = new LedgerCaseHandler(database.sql, new Scope(database.sql, queries, new Served(database.sql)));
  const now = await one.execute(new LedgerCase(leaderLin, id));
  expect(await asOf({ day: register.today })).toEqual({ ...now, asOf: register.today });
});

test('before its registration there was none', async () => {
  expect(await asOf({ day: '2026-08-30' })).toBeNull();
  expect(await asOf({ ordinal: 5 })).toBeNull();
});

test('who does not see it now does not see it then either', async () => {
  // It is restricted since, and was not.
  for (const caller of [reviewerFu, handlerDuan]) {
    const seen = await asOf({ day: '2026-09-10' }, caller);
    expect([caller.person, seen === null]).toEqual([caller.person, caller !== reviewerFu]);
  }
});

test.each([
  ['a day', { day: '2026-09-21' }, 'asOf'],
  ['an ordinal', { ordinal: 1000 }, 'ordinal'],
])('%s that is not over is refused', async (_, then, field) => {
  const refused = await asOf(then).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'input/invalid', details: { errors: [{ field }] } });
});

test('what could not be read is told of as far as it could', async () => {
  const { sql } = database;
  const halt = { stream: `case-${id}`, revision: 10, ordinal: last - 1, event_id: id, reason: 'test' };
  await sql`insert into ${sql(LEDGER)}.halted ${sql(halt)}`;
  expect(await asOf({ day: register.today })).toMatchObject({ revision: 9, haltedAt: 10 });
  await sql`delete from ${sql(LEDGER)}.halted`;
});
