import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import { until } from '../../../test/support/cases.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { caughtUp, PlayedLog, townsOf } from '../../../test/support/played.js';
import { inspectorDong, leaderLin } from '../../../test/support/province.js';
import { LEDGER_SORTS, type LedgerFilter, LedgerList, type LedgerOrder } from '../../contracts/ledger.js';
import { type Actor } from '../../eventing/event.js';
import { Frequencies } from '../asking/frequencies.js';
import { LedgerListHandler } from '../asking/list.handlers.js';
import { Scope } from '../asking/scope.js';
import { Served } from '../versions/served.js';
import { LEDGER } from './columns.js';
import { placesOf, type World } from './places.js';
import { meeting, missingWhereabouts, writeWhereabouts } from './whereabouts.js';

const register = townsOf();
const world: World = { places: placesOf(() => register), zone: register.zone };
const queries = { execute: () => Promise.resolve(register) } as unknown as QueryBus;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  const log = new PlayedLog();
  // Hill County's office leads all of them, wherever they lie.
  for (const divisions of [['bridge'], ['sand'], ['bridge', 'sand'], ['shore']])
    await log.play(until.rectifying, { divisions });
  await log.play(until.registered, { divisions: ['sand'] });
  await caughtUp(database.sql, log, world);
});
afterAll(() => database.drop());

/** The divisions of what is listed, as it is met in an order. */
async function listed(caller: Actor, order: LedgerOrder = 'seq'): Promise<string[]> {
  const served = new Served(database.sql);
  const scope = new Scope(database.sql, queries, served);
  const unknown = new Frequencies(database.sql, served);
  const list = new LedgerListHandler(database.sql, database.sql, scope, unknown);
  const open: LedgerFilter = order === 'heldSince' ? { open: 'true' } : {};
  const { rows } = await list.execute(new LedgerList(caller, open, 100, order));
  return rows.map(({ divisions }) => divisions.join()).sort();
}

const theirs = ['bridge', 'bridge,sand', 'sand', 'shore'];

test('counties are counted by themselves, and what lies in two of them in neither', async () => {
  const places = await database.sql`select distinct place from ${database.sql(LEDGER)}.cases order by 1`;
  expect(places.map(({ place }) => place as string | null)).toEqual(['hill', 'shore', null]);
});

test.each(LEDGER_SORTS)('a unit meets its cases wherever they lie, in the order of %s', async (order) => {
  expect(await listed(leaderLin, order)).toEqual(theirs);
});

test('a county meets what lies in it, in others too, and nothing else', async () => {
  expect(await listed(inspectorDong)).toEqual(['bridge,sand', 'sand', 'sand', 'shore']);
});

test('what is missing is named: lists would pass it over', async () => {
  const { sql } = database;
  expect(await missingWhereabouts(sql, LEDGER)).toBeUndefined();
  const gone = { element: 'u:hill-office', place: 'shore' };
  await sql`delete from ${sql(LEDGER)}.whereabouts where ${sql('element')} = ${gone.element} and place = ${gone.place}`;
  expect(await listed(leaderLin)).toEqual(['bridge', 'bridge,sand']);
  expect(await missingWhereabouts(sql, LEDGER)).toEqual(gone);
  await sql.begin((tx) => writeWhereabouts(tx, LEDGER, [gone]));
  expect(await listed(leaderLin)).toEqual(theirs);
});

test('what lies in several places, and was met alone, is written as that', async () => {
  const { sql } = database;
  const alone = { element: 'u:nobody', place: '' };
  await sql.begin((tx) => writeWhereabouts(tx, LEDGER, [alone]));
  const found = await sql`select element, place from ${sql(LEDGER)}.whereabouts where element = 'u:nobody'`;
  expect([...found]).toEqual([alone]);
});

test('nothing is told twice', () => {
  const met = meeting();
  const row = { reach: ['d:hill', 'u:hill-office'], place: 'hill' };
  expect(met([row, row])).toHaveLength(2);
  expect(met([row])).toEqual([]);
  expect(met([{ ...row, place: null }])).toEqual([
    { element: 'd:hill', place: '' },
    { element: 'u:hill-office', place: '' },
  ]);
});
