import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import { excluded, moneyRecorded, until } from '../../../test/support/cases.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { caughtUp, DIVISIONS, PlayedLog, TODAY, townsOf } from '../../../test/support/played.js';
import { inspectorChen, inspectorDong, leaderLin } from '../../../test/support/province.js';
import { LedgerFigures, LedgerList } from '../../contracts/ledger.js';
import { type Actor } from '../../eventing/event.js';
import { LEDGER } from './columns.js';
import { LedgerFiguresHandler } from '../figures/figures.handler.js';
import { Frequencies } from '../asking/frequencies.js';
import { LedgerListHandler } from '../asking/list.handlers.js';
import { placesOf, type World } from './places.js';
import { relocate } from './relocation.js';
import { Scope } from '../asking/scope.js';
import { Served } from '../versions/served.js';

/** The town lies in another county of another city. */
const moved = DIVISIONS.map((one) => (one.id === 'stone' ? { ...one, parent: 'shore' } : one));
let register = townsOf();
const world: World = { places: placesOf(() => register), zone: register.zone };
const queries = { execute: () => Promise.resolve(register) } as unknown as QueryBus;

let database: TestDatabase;
let log: PlayedLog;
beforeAll(async () => {
  database = await createDatabase();
  log = new PlayedLog();
  await log.play([...until.rectifying, moneyRecorded], { divisions: ['bridge'] });
  await log.play(until.registered, { divisions: ['stone'] });
  await log.play([...until.rectifying, excluded], { divisions: ['bridge'] });
  await log.play(until.registered, { divisions: ['bridge', 'sand'] });
  await log.play(until.registered, { divisions: ['hill'] });
  await caughtUp(database.sql, log, world);
});
afterAll(() => database.drop());

async function seen(caller: Actor, division: string): Promise<[listed: number, counted: number]> {
  const served = new Served(database.sql);
  const scope = new Scope(database.sql, queries, served);
  const frequencies = new Frequencies(database.sql, served);
  const list = new LedgerListHandler(database.sql, database.sql, scope, frequencies);
  const figures = new LedgerFiguresHandler(database.sql, database.sql, scope, world, frequencies);
  const { rows } = await list.execute(new LedgerList(caller, { division }, 100));
  const { figures: all } = await figures.execute(new LedgerFigures(caller, { division }));
  return [rows.length, all[0]?.cases ?? 0];
}

const everything = async (): Promise<unknown> => {
  const { sql } = database;
  return {
    rows: await sql`select id, revision, reach, place from ${sql(LEDGER)}.cases order by id`,
    texts: await sql`select "caseId", reach, place from ${sql(LEDGER)}.search order by 1`,
    totals: await sql`select * from ${sql(LEDGER)}.totals where cases <> 0 order by 1, 2, 3, 4`,
    lineages: await sql`select * from ${sql(LEDGER)}.lineages order by 1`,
  };
};

test('while nothing moves nothing is written', async () => {
  const before = await everything();
  expect(await relocate(database.sql, LEDGER, world, TODAY)).toBe(0);
  expect(await everything()).toEqual(before);
});

describe('when a town moves to another county', () => {
  beforeAll(async () => {
    expect([await seen(leaderLin, 'hill'), await seen(inspectorDong, 'shore')]).toEqual([
      [5, 5],
      [1, 1],
    ]);
    register = townsOf(moved);
    expect(await relocate(database.sql, LEDGER, world, TODAY)).toBe(4);
  });

  test('scopes, lists and figures follow', async () => {
    expect(await seen(inspectorDong, 'shore')).toEqual([4, 4]);
    expect(await seen(inspectorDong, 'stone')).toEqual([4, 4]);
    expect(await seen(inspectorChen, 'south')).toEqual([4, 4]);
    expect(await seen(inspectorChen, 'north')).toEqual([1, 1]);
    // Where it still has the lead it is a party, and sees them there.
    expect(await seen(leaderLin, 'hill')).toEqual([1, 1]);
  });

  test('what lay in two counties lies in one, and is plain', async () => {
    const { sql } = database;
    const places = await sql<{ place: string }[]>`
      select place from ${sql(LEDGER)}.cases where divisions = array['bridge', 'sand']`;
    expect(places).toEqual([{ place: 'shore' }]);
  });

  test('the past stays where it was: the move is of its day', async () => {
    const figures = new LedgerFiguresHandler(
      database.sql,
      database.sql,
      new Scope(database.sql, queries, new Served(database.sql)),
      world,
      new Frequencies(database.sql, new Served(database.sql)),
    );
    const on = async (asOf: string): Promise<(number | undefined)[]> =>
      Promise.all(
        ['hill', 'shore'].map(async (division) => {
          const asked = new LedgerFigures(inspectorChen, { division, asOf });
          return (await figures.execute(asked)).figures[0]?.cases;
        }),
      );
    expect(await on('2026-09-19')).toEqual([3, 0]);
    expect(await on(TODAY)).toEqual([1, 3]);
  });

  test('it happens once, and comes to what a ledger made anew comes to', async () => {
    const moved = await everything();
    expect(await relocate(database.sql, LEDGER, world, TODAY)).toBe(0);
    await database.sql.unsafe(`drop schema ${LEDGER} cascade`);
    await caughtUp(database.sql, log, world);
    expect(await everything()).toEqual(moved);
  });
});

test('a move that was broken off is brought to its end', async () => {
  const { sql } = database;
  register = townsOf();
  expect(await relocate(sql, LEDGER, world, TODAY)).toBe(4);
  const done = await everything();
  // As if it had been told of nowhere, with the rows moved: before the last transaction.
  await sql`update ${sql(LEDGER)}.lineages set lineage = '{}' where division in ('stone', 'bridge')`;
  expect(await relocate(sql, LEDGER, world, TODAY)).toBe(0);
  expect(await everything()).toEqual(done);
});
