import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lightAt, lightFrom, type Standing, turns } from './lights.js';
import { addDays, type WorkingCalendar, workingDaysBetween } from './working-days.js';

/** The National Day of 2026: off from the 1st to the 7th, Saturday the 10th is worked. */
const calendar: WorkingCalendar = {
  id: 'national@2026',
  holidays: new Set(['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07']),
  moved: new Set(['2026-10-10']),
};
const sound: Standing = { suspended: false, failures: 0 };
const MONDAY = '2026-10-12';
const on = (today: string, due = MONDAY, standing = sound): ReturnType<typeof lightAt> =>
  lightAt(today, due, calendar, standing);

describe('a light turns', () => {
  test.each([
    ['before holidays, where they lie in between', MONDAY, '2026-09-29', '2026-10-09', '2026-10-13'],
    [
      'within a week, where the term ends on its Friday',
      '2026-09-18',
      '2026-09-11',
      '2026-09-16',
      '2026-09-19',
    ],
    [
      'on the same days, where the end is no working day',
      '2026-09-20',
      '2026-09-11',
      '2026-09-16',
      '2026-09-21',
    ],
    ['before a holiday, where the end is one', '2026-10-03', '2026-09-23', '2026-09-28', '2026-10-04'],
  ])('%s', (_, due, blueFrom, yellowFrom, redFrom) => {
    expect(turns(due, calendar, sound)).toEqual({ blueFrom, yellowFrom, redFrom });
  });

  test.each([
    ['six working days before, not yet', '2026-09-28', 'green', 6],
    ['to blue with five left', '2026-09-29', 'blue', 5],
    ['not for the holidays', '2026-10-07', 'blue', 4],
    ['not with three left', '2026-10-08', 'blue', 3],
    ['to yellow with two left', '2026-10-09', 'yellow', 2],
    ['not on a Saturday that is worked', '2026-10-10', 'yellow', 1],
    ['not on the due day itself', MONDAY, 'yellow', 0],
  ])('%s', (_, today, light, n) => {
    expect(on(today)).toEqual({ light, reason: { code: 'working-days-left', n } });
  });

  test.each([
    ['to red the day after', '2026-10-13', MONDAY, 1, 1],
    ['to red on the Saturday after a Friday', '2026-09-19', '2026-09-18', 1, 0],
    ['and stays red over holidays', '2026-10-08', '2026-09-30', 8, 1],
  ])('%s', (_, today, due, days, workingDays) => {
    expect(on(today, due)).toEqual({ light: 'red', reason: { code: 'overdue', days, workingDays } });
  });
});

describe('with much time left a light is yellow', () => {
  const late = { ...sound, stageLate: '2026-09-10' };

  test.each([
    ['not before a stage is late', '2026-09-09', 'green', { code: 'working-days-left', n: 19 }],
    ['from the day on which a stage is late', '2026-09-10', 'yellow', { code: 'stage-late', days: 1 }],
    ['as long as it is', '2026-09-29', 'yellow', { code: 'stage-late', days: 20 }],
    ['for the end’s sake where that is as near', '2026-10-09', 'yellow', { code: 'working-days-left', n: 2 }],
  ])('%s', (_, today, light, reason) => {
    expect(on(today, MONDAY, late)).toEqual({ light, reason });
  });

  test.each([
    ['not after it failed once', 1, 'green', { code: 'working-days-left', n: 25 }],
    ['after it failed twice', 2, 'yellow', { code: 'failures', n: 2 }],
    ['after it failed more often', 3, 'yellow', { code: 'failures', n: 3 }],
  ])('%s', (_, failures, light, reason) => {
    expect(on('2026-09-01', MONDAY, { ...sound, failures })).toEqual({ light, reason });
  });

  test('and of a late stage and failures the stage is named', () => {
    expect(on('2026-09-10', MONDAY, { ...late, failures: 2 }).reason).toEqual({
      code: 'stage-late',
      days: 1,
    });
    expect(on('2026-09-09', MONDAY, { ...late, failures: 2 }).reason).toEqual({ code: 'failures', n: 2 });
  });

  test('but red once it is overdue', () => {
    expect(on('2026-10-13', MONDAY, { ...late, failures: 2 }).light).toBe('red');
  });

  test('a stage that would be late after the end changes nothing', () => {
    const standing = { ...sound, stageLate: '2026-12-01' };
    expect(turns(MONDAY, calendar, standing)).toEqual(turns(MONDAY, calendar, sound));
  });
});

test('suspended it is grey, even overdue, and turns on no day', () => {
  const standing = { suspended: true, stageLate: '2026-09-01', failures: 2 };
  expect(turns(MONDAY, calendar, standing)).toEqual({ blueFrom: null, yellowFrom: null, redFrom: null });
  expect(on('2026-10-20', MONDAY, standing)).toEqual({ light: 'grey', reason: { code: 'suspended' } });
});

test('whatever the days: the light by its turns is the light by counting', () => {
  const due = fc.integer({ min: 0, max: 120 }).map((n) => addDays('2026-08-01', n));
  fc.assert(
    fc.property(due, fc.integer({ min: -40, max: 10 }), (end, ahead) => {
      const today = addDays(end, ahead);
      const left = workingDaysBetween(today, end, calendar);
      const near = left <= 2 ? 'yellow' : left <= 5 ? 'blue' : 'green';
      expect(lightFrom(today, turns(end, calendar, sound))).toBe(ahead > 0 ? 'red' : near);
    }),
  );
});
