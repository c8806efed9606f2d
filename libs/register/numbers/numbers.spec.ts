import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Highest } from './highest.js';
import { Numbers } from './numbers.js';

let database: TestDatabase;
let numbers: Numbers;
beforeAll(async () => {
  database = await createDatabase();
});
beforeEach(async () => {
  await database.sql`drop schema if exists register cascade`;
  await Numbers.migrate(database.sql);
  numbers = new Numbers(database.sql);
});
afterAll(() => database.drop());

const owners = (n: number, prefix = 'case'): string[] =>
  Array.from({ length: n }, (_, k) => `${prefix}-${k}`);

describe('numbers of a year', () => {
  test('begin with one and leave none out, in the order in which they were asked for', async () => {
    const taken = await Promise.all(owners(20).map((owner) => numbers.take('case', '2026', owner)));
    expect(taken).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await numbers.take('case', '2026', 'one more')).toBe(21);
  });

  test('are the same for an owner that asks again, at once or later', async () => {
    const [first, again, other] = await Promise.all(
      ['a', 'a', 'b'].map((owner) => numbers.take('letter', '2026', owner)),
    );
    expect([first, again, other]).toEqual([1, 1, 2]);
    expect(await new Numbers(database.sql).take('letter', '2026', 'a')).toBe(1);
    expect(await numbers.take('letter', '2026', 'c')).toBe(3);
  });

  test('run by themselves in every series and every year', async () => {
    const taken = await Promise.all([
      numbers.take('case', '2026', 'x'),
      numbers.take('letter', '2026', 'x'),
      numbers.take('case', '2027', 'x'),
      numbers.take('case', '2026', 'y'),
    ]);
    expect(taken).toEqual([1, 1, 1, 2]);
  });

  test('are raised to what was seen to be given, never lowered', async () => {
    await numbers.take('case', '2026', 'x');
    await Numbers.raise(database.sql, new Map(Object.entries({ 'case/2026': 41, 'closure/2027': 7 })));
    await Numbers.raise(database.sql, new Map([['case/2026', 3]]));
    expect(await numbers.take('case', '2026', 'x')).toBe(1);
    expect(await numbers.take('case', '2026', 'y')).toBe(42);
    expect(await numbers.take('closure', '2027', 'y')).toBe(8);
  });

  test('are read back from the labels of a log, whichever way these are written', () => {
    const labels = { case: '问{year}-{n}', letter: '交字〔{year}〕{n}号', closure: 'C{n}', referral: '{n}' };
    const highest = new Highest(labels, 'Asia/Shanghai');
    const at = '2026-12-31T17:00:00.000Z';
    for (const data of [
      { caseNumber: '问2026-0012' },
      { caseNumber: '问2026-0009', letter: '旧字号' },
      { caseNumber: '(2026) 77', letter: '交字〔2025〕10003号' },
      { closureNumber: 'C0004' },
      { number: 5 },
    ])
      highest.hear(JSON.stringify(data), at);
    expect(Object.fromEntries(highest.found)).toEqual({
      'case/2026': 12,
      'letter/2025': 10_003,
      'closure/2027': 4,
    });
  });

  test('have no gaps and no doubles when several processes take them', async () => {
    const takers = [numbers, new Numbers(database.sql), new Numbers(database.sql)];
    const taken = await Promise.all(
      takers.flatMap((taker, k) =>
        owners(100, `process-${k}`).map((owner, n) => taker.take(n % 2 ? 'case' : 'letter', '2026', owner)),
      ),
    );
    const each = Array.from({ length: 150 }, (_, n) => n + 1);
    const of = (parity: number): number[] => taken.filter((_, n) => n % 2 === parity).sort((a, b) => a - b);
    expect(of(0)).toEqual(each);
    expect(of(1)).toEqual(each);
  });
});
