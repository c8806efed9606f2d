import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import { until } from '../../../test/support/cases.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { caughtUp, PlayedLog, townsOf } from '../../../test/support/played.js';
import { handlerLi, inspectorChen, inspectorDong, leaderLin } from '../../../test/support/province.js';
import {
  LEDGER_SORTS,
  type LedgerFilter,
  LedgerList,
  type LedgerOrder,
  MyWork,
  SearchCases,
} from '../../contracts/ledger.js';
import { type Actor } from '../../eventing/event.js';
import { type Frequencies } from '../asking/frequencies.js';
import { LedgerListHandler } from '../asking/list.handlers.js';
import { Scope } from '../asking/scope.js';
import { SearchCasesHandler } from '../asking/search.handler.js';
import { MyWorkHandler } from '../asking/worklists.handler.js';
import { Served } from '../versions/served.js';
import { LEDGER } from './columns.js';
import { indexLedger } from './indexes.js';
import { placesOf, type World } from './places.js';
import { meeting, missingIn, writeWhereabouts } from './whereabouts.js';

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
  await indexLedger(database.sql, LEDGER);
});
afterAll(() => database.drop());

const scope = (): Scope => new Scope(database.sql, queries, new Served(database.sql));

/** As if statistics said that so many of a million concern whoever asks, and half of them say the same. */
const known = (cases: number): Frequencies =>
  ({
    most: () => Promise.resolve({ rows: 5e5, share: 0.5, known: true }),
    telling: (grams: string[]) => Promise.resolve(grams),
    concerning: () => Promise.resolve({ cases, all: 1e6 }),
  }) as unknown as Frequencies;
const [FEW, MANY] = [known(10), known(5e5)];

const divisionsOf = (rows: readonly { divisions: readonly string[] }[]): string[] =>
  rows.map(({ divisions }) => divisions.join()).sort();

/** The divisions of what is listed. */
async function listed(
  caller: Actor,
  order: LedgerOrder = 'seq',
  asked: LedgerFilter = {},
  frequencies = MANY,
): Promise<string[]> {
  const list = new LedgerListHandler(database.sql, database.sql, scope(), frequencies);
  const filter: LedgerFilter = order === 'heldSince' ? { ...asked, open: 'true' } : asked;
  return divisionsOf((await list.execute(new LedgerList(caller, filter, 100, order))).rows);
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

test.each<[string, Actor, LedgerFilter, string[]]>([
  ['of one division', inspectorChen, { division: 'shore' }, ['bridge,sand', 'sand', 'sand', 'shore']],
  [
    'of several',
    inspectorChen,
    { division: 'bridge,shore' },
    ['bridge', 'bridge,sand', 'sand', 'sand', 'shore'],
  ],
  ['of one that has their own in it', leaderLin, { division: 'province' }, theirs],
  ['of several, one of which has', leaderLin, { division: 'shore,north' }, theirs],
  ['of another than their own', leaderLin, { division: 'shore' }, ['bridge,sand', 'sand', 'shore']],
  ['of none that there is', inspectorChen, { division: 'nowhere' }, []],
])('the same is listed %s, be they few or many', async (_, caller, filter, expected) => {
  for (const frequencies of [FEW, MANY])
    for (const order of ['seq', '-dueOn', 'heldSince'] as const)
      expect(await listed(caller, order, filter, frequencies)).toEqual(expected);
});

test('a search among the newest, and work lists, meet them too', async () => {
  const searches = new SearchCasesHandler(database.sql, database.sql, scope(), MANY);
  const [row] = await database.sql<{ description: string }[]>`
    select description from ${database.sql(LEDGER)}.cases limit 1`;
  const text = /[\p{L}]{4}/u.exec(row?.description ?? '')?.[0] ?? '';
  expect(divisionsOf((await searches.execute(new SearchCases(leaderLin, text, {}, 100))).rows)).toEqual(
    theirs,
  );
  const work = await new MyWorkHandler(database.sql, scope()).execute(new MyWork(handlerLi, 100));
  expect([...new Set(work.flatMap(({ rows }) => divisionsOf(rows)))].sort()).toEqual(theirs);
});

test('an index tells where they lie: rows of others are not looked at', async () => {
  const { met, schema } = await scope().of(leaderLin, {});
  const plan = await database.sql.begin(async (tx) => {
    // Of a table this small the planner would read all.
    await tx`set local enable_seqscan = off`;
    await tx`set local enable_sort = off`;
    return tx`explain select id from ${schema}.cases where ${met()} order by coalesce("dueOn", '9999-12-31'), seq`;
  });
  const lines = plan.map((line) => line['QUERY PLAN'] as string);
  expect(lines.join('\n')).toMatch(
    /Index Scan using cases_dueon on cases.*\n\s+Index Cond: \(COALESCE\(place/,
  );
});

test('what is missing is named: lists would pass it over', async () => {
  const { sql } = database;
  expect(await missingIn(sql, LEDGER)).toBeUndefined();
  const gone = { element: 'u:hill-office', place: 'shore' };
  await sql`delete from ${sql(LEDGER)}.whereabouts where ${sql('element')} = ${gone.element} and place = ${gone.place}`;
  expect(await listed(leaderLin)).toEqual(['bridge', 'bridge,sand']);
  expect(await missingIn(sql, LEDGER)).toBe(`whereabouts u:hill-office shore is missing in ${LEDGER}`);
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
