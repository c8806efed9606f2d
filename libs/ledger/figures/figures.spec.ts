import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import {
  assigned,
  assigning,
  did,
  excluded,
  failed,
  moneyRecorded,
  reopened,
  returned,
  until,
} from '../../../test/support/cases.js';
import { restricted, terminated } from '../../../test/support/afterwards.js';
import { adopted } from '../../../test/support/intake.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { caughtUp, PlayedLog, townsOf } from '../../../test/support/played.js';
import * as people from '../../../test/support/province.js';
import {
  CountCases,
  type Figure,
  type Figures,
  type FiguresAsked,
  LedgerFigures,
  type LedgerCount,
} from '../../contracts/ledger.js';
import { type Actor } from '../../eventing/event.js';
import { type Sql } from '../../platform/sql.js';
import { LEDGER, NAMES, quoted } from '../rows/columns.js';
import { summedUp } from '../rows/deltas.js';
import { Frequencies } from '../asking/frequencies.js';
import { LedgerFiguresHandler } from './figures.handler.js';
import { CountCasesHandler } from '../asking/list.handlers.js';
import { placesOf, type World } from '../rows/places.js';
import { type Row } from '../rows/row.js';
import { connectReading } from '../asking/reading.js';
import { Scope } from '../asking/scope.js';
import { Served } from '../versions/served.js';

const register = townsOf();
const world: World = { places: placesOf(() => register), zone: register.zone };
const queries = { execute: () => Promise.resolve(register) } as unknown as QueryBus;
const withLake = did(people.dispatcherQian, { ...assigning, coUnits: ['lake-office'] });

let database: TestDatabase;
/** As the application asks what goes through few rows. */
let once: Sql;
let figures: LedgerFiguresHandler;
let counts: CountCasesHandler;

beforeAll(async () => {
  database = await createDatabase();
  const log = new PlayedLog();
  await log.play(until.registered, { divisions: ['bridge'] });
  await log.play([...until.rectifying, moneyRecorded], {
    divisions: ['hill'],
    categories: ['roof', 'money'],
  });
  await log.play([...until.registered, withLake], { divisions: ['stone'], weight: 500 });
  await log.play([...until.closed, reopened], {
    ...{ divisions: ['lake'], amountFen: 9_000, categories: ['money', 'roof'] },
  });
  await log.play(until.closed, { divisions: ['fen'], source: { code: 'AU' } });
  await log.play([...until.rectified, failed], { divisions: ['sand'] });
  await log.play([...until.rectified, terminated], { divisions: ['north'] });
  await log.play([adopted], {});
  await log.play([...until.registered, assigned, returned], { divisions: ['bridge', 'reed'], amountFen: 70 });
  await log.play([...until.rectifying, restricted], { divisions: ['stone'] });
  await log.play([...until.rectifying, excluded], { divisions: ['hill'], categories: ['money'] });
  await log.play(until.registered, { divisions: ['cliff'], visibility: 'discipline' });
  await caughtUp(database.sql, log, world);
  const served = new Served(database.sql);
  const scope = new Scope(database.sql, queries, served);
  const frequencies = new Frequencies(database.sql, served);
  once = connectReading(database.app, 1, 'once');
  figures = new LedgerFiguresHandler(database.sql, once, scope, world, frequencies);
  counts = new CountCasesHandler(database.sql, scope);
});
afterAll(async () => {
  await once.end();
  await database.drop();
});

const asked = (caller: Actor, what: FiguresAsked = {}): Promise<Figures> =>
  figures.execute(new LedgerFigures(caller, what));

const everyFigureOf = (all: Figures): Figure[] => {
  const groups = all.groups ?? [];
  const rates = [all, ...groups].flatMap((one) => one.rates);
  return [
    ...[all, ...groups].flatMap((one) => one.figures),
    ...rates.flatMap(({ numerator, denominator }) => [numerator, denominator]),
    ...[...(all.lights ?? []), ...(all.ageing ?? [])],
  ];
};

/** Figures, each filter once, that say something else than the list behind them. */
async function untrue(caller: Actor, what: FiguresAsked): Promise<unknown[]> {
  const seen = new Map<string, LedgerCount>();
  const wrong: unknown[] = [];
  for (const { name, cases, weight, filter = {} } of everyFigureOf(await asked(caller, what))) {
    const key = JSON.stringify(filter);
    const listed = seen.get(key) ?? (await counts.execute(new CountCases(caller, filter, 1000)));
    seen.set(key, listed);
    if (listed.cases !== cases || listed.weight !== weight) wrong.push([name, filter, cases, weight, listed]);
  }
  return wrong;
}

const CALLERS: Record<string, Actor> = {
  'an inspector of the province': people.inspectorChen,
  'a registrar of the city': people.registrarGu,
  'who is excluded from one': people.verifierZhou,
  'a leader of the county': people.leaderLin,
  'a handler of another county, a party to one': people.handlerDuan,
  'an inspector of the other county': people.inspectorDong,
};
const ASKED: readonly FiguresAsked[] = [
  {},
  { by: 'division' },
  { by: 'category', source: 'PC' },
  { by: 'source', division: 'hill' },
  { by: 'division', division: 'hill' },
  { division: 'stone', category: 'roof,money', by: 'category' },
  { division: 'province' },
];

describe.each(Object.entries(CALLERS))('what is told to %s', (_, caller) => {
  test.each(ASKED)('lists exactly the cases behind it: %j', async (what) => {
    expect(await untrue(caller, what)).toEqual([]);
  });
});

async function rows(): Promise<Row[]> {
  return database.sql<Row[]>`
    select ${database.sql.unsafe(NAMES.map(quoted).join(', '))} from ${database.sql(LEDGER)}.cases`;
}

const KEYS = [
  'place',
  'category',
  'source',
  'measure',
  'cases',
  'weight',
  'amountFen',
  'rectifiedFen',
] as const;
const textOf = (one: Record<(typeof KEYS)[number], string | number>): string =>
  KEYS.map((name) => one[name]).join();

test('what is kept is what the rows say, and the sum of all days', async () => {
  const { sql } = database;
  const said = new Map<string, Record<string, number>>();
  for (const row of await rows())
    for (const { place, category, source, measure, day: _, ...sums } of summedUp([
      { before: undefined, after: row, day: '' },
    ])) {
      const key = [place, category, source, measure].join();
      const before = said.get(key) ?? {};
      said.set(
        key,
        Object.fromEntries(Object.entries(sums).map(([name, n]) => [name, (before[name] ?? 0) + n])),
      );
    }
  const totals = await sql<never[]>`
    select ${sql(KEYS as never)} from ${sql(LEDGER)}.totals where cases <> 0`;
  expect(totals.map(textOf).sort()).toEqual(
    [...said].map(([key, sums]) => [key, ...Object.values(sums)].join()).sort(),
  );
  const summed = await sql<never[]>`
    select place, category, source, measure, sum(cases)::bigint as cases, sum(weight)::bigint as weight,
      sum("amountFen")::bigint as "amountFen", sum("rectifiedFen")::bigint as "rectifiedFen"
    from ${sql(LEDGER)}.deltas group by 1, 2, 3, 4 having sum(cases) <> 0`;
  expect(summed.map(textOf).sort()).toEqual(totals.map(textOf).sort());
});

test('money is told with the cases', async () => {
  const { figures: all } = await asked(people.inspectorChen, { division: 'lake' });
  const { groups = [] } = await asked(people.inspectorChen, { division: 'hill', by: 'category' });
  expect(all.find(({ name }) => name === 'ended')).toMatchObject({ cases: 2, amountFen: 1_259_000 });
  expect(groups.map(({ key, figures: [every] }) => [key, every?.rectifiedFen])).toEqual([
    ['money', 0],
    ['roof', 250_000],
  ]);
});

test('groups by division add up to the whole, where nothing lies in several or higher up', async () => {
  const { figures: all, groups = [] } = await asked(people.inspectorChen, { by: 'division' });
  expect(groups.map(({ key }) => key)).toEqual(['north', 'south']);
  expect(groups.reduce((sum, { figures: [every] }) => sum + (every?.cases ?? 0), 0)).toBe(all[0]?.cases);
});

describe('a rate', () => {
  test('stands beside its cases, and says where they are few', async () => {
    const { rates } = await asked(people.inspectorChen);
    const of = (name: string) => rates.find((one) => one.name === name);
    expect(of('closed')).toMatchObject({ n: 12, few: false, value: 87, numerator: { cases: 1 } });
    expect(of('passed-first')).toMatchObject({ n: 3, few: true, value: 667 });
    expect(of('reopened-relapse')).toMatchObject({ n: 4, value: 250 });
    expect(of('reopened-petitioner')).toMatchObject({ value: 0, numerator: { cases: 0 } });
  });

  test('says nothing where there is nothing to divide by', async () => {
    const { rates } = await asked(people.inspectorDong, { category: 'money' });
    expect(rates.every(({ n, value, few }) => n === 0 && value === null && few)).toBe(true);
  });
});

describe('figures of a day that is over', () => {
  const counted = async (asOf: string, what: FiguresAsked = {}): Promise<Record<string, number>> => {
    const { figures: all } = await asked(people.registrarGu, { ...what, asOf });
    return Object.fromEntries(all.map(({ name, cases }) => [name, cases]));
  };

  test('stay as they were reported when a case is reopened', async () => {
    // Two were closed on the tenth; one of them was reopened on the eleventh.
    expect(await counted('2026-09-09')).toMatchObject({ closed: 0, reopened: 0 });
    expect(await counted('2026-09-10')).toMatchObject({ closed: 2, reopened: 0, 'ever-closed': 2 });
    expect(await counted('2026-09-11')).toMatchObject({ closed: 1, reopened: 1, 'ever-closed': 2 });
    expect(await counted('2026-09-10', { division: 'lake', source: 'AU' })).toMatchObject({ closed: 1 });
  });

  test('say that they are of plain cases, list nothing, and know no lights', async () => {
    const all = await asked(people.registrarGu, { asOf: '2026-09-10', by: 'division' });
    expect(all).toMatchObject({ asOf: '2026-09-10', plainOnly: true });
    expect([all.lights, all.ageing, all.figures.some(({ filter }) => filter)]).toEqual([
      undefined,
      undefined,
      false,
    ]);
    expect(all.groups?.map(({ key }) => key)).toEqual(['hill', 'lake']);
  });

  test.each([
    ['a day ahead', { asOf: '2026-09-21' }, 'asOf'],
    ['what is smaller than a county', { asOf: '2026-09-10', division: 'stone' }, 'asOf'],
    ['what lies elsewhere', { asOf: '2026-09-10', division: 'shore' }, 'asOf'],
    ['a division that is none', { division: 'atlantis' }, 'division'],
    ['a list with a hole in it', { category: 'roof,,money' }, 'category'],
  ])('are not told of %s', async (_, what, field) => {
    const refused = await asked(people.registrarGu, what).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'input/invalid', details: { errors: [{ field }] } });
  });
});
