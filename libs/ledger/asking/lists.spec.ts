import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { variedRows } from '../../../test/support/ledger-rows.js';
import { inspectorChen, inspectorDong, post, province } from '../../../test/support/province.js';
import {
  CountCases,
  type LedgerFilter,
  LEDGER_SORTS,
  LedgerList,
  type LedgerOrder,
  type LedgerSort,
  type ListedRow,
  SearchCases,
} from '../../contracts/ledger.js';
import { type Sql } from '../../platform/sql.js';
import { LEDGER } from '../rows/columns.js';
import { lookedAt } from './lights.js';
import { CountCasesHandler, LedgerListHandler } from './list.handlers.js';
import { indexLedger } from '../rows/indexes.js';
import { ledgerProjection, migrateLedger } from '../rows/projection.js';
import { type Row } from '../rows/row.js';
import { connectReading } from './reading.js';
import { Scope } from './scope.js';
import { Frequencies } from './frequencies.js';
import { Served } from '../versions/served.js';
import { SearchCasesHandler } from './search.handler.js';
import { searchTexts } from '../rows/search-text.js';

/** More than a search looks through one by one; half of them say the same, which is more than it takes for few. */
const COUNT = 2400;
const TODAY = '2026-09-01';
const register = { ...province, today: TODAY };
const queries = { execute: () => Promise.resolve(register) } as unknown as QueryBus;
const rows = variedRows(COUNT);
const all = inspectorChen;

let database: TestDatabase;
/** As the application asks what goes through few rows. */
let once: Sql;
let lists: LedgerListHandler;
let counts: CountCasesHandler;
let searches: SearchCasesHandler;
beforeAll(async () => {
  database = await createDatabase();
  const { sql } = database;
  await migrateLedger(sql);
  const texts = searchTexts(LEDGER);
  const noted = texts.nothing();
  for (const row of rows) texts.note(noted, {} as never, { before: undefined, change: row, at: '' });
  await sql.begin(async (tx) => {
    await ledgerProjection().save(tx, rows);
    await texts.write(tx, noted);
  });
  await indexLedger(sql, LEDGER);
  once = connectReading(database.app, 1, 'once');
  const served = new Served(sql);
  const scope = new Scope(sql, queries, served);
  lists = new LedgerListHandler(sql, once, scope, new Frequencies(sql, served));
  counts = new CountCasesHandler(sql, scope);
  searches = new SearchCasesHandler(sql, once, scope, new Frequencies(sql, served));
});
afterAll(async () => {
  await once.end();
  await database.drop();
});

async function everyPage(
  order: LedgerOrder,
  filter: LedgerFilter,
  limit = 137,
  { who = all, handler = lists } = {},
): Promise<ListedRow[]> {
  const found: ListedRow[] = [];
  for (let after: string | undefined; ;) {
    const page = await handler.execute(new LedgerList(who, filter, limit, order, after));
    found.push(...page.rows);
    after = page.next;
    if (after === undefined) return found;
  }
}

const numbers = (found: readonly { seq: number }[]): number[] => found.map(({ seq }) => seq);
const newest = (matching: (row: Row) => boolean): number[] => numbers(rows.filter(matching)).reverse();

/** What has no value comes where the documented order has it. */
const EMPTY: Record<LedgerSort, string | number> = {
  ...{ seq: 0, foundOn: '', dueOn: '9999-12-31', amountFen: 0, heldSince: '', closedAt: '' },
};

describe.each(LEDGER_SORTS)('put in order by %s', (sort) => {
  const valueOf = (row: Row): string | number => row[sort] ?? EMPTY[sort];
  // Longest held is told of what is under way.
  const narrowed: LedgerFilter = sort === 'heldSince' ? { open: 'true' } : {};
  const sorted = rows
    .filter(({ open }) => open || narrowed.open === undefined)
    .sort((a, b) => {
      const [one, other] = [valueOf(a), valueOf(b)];
      return one < other ? -1 : one > other ? 1 : a.seq - b.seq;
    });

  test('each row stands on exactly one page, in order', async () => {
    expect(numbers(await everyPage(sort, narrowed))).toEqual(numbers(sorted));
    expect(numbers(await everyPage(`-${sort}`, narrowed))).toEqual(numbers(sorted).reverse());
  });

  test('also where it is narrowed', async () => {
    const open = sorted.filter((row) => row.open && row.categories.includes('roof'));
    expect(numbers(await everyPage(sort, { open: 'true', categories: 'roof' }, 11))).toEqual(numbers(open));
  });
});

/** As if statistics said that so many of a million concern somebody. */
const where = (cases: number): LedgerListHandler => {
  const { sql } = database;
  const frequencies = { concerning: () => Promise.resolve({ cases, all: 1e6 }) } as unknown as Frequencies;
  return new LedgerListHandler(sql, once, new Scope(sql, queries, new Served(sql)), frequencies);
};

test('what is asked with nothing but a scope is planned once, and what has a filter for what it asks', async () => {
  const asked = async (of: { filter: LedgerFilter; caller?: typeof all }): Promise<boolean> => {
    const known = async (): Promise<number> => (await once`select from pg_prepared_statements`).length;
    const before = await known();
    await lists.execute(new LedgerList(of.caller ?? all, of.filter, 7, '-amountFen'));
    return (await known()) > before;
  };
  expect(await asked({ filter: { categories: 'roof' } })).toBe(false);
  expect(await asked({ filter: {} })).toBe(true);
});

test.each(LEDGER_SORTS.flatMap((sort) => [sort, `-${sort}` as const]))(
  'whether few cases are somebody’s or many, their pages are the same: put in order by %s',
  async (order) => {
    const filter: LedgerFilter = order.endsWith('heldSince') ? { open: 'true' } : {};
    for (const narrowed of [filter, { ...filter, categories: 'roof' }]) {
      const few = await everyPage(order, narrowed, 11, { who: inspectorDong, handler: where(10) });
      const many = await everyPage(order, narrowed, 11, { who: inspectorDong, handler: where(1e6) });
      expect(numbers(few)).toEqual(numbers(many));
      expect(few.length).toBeGreaterThan(11);
      expect(few.length).toBeLessThan(COUNT);
    }
  },
);

test.each<LedgerFilter>([{}, { open: 'false' }, { status: 'assigned' }])(
  'longest held first is refused of more than what is under way: %j',
  async (filter) => {
    const refused = { code: 'input/invalid', details: { errors: [{ field: 'sort', rule: 'open' }] } };
    await expect(everyPage('-heldSince', filter)).rejects.toMatchObject(refused);
  },
);

describe('a filter', () => {
  const within = (value: string | null, from: string, to: string): boolean =>
    value !== null && value >= from && value <= to;
  test.each<[string, LedgerFilter, (row: Row) => boolean]>([
    ['of one value', { status: 'submitted' }, ({ status }) => status === 'submitted'],
    ['of several', { status: 'submitted,closed' }, ({ status }) => ['submitted', 'closed'].includes(status)],
    ['of a list', { categories: 'roof,none' }, ({ categories }) => categories.includes('roof')],
    ['of a text', { description: '屋面' }, ({ description }) => description.includes('屋面')],
    [
      'of signs that mean something to the database',
      { description: '% 号_\\' },
      (row) => row.description.includes('% 号_\\'),
    ],
    ['of nothing but such a sign', { description: '%' }, ({ description }) => description.includes('%')],
    ['from a day', { dueOn: '2026-09-10..' }, ({ dueOn }) => within(dueOn, '2026-09-10', '9')],
    ['up to a day', { dueOn: '..2026-09-10' }, ({ dueOn }) => within(dueOn, '', '2026-09-10')],
    ['of a day', { foundOn: '2026-08-15' }, ({ foundOn }) => foundOn === '2026-08-15'],
    // 16:30 in UTC is the next day in Shanghai.
    [
      'of a day of the deployment',
      { closedAt: '2026-08-02..2026-08-20' },
      ({ closedAt }) => closedAt !== null && closedAt >= '2026-08-01T16' && closedAt < '2026-08-20T16',
    ],
    ['from a number to another', { amountFen: '2000..5000' }, (row) => between(row.amountFen, 2000, 5000)],
    ['of a number', { amountFen: '3000' }, ({ amountFen }) => amountFen === 3000],
    ['of what is empty', { amountFen: 'is:empty' }, ({ amountFen }) => amountFen === null],
    ['of what is filled', { flags: 'is:filled' }, ({ flags }) => flags.length > 0],
    ['of a flag', { open: 'false' }, ({ open }) => !open],
    ['of a division', { division: 'north' }, ({ divisions }) => !divisions.includes('shore')],
    ['of a division within', { division: 'lake,shore' }, (row) => /lake|shore/.test(row.divisions.join())],
    ['of days held', { heldDays: '10..20' }, (row) => between(lookedAt(row, TODAY).heldDays, 10, 20)],
    ['of so many days held', { heldDays: '16' }, (row) => lookedAt(row, TODAY).heldDays === 16],
    ['of at most so many', { heldDays: '..16' }, (row) => lookedAt(row, TODAY).heldDays <= 16],
    ['of at least so many', { heldDays: '16..' }, (row) => lookedAt(row, TODAY).heldDays >= 16],
    ['of any days held', { heldDays: '-999999999999999..999999999999999' }, () => true],
    ['of what is completed', { completed: 'true' }, ({ closedAt }) => closedAt !== null],
    [
      'with three conditions',
      { status: 'assigned,rectifying', division: 'hill', amountFen: '1..' },
      (row) =>
        ['assigned', 'rectifying'].includes(row.status) &&
        row.divisions.includes('hill') &&
        (row.amountFen ?? 0) > 0,
    ],
  ])('%s', async (_, filter, matching) => {
    const expected = newest(matching);
    expect(expected.length).toBeGreaterThan(0);
    expect(numbers(await everyPage('-seq', filter))).toEqual(expected);
    const counted = await counts.execute(new CountCases(all, filter, COUNT));
    expect(counted).toEqual({ cases: expected.length, weight: expected.length * 1000, more: false });
  });

  test.each(['20..10', '999999999999999..', '..-999999999999999'])(
    'of %s days held lists none',
    async (heldDays) => {
      expect(await everyPage('-seq', { heldDays })).toEqual([]);
    },
  );

  test('of a light shows what the light shows', async () => {
    for (const light of ['red', 'yellow', 'blue', 'green', 'grey']) {
      const found = await everyPage('-seq', { light });
      const looked = rows.map((row) => lookedAt({ ...row, duties: dutiesOf(row) }, TODAY));
      expect([light, numbers(found)]).toEqual([
        light,
        numbers(looked.filter((row) => row.light === light)).reverse(),
      ]);
    }
  });

  test.each<[string, LedgerFilter, string]>([
    ['no column', { nonsense: '1' }, 'nonsense'],
    ['a name that every object has', { constructor: '1' }, 'constructor'],
    ['no number', { amountFen: 'many' }, 'amountFen'],
    ['a number too large to be whole', { amountFen: '99999999999999999' }, 'amountFen'],
    ['no day', { dueOn: '2026-02-30' }, 'dueOn'],
    ['two days too many', { dueOn: '2026-01-01..2026-02-01..2026-03-01' }, 'dueOn'],
    ['no bounds', { dueOn: '..' }, 'dueOn'],
    ['neither true nor false', { open: 'yes' }, 'open'],
    ['no light', { light: 'purple' }, 'light'],
    ['an empty value', { status: 'closed,,' }, 'status'],
    ['too many values', { status: Array.from({ length: 201 }, () => 'closed').join() }, 'status'],
    ['a text too long', { description: '长'.repeat(2001) }, 'description'],
  ])('of %s is refused, and named', async (_, filter, field) => {
    await expect(lists.execute(new LedgerList(all, filter, 10))).rejects.toMatchObject({
      code: 'input/invalid',
      details: { errors: [{ field }] },
    });
  });
});

describe('a cursor', () => {
  const page = (after?: string, order: LedgerOrder = '-dueOn', filter: LedgerFilter = {}) =>
    lists.execute(new LedgerList(all, filter, 10, order, after));
  const refused = { code: 'input/invalid', details: { errors: [{ field: 'after', rule: 'cursor' }] } };

  test('of another order or filter is refused', async () => {
    const { next = '' } = await page();
    await expect(page(next, 'dueOn')).rejects.toMatchObject(refused);
    await expect(page(next, '-dueOn', { open: 'true' })).rejects.toMatchObject(refused);
  });

  test('that was tampered with is refused', async () => {
    const { next = '' } = await page();
    for (const bad of [next.slice(1), `${next}0`, 'x', '', '.', next.replace('.', ''), 'a'.repeat(5000)]) {
      await expect(page(bad)).rejects.toMatchObject(refused);
    }
  });
});

test('cases are counted up to a bound', async () => {
  const { cases, more } = await counts.execute(new CountCases(all, {}, 100));
  expect({ cases, more }).toEqual({ cases: 100, more: true });
});

describe('a search', () => {
  const search = (text: string, filter: LedgerFilter = {}, who = all) =>
    searches.execute(new SearchCases(who, text, filter, 200));
  const has =
    (...words: string[]) =>
    (row: Row): boolean =>
      words.every((word) => `${row.description}\n${row.caseNumber}`.toLowerCase().includes(word));
  const upTo = (found: number[]): number[] => found.slice(0, 200);

  test.each([
    ['two characters', '渗漏', has('渗漏')],
    ['four', '墙体开裂', has('墙体开裂')],
    ['words in any order', '住户 墙体', has('住户', '墙体')],
    ['a number in full width', 'ｎ－２６１', has('n-261')],
    ['letters of either case', 'n-26', has('n-26')],
    ['signs beside letters', '渗漏 %', has('渗漏', '%')],
  ])('finds %s', async (_, text, matching) => {
    const expected = newest(matching);
    expect(expected.length).toBeGreaterThan(0);
    expect(numbers((await search(text)).rows)).toEqual(upTo(expected));
  });

  test.each([
    ['of what hardly ever comes up, only long ago', '罕见情形', (row: Row) => row.seq <= 20],
    ['of what comes up now and then', '塌陷', (row: Row) => row.seq % 40 === 1],
    ['of both', '罕见 塌陷', (row: Row) => row.seq === 1],
  ])('misses nothing %s, however it is found', async (_, text, matching) => {
    const expected = newest(matching);
    expect(numbers((await search(text)).rows)).toEqual(expected);
    const found: number[] = [];
    for (let after: string | undefined; ;) {
      const page = await searches.execute(new SearchCases(all, text, {}, 7, after));
      found.push(...numbers(page.rows));
      after = page.next;
      if (after === undefined) break;
    }
    expect(found).toEqual(expected);
  });

  test('finds nothing that has the pairs and not the word', async () => {
    expect((await search('漏屋面')).rows).toEqual([]);
    expect((await search('没有的字')).rows).toEqual([]);
  });

  test('goes on page by page, within a filter', async () => {
    const expected = newest((row) => has('渗漏')(row) && row.status === 'assigned');
    const first = await searches.execute(new SearchCases(all, '渗漏', { status: 'assigned' }, 5));
    const second = await searches.execute(
      new SearchCases(all, '渗漏', { status: 'assigned' }, 200, first.next),
    );
    expect(numbers([...first.rows, ...second.rows])).toEqual(expected);
  });

  test.each([
    ['few', '墙体开裂', {}],
    ['some of many', '墙体开裂', { status: 'assigned' }],
    ['nearly all', '屋面渗漏', {}],
    ['nearly all, of which few are asked', '屋面渗漏', { status: 'assigned' }],
    ['nobody', '无人说过', {}],
  ] as [string, string, LedgerFilter][])(
    'finds what %s say of whom nothing is known but that others say more, page by page',
    async (_, text, filter) => {
      const { sql } = database;
      const unknown = {
        most: () => Promise.resolve({ rows: 1e5, share: 0.01, known: false }),
        telling: (grams: string[]) => Promise.resolve(grams),
      };
      const scope = new Scope(sql, queries, new Served(sql));
      const handler = new SearchCasesHandler(sql, once, scope, unknown as unknown as Frequencies);
      const found: number[] = [];
      for (let after: string | undefined; ;) {
        const page = await handler.execute(new SearchCases(all, text, filter, 60, after));
        found.push(...numbers(page.rows));
        after = page.next;
        if (after === undefined) break;
      }
      const { status } = filter;
      expect(found).toEqual(newest((row) => has(text)(row) && (status ?? row.status) === row.status));
    },
  );

  test.each([['屋'], ['%_\\'], ['% %'], ['  ']])(
    'of %j is refused: nothing could be looked for',
    async (text) => {
      await expect(search(text)).rejects.toMatchObject({
        code: 'input/invalid',
        details: { errors: [{ field: 'text', rule: 'searchable' }] },
      });
    },
  );

  /** As if statistics knew that so many of a million concern somebody, and half of them say the same. */
  const among = (cases: number): SearchCasesHandler => {
    const { sql } = database;
    const known = {
      most: () => Promise.resolve({ rows: 5e5, share: 0.5, known: true }),
      concerning: () => Promise.resolve({ cases, all: 1e6 }),
      telling: (grams: string[]) => Promise.resolve(grams.slice(0, 1)),
    } as unknown as Frequencies;
    return new SearchCasesHandler(sql, once, new Scope(sql, queries, new Served(sql)), known);
  };

  test.each([
    ['few', () => among(100)],
    ['many', () => among(5e5)],
    ['as many as statistics know', () => searches],
  ])(
    'goes on page by page within a division of %s, where nearly everybody says the same',
    async (_, asked) => {
      const handler = asked();
      const expected = newest((row) => has('屋面渗漏')(row) && row.divisions.includes('shore'));
      const first = await handler.execute(new SearchCases(inspectorDong, '屋面渗漏', {}, 5));
      const second = await handler.execute(new SearchCases(inspectorDong, '屋面渗漏', {}, 200, first.next));
      expect(first.rows).toHaveLength(5);
      expect(numbers([...first.rows, ...second.rows])).toEqual(expected.slice(0, 205));
    },
  );

  test('tells nobody of what is out of their scope', async () => {
    const south = newest((row) => has('渗漏')(row) && row.divisions.includes('shore'));
    expect(numbers((await search('渗漏', {}, inspectorDong)).rows)).toEqual(
      upTo((await everyPageOf(inspectorDong)).filter((seq) => south.includes(seq))),
    );
    const nobody = post('nobody', 'gone-office', 'handler');
    expect((await search('渗漏', {}, nobody)).rows).toEqual([]);
  });

  async function everyPageOf(who: typeof all): Promise<number[]> {
    return numbers((await lists.execute(new LedgerList(who, {}, COUNT))).rows);
  }
});

const between = (value: number | null, from: number, to: number): boolean =>
  value !== null && value >= from && value <= to;

/** A duty that turns when the row says. */
function dutiesOf({ blueFrom, yellowFrom, redFrom }: Row): Row['duties'] {
  if (redFrom === null) return {};
  const due = { n: 1, unit: 'calendar-days' as const, start: redFrom, basis: '', due: redFrom };
  return { complete: { ...due, blueFrom, yellowFrom, redFrom, provisional: false, units: [], tickOn: null } };
}
