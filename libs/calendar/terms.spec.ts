import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deadline, endOf, parseTerm } from './terms.js';
import { addDays, isWorkingDay, type WorkingCalendar, workingDaysBetween } from './working-days.js';

/** The National Day of 2026, in a calendar that is published to the year's end. */
const calendar: WorkingCalendar = {
  id: 'national@2026',
  holidays: new Set(['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07']),
  moved: new Set(['2026-10-10']),
  until: '2026-12-31',
};
const endOfTerm = (start: string, term: string): string => endOf(start, parseTerm(term), calendar);

describe('a term is written as a number and a unit', () => {
  test.each([
    ['30wd', 30, 'working-days'],
    ['60cd', 60, 'calendar-days'],
    ['6m', 6, 'months'],
    ['999wd', 999, 'working-days'],
  ])('%s is %i %s', (text, n, unit) => {
    expect(parseTerm(text)).toEqual({ n, unit });
  });

  test.each([
    '',
    '30',
    'wd',
    '0wd',
    '030wd',
    '1000wd',
    '-5wd',
    '1.5m',
    '24h',
    ' 5wd',
    '5wd\n',
    '5 wd',
    '5WD',
  ])('%j is none, and is named', (text) => {
    expect(() => parseTerm(text)).toThrow(JSON.stringify(text));
  });
});

describe('a term ends', () => {
  test.each([
    ['on the nth working day', '2026-09-01', '30wd', '2026-10-19'],
    ['on the day it is, where calendar days count', '2026-09-01', '30cd', '2026-10-01'],
    ['on a Sunday too, where calendar days count', '2026-09-01', '5cd', '2026-09-06'],
    ['on the same day of the month', '2026-09-15', '1m', '2026-10-15'],
    ['on the same day of a month of the next year', '2026-09-15', '6m', '2027-03-15'],
    ['a year later after twelve months', '2026-12-31', '12m', '2027-12-31'],
    ['on the last day of a month of 30', '2026-08-31', '1m', '2026-09-30'],
    ['on the last day of February', '2026-08-31', '6m', '2027-02-28'],
    ['on the leap day of a leap year', '2027-08-31', '6m', '2028-02-29'],
    ['on the leap day from the 30th', '2024-01-30', '1m', '2024-02-29'],
    ['on 28 February a year after a leap day', '2024-02-29', '12m', '2025-02-28'],
    ['on the leap day four years after one', '2024-02-29', '48m', '2028-02-29'],
    ['on the same day, not the last, from a short month', '2026-02-28', '1m', '2026-03-28'],
    ['on 28 February of a century that does not leap', '2099-02-28', '12m', '2100-02-28'],
    ['on 31 January from 31 December', '2026-12-31', '1m', '2027-01-31'],
    ['over a leap day, where calendar days count', '2024-02-28', '2cd', '2024-03-01'],
  ])('%s', (_, start, term, end) => {
    expect(endOfTerm(start, term)).toBe(end);
  });

  const start = fc.integer({ min: 0, max: 60_000 }).map((n) => addDays('1970-01-01', n));
  const many = fc.integer({ min: 1, max: 120 });

  test('n working days on a working day, with n of them behind its start', () => {
    fc.assert(
      fc.property(start, many, (from, n) => {
        const end = endOf(from, { n, unit: 'working-days' }, calendar);
        expect([workingDaysBetween(from, end, calendar), isWorkingDay(end, calendar)]).toEqual([n, true]);
      }),
    );
  });

  test('n months on the start’s day of the month, or earlier only on the last of one', () => {
    fc.assert(
      fc.property(start, many, (from, n) => {
        const end = endOf(from, { n, unit: 'months' }, calendar);
        const months = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
        expect(months(end) - months(from)).toBe(n);
        const short = end.slice(8) < from.slice(8) && addDays(end, 1).endsWith('-01');
        expect(end.slice(8) === from.slice(8) || short).toBe(true);
      }),
    );
  });
});

describe('a deadline', () => {
  const made = (start: string, term: string, ceiling?: string): ReturnType<typeof deadline> =>
    deadline(start, parseTerm(term), calendar, 'completion/immediate', ceiling);

  test('keeps what it was made of', () => {
    expect(made('2026-09-01', '30wd')).toEqual({
      ...{ n: 30, unit: 'working-days', start: '2026-09-01', basis: 'completion/immediate' },
      ...{ due: '2026-10-19', provisional: false },
    });
  });

  test.each([
    ['cut by an earlier day', '2026-09-30', '2026-09-30'],
    ['cut on a day that is not worked', '2026-10-03', '2026-10-03'],
    ['left by the day it ends on', '2026-10-19', '2026-10-19'],
    ['left by a later day', '2026-10-31', '2026-10-19'],
  ])('is %s', (_, ceiling, due) => {
    expect(made('2026-09-01', '30wd', ceiling)).toMatchObject({ ceiling, due });
  });

  test.each([
    ['on the last published day is settled', '2026-12-30', '1wd', undefined, '2026-12-31', false],
    ['beyond it is provisional', '2026-12-31', '1wd', undefined, '2027-01-01', true],
    ['of months beyond it as well', '2026-09-15', '6m', undefined, '2027-03-15', true],
    ['cut to a published day is settled', '2026-12-01', '60wd', '2026-12-31', '2026-12-31', false],
    ['cut to a day beyond is provisional', '2026-12-01', '90wd', '2027-01-10', '2027-01-10', true],
  ])('%s', (_, start, term, ceiling, due, provisional) => {
    expect(made(start, term, ceiling)).toMatchObject({ due, provisional });
  });

  test('is never provisional by a calendar that says all there is', () => {
    const weekdays = { id: 'weekdays@1', holidays: new Set<string>(), moved: new Set<string>() };
    expect(deadline('2090-01-01', parseTerm('60wd'), weekdays, 'desk/review').provisional).toBe(false);
  });
});
