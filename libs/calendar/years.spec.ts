import { describe, expect, test } from '@jest/globals';
import { addDays } from './working-days.js';
import { yearsAfter, yearsBefore } from './years.js';

describe('so many years after a day', () => {
  test.each([
    ['2026-03-01', 10, '2036-03-01'],
    ['2026-12-31', 1, '2027-12-31'],
    ['2024-02-29', 4, '2028-02-29'],
    ['2024-02-29', 1, '2025-03-01'],
    ['2096-02-29', 4, '2100-03-01'],
    ['1996-02-29', 4, '2000-02-29'],
    ['2023-02-28', 1, '2024-02-28'],
  ])('%s and %i years: %s', (day, years, then) => {
    expect(yearsAfter(day, years)).toBe(then);
  });
});

test('what is over on a day is what ended up to the day that many years before, and nothing else', () => {
  for (let day = '2023-12-30', n = 0; n < 1600; n++, day = addDays(day, 1)) {
    for (const years of [1, 3, 4]) {
      const last = yearsBefore(day, years);
      expect(yearsAfter(last, years) <= day).toBe(true);
      expect(yearsAfter(addDays(last, 1), years) > day).toBe(true);
    }
  }
});
