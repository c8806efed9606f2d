import { describe, expect, test } from '@jest/globals';
import { isPublished, isWorkingDay, layered, type WorkingCalendar } from './working-days.js';

const none: ReadonlySet<string> = new Set();
const weekdays: WorkingCalendar = { id: 'weekdays@1', holidays: none, moved: none };
const national: WorkingCalendar = {
  id: 'national@2026',
  holidays: new Set(['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07']),
  moved: new Set(['2026-10-10']),
};

describe('a division’s days lie on top', () => {
  const festival = layered(national, 'somewhere@1', { holidays: ['2026-09-21', '2026-10-10'] });

  test('it has holidays of its own', () => {
    expect([isWorkingDay('2026-09-21', national), isWorkingDay('2026-09-21', festival)]).toEqual([
      true,
      false,
    ]);
  });

  test('its holiday on a Saturday that all others work is one', () => {
    expect(isWorkingDay('2026-10-10', festival)).toBe(false);
  });

  test('it may work on a Saturday, or on a day that others have off', () => {
    const busy = layered(national, 'busy@1', { moved: ['2026-09-26', '2026-10-07'] });
    expect(['2026-09-26', '2026-10-07', '2026-10-06'].map((day) => isWorkingDay(day, busy))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('all else is as below, and what is below stays', () => {
    expect(isWorkingDay('2026-10-01', festival)).toBe(false);
    expect(festival.id).toBe('somewhere@1');
    expect(layered({ ...national, until: '2026-12-31' }, 'x@1', {}).until).toBe('2026-12-31');
    expect(isWorkingDay('2026-10-10', national)).toBe(true);
  });

  test('a day cannot be off and worked', () => {
    const both = { holidays: ['2026-10-10'], moved: ['2026-10-10'] };
    expect(() => layered(national, 'odd@1', both)).toThrow('odd@1 has 2026-10-10 off and worked');
  });
});

test('a calendar is published up to its last day; one without such a day says all there is', () => {
  const calendar = { ...national, until: '2026-12-31' };
  expect(['2026-12-31', '2027-01-01'].map((day) => isPublished(day, calendar))).toEqual([true, false]);
  expect(isPublished('2199-12-31', weekdays)).toBe(true);
});
