import 'reflect-metadata';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { TODAY } from '../../../test/support/cases.js';
import { isPublished, isWorkingDay } from '../../calendar/working-days.js';
import { checklistFor, routeFor } from '../../cases/duty.js';
import { type CaseState } from '../../cases/case-state.js';
import { noCase } from '../../cases/state.js';
import { type CaseFacts } from '../../cases/table.js';
import { type StepName } from '../../contracts/case-events.js';
import { type Role } from '../../contracts/roles.js';
import { readSeed, type Seeded } from '../seed/seed.js';

const JISHOU = 'county-433101';
const XIANGXI = 'city-433100';
const PROVINCE = 'province-430000';

let register: Seeded;
beforeAll(async () => {
  register = await readSeed('config/hunan/hunan.yaml');
});

const facts = (): CaseFacts => ({ register, today: TODAY }) as unknown as CaseFacts;
const a = ({ source = 'PC', ...changes }: Partial<CaseState>): CaseState => ({
  ...noCase,
  ...{ source, sources: [{ code: source }], categories: ['4'], finder: PROVINCE },
  ...changes,
});
const routed = (changes: Partial<CaseState>, lead = JISHOU): [StepName, string][] =>
  routeFor(a(changes), [lead], [], facts()).map(({ step, unit }) => [step, unit]);

const review: [StepName, string] = ['review', JISHOU];
const verify: [StepName, string] = ['verify', XIANGXI];
const approve: [StepName, string] = ['approve', PROVINCE];
const notice: [StepName, string] = ['public-notice', PROVINCE];
const discipline: [StepName, string] = ['discipline-position', PROVINCE];
const recognition: [StepName, string] = ['recognition', PROVINCE];

describe('the road of a problem in a county of Xiangxi', () => {
  test.each<[string, Partial<CaseState>, [StepName, string][]]>([
    ['general', {}, [review, verify]],
    ['serious', { severity: 'serious' }, [review, verify, approve]],
    ['major', { severity: 'major' }, [review, verify, approve, notice]],
    ['money misused', { categories: ['4', '7'] }, [review, verify, approve, notice, discipline]],
    ['of an audit', { source: 'AU' }, [review, verify, recognition]],
    [
      'major, of a national check',
      { source: 'NC', severity: 'major' },
      [review, verify, approve, notice, recognition],
    ],
    ['found by itself', { source: 'SC' }, [review, ['verify', 'sample-jishou-station']]],
  ])('%s', (_, changes, route) => {
    expect(routed(changes)).toEqual(route);
  });
});

const TAKES: Readonly<Record<StepName, [role: Role, persons: number]>> = {
  review: ['reviewer', 1],
  verify: ['verifier', 2],
  approve: ['approver', 1],
  'public-notice': ['approver', 1],
  'discipline-position': ['inspector', 1],
  recognition: ['registrar', 1],
};

test.each([
  ['433101', true],
  ['433123', false],
  ['430121', true],
])('the made-up people of the county %s take every step of every route', (county, hasStation) => {
  const severities = ['general', 'serious', 'major'] as const;
  for (const source of Object.keys(register.policy.sources).filter((code) => hasStation || code !== 'SC')) {
    for (const category of Object.keys(register.policy.categories)) {
      for (const severity of severities) {
        for (const [step, unit] of routed({ source, severity, categories: [category] }, `county-${county}`)) {
          const [role, persons] = TAKES[step];
          const there = register.persons.filter((one) =>
            one.appointments.some((post) => post.unit === unit && post.role === role),
          );
          expect([step, unit, there.length >= persons]).toEqual([step, unit, true]);
        }
      }
    }
  }
});

describe('what a case must show', () => {
  const slots = (changes: Partial<CaseState>, circumstances: string[] = []): string[] =>
    checklistFor(a(changes), facts(), circumstances).map(({ id }) => id);

  test('depends on source, danger and circumstances', () => {
    expect(slots({ categories: ['99'] })).toEqual([
      ...['closure-application', 'item-results', 'cause-and-peers', 'result'],
    ]);
    expect(slots({ categories: ['99'], source: 'DI' })).toContain('recognition');
    expect(slots({ categories: ['99'], source: 'PT', personsAtRisk: true }, ['systemic'])).toEqual([
      ...['closure-application', 'item-results', 'cause-and-peers', 'safety-measures', 'petition-reply'],
      ...['rules-made', 'result'],
    ]);
  });

  test('is all that its categories ask, each once', () => {
    const all = Object.keys(register.policy.categories);
    const every = Object.keys(register.policy.circumstances);
    const shown = slots({ categories: all, personsAtRisk: true }, every);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown).toHaveLength(5 + 57);
  });
});

test('Xiangxi has its founding day off, and no other place', () => {
  const off = (division: string): string[] =>
    ['2018-09-20', '2024-09-18', '2024-09-22', '2026-09-20'].filter(
      (day) => !isWorkingDay(day, register.calendarOf(division)),
    );
  expect(off('433123')).toEqual(['2018-09-20', '2024-09-18', '2026-09-20']);
  expect(off('430121')).toEqual(['2024-09-22']);
  expect(isPublished('2026-12-31', register.calendarOf('433123'))).toBe(true);
  expect(isPublished('2027-01-01', register.calendarOf('433123'))).toBe(false);
});
