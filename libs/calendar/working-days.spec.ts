import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addWorkingDays,
  dayIn,
  isWorkingDay,
  type WorkingCalendar,
  workingDaysBetween,
} from './working-days.js';

/** Around the National Day of 2026: seven days off, and a Saturday worked for them. */
const national: WorkingCalendar = {
  id: 'national@2026',
  holidays: new Set(['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07']),
  moved: new Set(['2026-10-10']),
};
const weekdays: WorkingCalendar = { id: 'weekdays@1', holidays: new Set(), moved: new Set() };

describe('a working day', () => {
  test.each([
    ['a Wednesday', '2026-09-30', true],
    ['a holiday', '2026-10-01', false],
    ['a Saturday among holidays', '2026-10-03', false],
    ['a Sunday', '2026-10-11', false],
    ['a Saturday that is worked', '2026-10-10', true],
    ['the day after the holidays', '2026-10-08', true],
    ['a leap day on a Thursday', '2024-02-29', true],
    ['a Saturday long ago', '1957-09-21', false],
    ['the first Monday there is', '1900-01-01', true],
  ])('%s', (_, day, works) => {
    expect(isWorkingDay(day, national)).toBe(works);
  });

  test('is of its calendar: without one it is Monday to Friday', () => {
    expect(isWorkingDay('2026-10-01', weekdays)).toBe(true);
    expect(isWorkingDay('2026-10-10', weekdays)).toBe(false);
  });

  test('a weekend named a holiday stays one, a weekday named as worked too', () => {
    const odd = { id: 'odd@1', holidays: new Set(['2026-10-10']), moved: new Set(['2026-10-12']) };
    expect(isWorkingDay('2026-10-10', odd)).toBe(false);
    expect(isWorkingDay('2026-10-12', odd)).toBe(true);
  });
});

describe('n working days end on the nth working day after the act', () => {
  test.each([
    ['the act’s own day counts for nothing', '2026-09-01', 1, '2026-09-02'],
    ['nothing to wait for is the day itself', '2026-09-01', 0, '2026-09-01'],
    ['over a weekend', '2026-09-04', 1, '2026-09-07'],
    ['from a Saturday', '2026-09-05', 1, '2026-09-07'],
    ['from a Sunday', '2026-09-06', 3, '2026-09-09'],
    ['over the holidays', '2026-09-30', 1, '2026-10-08'],
    ['onto the Saturday that is worked', '2026-10-09', 1, '2026-10-10'],
    ['over the Saturday that is worked', '2026-10-09', 2, '2026-10-12'],
    ['from within the holidays', '2026-10-03', 2, '2026-10-09'],
    ['thirty of them', '2026-09-01', 30, '2026-10-19'],
    ['over the year’s end', '2026-09-01', 90, '2027-01-11'],
  ])('%s', (_, day, n, end) => {
    expect(addWorkingDays(day, n, national)).toBe(end);
  });

  test('whatever the calendar: n working days lie behind it, and it is one of them', () => {
    const day = fc.integer({ min: 0, max: 80_000 }).map((n) => addDays('1970-01-01', n));
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 60 }), (from, n) => {
        const end = addWorkingDays(from, n, national);
        let counted = 0;
        for (let at = addDays(from, 1); at <= end; at = addDays(at, 1)) {
          if (isWorkingDay(at, national)) counted++;
        }
        expect([counted, isWorkingDay(end, national)]).toEqual([n, true]);
      }),
    );
  });
});

describe('working days between two days', () => {
  test.each([
    ['none from a day to itself', '2026-09-01', '2026-09-01', 0],
    ['the first is not counted, the last is', '2026-09-01', '2026-09-02', 1],
    ['none over a weekend', '2026-09-04', '2026-09-06', 0],
    ['one to the Monday', '2026-09-04', '2026-09-07', 1],
    ['none within the holidays', '2026-09-30', '2026-10-07', 0],
    ['a Saturday that is worked', '2026-10-09', '2026-10-11', 1],
    ['a month with holidays', '2026-09-30', '2026-10-31', 18],
    ['none to a day before', '2026-09-07', '2026-09-01', 0],
  ])('%s', (_, after, upTo, n) => {
    expect(workingDaysBetween(after, upTo, national)).toBe(n);
  });

  test('are as many as one counts day by day', () => {
    const odd = {
      id: 'odd@1',
      holidays: new Set(['2026-10-03', '2026-10-05']),
      moved: new Set(['2026-10-06']),
    };
    const day = fc.integer({ min: -60, max: 60 }).map((n) => addDays('2026-10-01', n));
    const calendars = fc.constantFrom(national, weekdays, odd);
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 90 }), calendars, (after, length, calendar) => {
        const days = Array.from({ length }, (_, n) => addDays(after, n + 1));
        const counted = days.filter((one) => isWorkingDay(one, calendar)).length;
        expect(workingDaysBetween(after, addDays(after, length), calendar)).toBe(counted);
      }),
    );
  });

  test('are n to the nth of them, and add up', () => {
    const day = fc.integer({ min: -60, max: 60 }).map((n) => addDays('2026-10-01', n));
    const some = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(day, some, some, (from, n, more) => {
        const end = addWorkingDays(from, n, national);
        expect(workingDaysBetween(from, end, national)).toBe(n);
        expect(addWorkingDays(end, more, national)).toBe(addWorkingDays(from, n + more, national));
      }),
    );
  });
});

test.each([
  ['2026-02-28', 1, '2026-03-01'],
  ['2024-02-28', 1, '2024-02-29'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2026-01-01', -1, '2025-12-31'],
  ['2026-03-28', 365, '2027-03-28'],
])('%s and %i days is %s', (day, n, expected) => {
  expect(addDays(day, n)).toBe(expected);
});

describe('the day of an instant is the deployment’s', () => {
  test.each([
    ['Asia/Shanghai', '2026-09-01T15:59:59.999Z', '2026-09-01'],
    ['Asia/Shanghai', '2026-09-01T16:00:00.000Z', '2026-09-02'],
    ['Asia/Shanghai', '2026-12-31T16:00:00.000Z', '2027-01-01'],
    ['UTC', '2026-09-01T23:59:59.999Z', '2026-09-01'],
    ['America/New_York', '2026-03-08T04:59:59.000Z', '2026-03-07'],
    ['America/New_York', '2026-07-01T04:00:00.000Z', '2026-07-01'],
  ])('in %s %s is %s', (zone, instant, day) => {
    expect(dayIn(zone, instant)).toBe(day);
  });

  test('there is no such zone', () => {
    expect(() => dayIn('Asia/Atlantis', '2026-09-01T00:00:00.000Z')).toThrow(RangeError);
  });
});
