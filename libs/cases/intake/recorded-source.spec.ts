import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import {
  amended,
  assignCase,
  by,
  did,
  given,
  registerProblem,
  registration,
} from '../../../test/support/cases.js';
import { dispatcherQian, registrarGu } from '../../../test/support/province.js';
import { provinceAt } from '../../../test/support/register.js';
import { type RouteStep } from '../../contracts/case-events.js';
import { type Register } from '../../contracts/register.js';

const NUMBER = '审〔2026〕7号';
const recorded = (says: object, code = 'AU'): Register =>
  provinceAt('2026-09-01', {
    'source-s-7': [
      {
        ...{ type: 'SourceRecorded', code, number: NUMBER, issuer: '审计厅', date: '2026-08-20', lines: 3 },
        ...says,
      },
    ],
  });

const found = { source: { code: 'AU', document: ' 审〔2026〕7号', line: '2' }, sourceDueOn: undefined };

describe('a document that is recorded as a source', () => {
  const { sourceDueOn: _, ...bare } = registration;
  const entering = (register: Register, changes: object = {}) =>
    given().when(amended(registerProblem, { ...found, ...changes }), by(registrarGu, { register }));

  test('sets the day of its problems where their registration names none', () => {
    const register = recorded({ dueOn: '2026-09-10' });
    entering(register).then({ ...bare, source: found.source, sourceDueOn: '2026-09-10' });
    const named = { sourceDueOn: '2026-09-20' };
    entering(register, named).then({ ...bare, source: found.source, ...named });
  });

  test('says nothing of problems of another kind of source, nor where it sets no day', () => {
    for (const register of [recorded({ dueOn: '2026-09-10' }, 'PC'), recorded({})])
      entering(register).then({ ...bare, source: found.source });
  });
});

describe('the recognition', () => {
  const past = [did(registrarGu, { ...registration, ...found })];
  const desk = (register: Register): string | undefined => {
    const { outcome } = given(...past).when(assignCase, by(dispatcherQian, { register }));
    const [event] = outcome as unknown as { route: RouteStep[] }[];
    return event?.route.find(({ step }) => step === 'recognition')?.unit;
  };

  test('is given by the unit that the document names', () => {
    expect(desk(recorded({ recogniserUnit: 'province-office' }))).toBe('province-office');
  });

  test('is given by the finder where it names none, or only in words', () => {
    for (const says of [{}, { recogniser: '审计厅' }]) expect(desk(recorded(says))).toBe('north-office');
  });

  test('is never given by a unit that answers for the case', () => {
    expect(desk(recorded({ recogniserUnit: 'hill-office' }))).toBe('north-office');
  });

  test('is given by whoever carries on the unit that is named', () => {
    const register = provinceAt('2026-09-01', {
      'source-s-7': [
        {
          ...{ type: 'SourceRecorded', code: 'AU', number: NUMBER, issuer: '审计厅', date: '2026-08-20' },
          ...{ lines: 3, recogniserUnit: 'south-office' },
        },
      ],
      'unit-south-office': [{ type: 'UnitAbolished', successor: 'province-office', from: '2026-09-01' }],
    });
    expect(desk(register)).toBe('province-office');
  });
});
