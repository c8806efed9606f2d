import { type QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../libs/contracts/envelope.js';
import {
  CountCases,
  LedgerCase,
  LedgerFigures,
  type LedgerFilter,
  LedgerList,
  MyWork,
  SearchCases,
} from '../../libs/contracts/ledger.js';
import { LEDGER, SHOWN } from '../../libs/ledger/columns.js';
import { LedgerFiguresHandler } from '../../libs/ledger/figures.handler.js';
import { CountCasesHandler, LedgerCaseHandler, LedgerListHandler } from '../../libs/ledger/list.handlers.js';
import { placesOf } from '../../libs/ledger/places.js';
import { indexLedger, migrateLedger } from '../../libs/ledger/projection.js';
import { connectReading } from '../../libs/ledger/reading.js';
import { Scope } from '../../libs/ledger/scope.js';
import { SearchCasesHandler } from '../../libs/ledger/search.handler.js';
import { Served } from '../../libs/ledger/served.js';
import { MyWorkHandler } from '../../libs/ledger/worklists.handler.js';
import { connect, type Sql } from '../../libs/platform/sql.js';
import { readSeed } from '../../libs/register/seed.js';
import { type Contest, type Size } from './contest.js';
import { fill, LONG_WORDS, WORDS } from './ledger-rows.js';
import { quantile, type Results } from './results.js';
import { type BenchServer } from './server.js';

/** What is asked of a ledger, and by hand the SQL that answers it for somebody who may see all that the SQL finds. */
export interface Question {
  name: string;
  ours: () => Promise<unknown>;
  byHand?: () => Promise<unknown>;
}

const TIMES = 40;
const COUNTY = '430121';
const at = (unit: string, role: Caller['role']): Caller => ({ person: 'bench', unit, role, via: 'http' });
const COUNTY_READER = at(`county-${COUNTY}`, 'leader');
const PROVINCE_READER = at('province-430000', 'leader');

/** Questions of ledgers of several sizes, each beside the SQL that somebody would write by hand. */
export async function ledgerContest(server: BenchServer, results: Results, size: Size): Promise<Contest> {
  const seeded = await readSeed('config/hunan/hunan.yaml');
  const register = { ...seeded, today: '2026-06-30' };
  const world = { places: placesOf(() => register), zone: register.zone };
  const ledgers: { cases: number; sql: Sql; questions: Question[] }[] = [];
  for (const cases of size.ledgers) {
    const { app, admin } = await server.create(`ledger_${cases}`);
    const filling = connect(admin, 1, { synchronous_commit: 'off' });
    await migrateLedger(filling);
    await fill(filling, LEDGER, cases, register, world);
    await indexLedger(filling, LEDGER);
    await filling.unsafe(
      `grant usage on schema ${LEDGER} to ${app.user}; grant select on all tables in schema ${LEDGER} to ${app.user}`,
    );
    await filling.end();
    const sql = connectReading(app, 4);
    const queries = { execute: () => Promise.resolve(register) } as unknown as QueryBus;
    ledgers.push({
      cases,
      sql,
      questions: questionsOf(sql, new Scope(sql, queries, new Served(sql)), world),
    });
  }
  return {
    round: async (turn) => {
      for (const { cases, questions } of turn(ledgers)) {
        for (const { name, ours, byHand } of questions) {
          for (const one of turn(['ours', 'byHand'] as const)) {
            const act = one === 'ours' ? ours : byHand;
            if (act) await timed(act, `ledger/${cases}/${name}/${one}`, results);
          }
        }
      }
    },
    end: async () => {
      for (const { cases, sql } of ledgers) {
        await sql.end({ timeout: 5 });
        await server.drop(`ledger_${cases}`);
      }
    },
  };
}

/** p50 and p95, in milliseconds. */
async function timed(act: () => Promise<unknown>, name: string, results: Results): Promise<void> {
  const took: number[] = [];
  for (let n = 0; n < TIMES + 5; n++) {
    const from = performance.now();
    await act();
    // The first ones open connections and warm what is compiled.
    if (n >= 5) took.push(performance.now() - from);
  }
  results.add(`${name}/p50`, quantile(took, 0.5));
  results.add(`${name}/p95`, quantile(took, 0.95));
}

function questionsOf(
  sql: Sql,
  scope: Scope,
  world: ConstructorParameters<typeof LedgerFiguresHandler>[2],
): Question[] {
  const lists = new LedgerListHandler(sql, scope);
  const counts = new CountCasesHandler(sql, scope);
  const searches = new SearchCasesHandler(sql, scope);
  const figures = new LedgerFiguresHandler(sql, scope, world);
  const cases = new LedgerCaseHandler(sql, scope);
  const work = new MyWorkHandler(sql, scope);
  const cursors = new Map<string, Promise<string | undefined>>();
  const list = (
    caller: Caller,
    filter: LedgerFilter = {},
    order: LedgerList['order'] = '-seq',
    after?: string,
  ) => lists.execute(new LedgerList(caller, filter, 50, order, after));
  /** A place twenty pages on, found once. */
  const deep = async (caller: Caller): Promise<unknown> => {
    const next =
      cursors.get(caller.unit) ??
      lists.execute(new LedgerList(caller, {}, 1000, '-dueOn')).then((page) => page.next);
    cursors.set(caller.unit, next);
    return list(caller, {}, '-dueOn', await next);
  };
  const page =
    (where: string, order = 'seq desc') =>
    () =>
      sql.unsafe(`select ${SHOWN} from ${LEDGER}.cases where ${where} order by ${order} limit 51`);
  const inCounty = `reach && array['d:${COUNTY}']`;
  const three = { status: 'closed', severity: 'major', amountFen: '1000000..50000000' };
  const threeByHand = `status = 'closed' and severity = 'major' and "amountFen" between 1000000 and 50000000`;
  const ids = sql.unsafe<{ id: string }[]>(
    `select id from ${LEDGER}.cases where ${inCounty} order by seq desc limit 1`,
  );
  const search = (name: string, text: string): Question[] =>
    (
      [
        ['county', COUNTY_READER, `${inCounty} and `],
        ['province', PROVINCE_READER, ''],
      ] as const
    ).map(([who, caller, near]) => ({
      name: `search ${name}, ${who}`,
      ours: () => searches.execute(new SearchCases(caller, text, {}, 50)),
      byHand: () =>
        sql.unsafe(`select ${SHOWN} from ${LEDGER}.search join ${LEDGER}.cases on id = "caseId"
            where ${near} grams @> array[${gramsIn(text)}] and said like '%${text}%' order by "atSeq" desc limit 51`),
    }));
  return [
    { name: 'list, county', ours: () => list(COUNTY_READER), byHand: page(inCounty) },
    { name: 'list, province', ours: () => list(PROVINCE_READER), byHand: page('true') },
    {
      name: 'list by due day, county',
      ours: () => list(COUNTY_READER, {}, 'dueOn'),
      byHand: page(inCounty, `coalesce("dueOn", '9999-12-31'), seq`),
    },
    {
      name: 'list by due day, province',
      ours: () => list(PROVINCE_READER, {}, 'dueOn'),
      byHand: page('true', `coalesce("dueOn", '9999-12-31'), seq`),
    },
    { name: 'deep page, county', ours: () => deep(COUNTY_READER) },
    { name: 'deep page, province', ours: () => deep(PROVINCE_READER) },
    {
      name: 'three filters, county',
      ours: () => list(COUNTY_READER, three),
      byHand: page(`${inCounty} and ${threeByHand}`),
    },
    { name: 'three filters, province', ours: () => list(PROVINCE_READER, three), byHand: page(threeByHand) },
    {
      name: 'count, county',
      ours: () => counts.execute(new CountCases(COUNTY_READER, {}, 10_000)),
      byHand: () => sql.unsafe(`select count(*), sum(weight) from ${LEDGER}.cases where ${inCounty}`),
    },
    ...search('2 characters, 0.01 %', WORDS.rare),
    ...search('2 characters, 1 %', WORDS.some),
    ...search('2 characters, 30 %', WORDS.frequent),
    ...search('4 characters, 0.01 %', LONG_WORDS.rare),
    ...search('4 characters, 1 %', LONG_WORDS.some),
    ...search('4 characters, 30 %', LONG_WORDS.frequent),
    {
      name: 'worklists, county handler',
      ours: () => work.execute(new MyWork({ ...COUNTY_READER, role: 'handler' }, 20)),
    },
    { name: 'worklists, province leader', ours: () => work.execute(new MyWork(PROVINCE_READER, 20)) },
    { name: 'figures, county', ours: () => figures.execute(new LedgerFigures(COUNTY_READER, {})) },
    { name: 'figures, province', ours: () => figures.execute(new LedgerFigures(PROVINCE_READER, {})) },
    {
      name: 'case',
      ours: async () => cases.execute(new LedgerCase(COUNTY_READER, (await ids)[0]?.id ?? '')),
      byHand: async () =>
        sql.unsafe(`select ${SHOWN} from ${LEDGER}.cases where id = $1`, [(await ids)[0]?.id ?? '']),
    },
  ];
}

const gramsIn = (text: string): string =>
  Array.from(text)
    .slice(1)
    .map((letter, n) => `'${Array.from(text)[n] ?? ''}${letter}'`)
    .join(', ');
