import { describe, expect, test } from '@jest/globals';
import { type AbsorbCase } from '../contracts/merge.js';
import {
  amended,
  answered,
  assignCase,
  by,
  extensionRequested,
  given,
  instructed,
  type PastEvent,
  registered,
  registeredAtRisk,
  registration,
  returned,
  TWIN,
  until,
} from '../../test/support/cases.js';
import {
  absorbCase,
  absorbed,
  absorbing,
  limits,
  managerAtNorth,
  merged,
  mergeCase,
  mergeUndone,
  otherSource,
  splitCase,
  undoMerge,
} from '../../test/support/split.js';
import { dispatcherQian, registrarGu } from '../../test/support/province.js';
import { partId } from '../eventing/ids.js';
import { type Register } from '../contracts/register.js';

describe('merging a case into another', () => {
  test('ends it at once, as long as nothing was submitted', () => {
    for (const status of ['registered', 'assigned', 'rectifying'] as const) {
      given(...until[status])
        .when(mergeCase, by(registrarGu))
        .then({ type: 'CaseMerged', into: TWIN, reason: '同一问题' });
    }
    given(registered, merged).when(assignCase, by(dispatcherQian)).refused('case/status');
  });

  test('not into itself, and not into a case that the caller may not see or does not cover', () => {
    const { facts } = by(registrarGu);
    const id = '00000000-0000-4000-8000-0000000000b2';
    given(registered)
      .when(amended(mergeCase, { into: id }), by(registrarGu))
      .refused('case/target-unknown');
    given(registered)
      .when(mergeCase, {
        actor: registrarGu,
        facts: { ...facts, visible: new Map([[TWIN, { decides: false }]]) },
      })
      .refused('case/role');
    const { state } = given(registered);
    expect(state.id).toBe('1');
    given(registered)
      .when(Object.assign(amended(mergeCase, {}), { into: state.id }), by(registrarGu))
      .invalid('into');
  });

  test('people at risk do not stand in its way; a pending request or instruction does', () => {
    expect(given(registeredAtRisk).when(mergeCase, by(registrarGu)).outcome).toHaveLength(1);
    given(...until.assigned, returned)
      .when(mergeCase, by(registrarGu))
      .refused('case/flag-returnPending');
    given(...until.rectifying, extensionRequested)
      .when(mergeCase, by(registrarGu))
      .refused('case/flag-extensionPending');
    given(...until.rectifying, instructed, answered)
      .when(mergeCase, by(registrarGu))
      .refused('case/instruction-open');
  });
});

describe('a case that takes another up', () => {
  test('has its sources besides its own, and keeps out whom it kept out', () => {
    const { state } = given(...until.rectifying, absorbed);
    expect(state.sources).toMatchObject([registration.source, otherSource]);
    expect(state.excluded).toEqual(new Set(limits.excluded));
    expect(state.barred).toEqual(new Set(limits.barred));
    expect(state.status).toBe('rectifying');
  });

  test('is about no less: nothing that was asked of the one is lost in the other', () => {
    const graver: Partial<AbsorbCase>[] = [
      { severity: 'major' },
      { categories: ['roof', 'money'] },
      { amountFen: 9_000_000 },
    ];
    for (const other of graver) {
      given(...until.rectifying)
        .when(amended(absorbCase, other), by(managerAtNorth))
        .refused('case/merge-lighter');
    }
  });

  test('is open, whatever flag is up', () => {
    const safe = amended(absorbCase, { atRisk: false });
    for (const status of [
      'registered',
      'assigned',
      'rectifying',
      'submitted',
      'rectified',
      'verified',
    ] as const) {
      given(...until[status])
        .when(safe, by(managerAtNorth))
        .then({ ...absorbing, atRisk: false });
    }
    given(...until.assigned, returned)
      .when(safe, by(managerAtNorth))
      .then({ ...absorbing, atRisk: false });
    for (const past of [until.closed, [registered, merged]]) {
      given(...past)
        .when(safe, by(managerAtNorth))
        .refused('case/status');
    }
    given().when(safe, by(managerAtNorth)).refused('case/unknown');
  });

  test('has people at risk from then on where the other had, and must be able to bring them to safety', () => {
    const { state } = given(...until.rectifying, absorbed);
    expect([state.personsAtRisk, [...state.flags]]).toEqual([true, ['atRisk']]);
    given(...until.submitted)
      .when(absorbCase, by(managerAtNorth))
      .refused('case/merge-at-risk');
  });

  test('is looked at again by who examines it', () => {
    expect(given(...until.verified, absorbed).state.basis).toBe(until.verified.length);
  });

  test('goes the way of all its sources when it is assigned', () => {
    const { facts } = by(dispatcherQian);
    const [general] = facts.register.policy.routes;
    const routes = [
      general,
      { when: { sources: ['AU'] }, steps: [{ step: 'approve', by: { level: 'province' } }] },
    ];
    const register = { ...facts.register, policy: { ...facts.register.policy, routes } } as Register;
    const assigning = (...past: PastEvent[]) =>
      given(...past).when(assignCase, by(dispatcherQian, { register })).outcome;
    expect(assigning(registered)).toMatchObject([{ route: [{ step: 'review' }, { step: 'verify' }] }]);
    const safe = { ...absorbed, event: { ...absorbing, atRisk: false } };
    expect(assigning(registered, safe)).toMatchObject([
      { route: [{ step: 'review' }, { step: 'verify' }, { step: 'approve' }] },
    ]);
  });
});

describe('a merge that is undone', () => {
  test('leaves the case where it stood', () => {
    for (const status of ['registered', 'assigned', 'rectifying'] as const) {
      given(...until[status], merged)
        .when(undoMerge, by(managerAtNorth))
        .then({ type: 'MergeUndone', into: TWIN, code: 'case/status', status });
    }
    const { state, when } = given(registered, merged, mergeUndone);
    expect(state.status).toBe('registered');
    when(splitCase, by(registrarGu)).then({
      type: 'CaseSplit',
      children: splitCase.parts.map(({ ...part }, n) => ({ case: partId('1', n), ...part })),
      reason: splitCase.reason,
    });
  });

  test('and nobody undoes one but the system', () => {
    given(registered, merged).when(undoMerge, by(registrarGu)).refused('case/role');
  });
});
