import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { acceptAssignment, assignCase, assigned, by, given, registered } from '../../test/support/cases.js';
import { dispatcherQian, handlerDuan, handlerHe, handlerLi, post } from '../../test/support/province.js';
import { type Happened, provinceAt, type Said, systemAdmin, when } from '../../test/support/register.js';
import {
  CloseDivision,
  MoveDivision,
  MoveUnit,
  OpenDivision,
  OpenUnit,
} from '../contracts/register-commands.js';
import { type RegisterKind } from '../contracts/register-events.js';
import { validated } from '../platform/validated.js';
import { sees } from './table.js';

const from = '2026-09-01';
const part = (name: string): object =>
  validated(OpenDivision, { name, level: 'county', parent: 'north', from });

/** Hill County, with a town, becomes Upper and Lower County: the office goes with the one, the works with the other. */
const commands: readonly [RegisterKind, string, object][] = [
  ['division', 'upper', part('上县')],
  ['division', 'lower', part('下县')],
  ['division', 'dale', validated(MoveDivision, { parent: 'upper', from })],
  ['unit', 'hill-office', validated(MoveUnit, { division: 'upper', parent: 'north-office', from })],
  ['unit', 'hill-works', validated(MoveUnit, { division: 'lower', parent: 'north-office', from })],
  ['unit', 'lower-office', validated(OpenUnit, { name: '下县局', division: 'lower', from })],
  ['division', 'hill', validated(CloseDivision, { from })],
];
const town: Happened = {
  'division-dale': [
    { type: 'DivisionOpened', name: '谷镇', level: 'town', parent: 'hill', from: '2020-01-01' },
  ],
};
const happened = commands.reduce((before: Happened, [kind, id, body]): Happened => {
  const { events } = when(body, kind, id, systemAdmin, before);
  const stream = `${kind}-${id}`;
  return { ...before, [stream]: [...(before[stream] ?? []), ...(events as unknown as Said[])] };
}, town);
const [before, after] = ['2026-08-31', from].map((day) => provinceAt(day, happened)) as [
  ReturnType<typeof provinceAt>,
  ReturnType<typeof provinceAt>,
];

describe('a division is divided', () => {
  test('by opening its parts, moving what lies in it, and closing it: each step from the same day', () => {
    expect([before, after].map(({ within }) => within('north'))).toEqual([
      ['north', 'hill', 'lake', 'dale'],
      ['north', 'hill', 'lake', 'lower', 'upper', 'dale'],
    ]);
    expect([before, after].map(({ division }) => division('hill')?.name)).toEqual(['山县', '山县']);
  });

  test('only when nothing lies in it any more', () => {
    const [, , , , , , [kind, id, body] = []] = commands;
    const { events } = when(body ?? {}, kind ?? 'division', id ?? '', systemAdmin, town);
    expect(events).toBe('register/not-empty');
  });

  test('what lay in a part of it lies with that part', () => {
    expect([before, after].map(({ covers }) => [covers('hill', 'dale'), covers('upper', 'dale')])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(after.covers('lower', 'dale')).toBe(false);
  });
});

describe('a case of a division that was divided', () => {
  const { state } = given(registered, assigned);

  test('stays with the units that have a part in it, wherever they lie now', () => {
    for (const who of [handlerLi, handlerHe]) expect(sees(state, who, after)).toBe(true);
    given(registered, assigned)
      .when(acceptAssignment, by(handlerLi, { register: after }))
      .then({ type: 'AssignmentAccepted' });
  });

  test('is decided on by the units above, as before', () => {
    const { outcome } = given(registered).when(assignCase, by(dispatcherQian, { register: after }));
    expect(outcome).toMatchObject([{ type: 'CaseAssigned', leads: ['hill-office'] }]);
  });

  test('is no business of the other part, nor of anybody else', () => {
    const newcomer = post('ning', 'lower-office', 'handler');
    for (const who of [newcomer, handlerDuan]) expect(sees(state, who, after)).toBe(false);
  });
});
