import { describe, expect, test } from '@jest/globals';
import { deadline, parseTerm } from '../../calendar/terms.js';
import { addDays, isWorkingDay, layered, type WorkingCalendar } from '../../calendar/working-days.js';
import { isDay } from '../../contracts/values.js';
import { publishedDays } from './published-days.js';

const { holidays, moved, from, until } = publishedDays();
const china: WorkingCalendar = {
  id: 'china@1',
  holidays: new Set(holidays),
  moved: new Set(moved),
  until,
};
/** The prefecture's day, 20 September: off on two days in 2018 by its notice, and given here without the second in 2026. */
const xiangxi = layered(china, 'xiangxi@1', { holidays: ['2018-09-20', '2018-09-21', '2026-09-20'] });

/** Weeks from a Monday on: w is worked, - is off. */
type Weeks = [what: string, calendar: WorkingCalendar, monday: string, ...weeks: string[]];

// Read off the notices, not off the package.
const notices: Weeks[] = [
  ['Spring Festival 2020, prolonged', china, '2020-01-13', 'wwwww-w', 'wwww---', '-------', 'wwwww--'],
  ['Spring Festival 2024', china, '2024-01-29', 'wwwww-w', 'wwwww--', '------w', 'wwwww--'],
  ['Spring Festival 2025', china, '2025-01-20', 'wwwww-w', 'w------', '--wwww-'],
  ['Spring Festival 2026', china, '2026-02-09', 'wwwwww-', '-------', '-wwwww-'],
  ['Mid-Autumn 2024', china, '2024-09-09', 'wwwwww-', '--www--'],
  ['National Day 2024', china, '2024-09-23', 'wwwww-w', 'w------', '-wwwww-'],
  ['National Day 2025', china, '2025-09-22', 'wwwww-w', 'ww-----', '---www-'],
  ['National Day 2026', china, '2026-09-14', 'wwwww-w', 'wwww---', 'www----', '---www-'],
  ['Xiangxi in 2018', xiangxi, '2018-09-17', 'www----', '-wwwwww', '-------'],
  ['all but Xiangxi in 2018', china, '2018-09-17', 'wwwww--', '-wwwwww', '-------'],
  ['Xiangxi in 2026', xiangxi, '2026-09-14', 'wwwww--', 'wwww---', 'www----', '---www-'],
];

describe.each(notices)('%s', (_, calendar, monday, ...weeks) => {
  const days = Array.from(weeks.join(''), (letter, n) => ({
    day: addDays(monday, n),
    worked: letter === 'w',
  }));

  test.each(days)('$day is worked: $worked', ({ day, worked }) => {
    expect(isWorkingDay(day, calendar)).toBe(worked);
  });
});

describe('by the published days a term ends', () => {
  test.each([
    ['on the Saturday before Spring Festival', china, '2026-02-13', '1wd', '2026-02-14', false],
    ['after Spring Festival', china, '2026-02-13', '2wd', '2026-02-24', false],
    ['after Spring Festival, from within it', china, '2026-02-17', '5wd', '2026-02-28', false],
    ['weeks after National Day', china, '2026-09-01', '30wd', '2026-10-19', false],
    ['on the Sunday that is worked', china, '2026-09-18', '1wd', '2026-09-20', false],
    ['on the Monday where the prefecture’s day is off', xiangxi, '2026-09-18', '1wd', '2026-09-21', false],
    ['before Mid-Autumn', china, '2018-09-18', '3wd', '2018-09-21', false],
    ['after it where the prefecture’s days are off', xiangxi, '2018-09-18', '3wd', '2018-09-26', false],
    ['within holidays, where calendar days count', china, '2026-09-01', '30cd', '2026-10-01', false],
    ['beyond what is published, from Monday to Friday', china, '2026-12-01', '30wd', '2027-01-12', true],
    ['beyond it in the prefecture too', xiangxi, '2026-12-01', '30wd', '2027-01-12', true],
  ])('%s', (_, calendar, start, term, due, provisional) => {
    expect(deadline(start, parseTerm(term), calendar, 'completion')).toMatchObject({ due, provisional });
  });
});

describe('the list', () => {
  test('says from when to when it holds', () => {
    // Whoever takes a newer list looks at the new year's notice, adds its weeks above, and moves this day.
    expect({ from, until }).toEqual({ from: '2004-01-01', until: '2026-12-31' });
  });

  test('has holidays on weekdays only, and worked days on weekends only', () => {
    const weekdays: WorkingCalendar = { id: 'weekdays@1', holidays: new Set(), moved: new Set() };
    expect(holidays.filter((day) => !isWorkingDay(day, weekdays))).toEqual([]);
    expect(moved.filter((day) => isWorkingDay(day, weekdays))).toEqual([]);
  });

  test.each([
    ['holidays', holidays],
    ['moved days', moved],
  ])('has its %s in order, each once, all within it', (_, days) => {
    expect(days).toEqual([...new Set(days)].sort());
    expect(days.filter((day) => !isDay(day) || day < from || day > until)).toEqual([]);
  });

  test('has no year without holidays and worked days', () => {
    const years = Array.from({ length: 23 }, (_, n) => String(2004 + n));
    const of = (days: string[], year: string): number => days.filter((day) => day.startsWith(year)).length;
    expect(years.filter((year) => of(holidays, year) < 12 || of(moved, year) < 5)).toEqual([]);
  });
});
