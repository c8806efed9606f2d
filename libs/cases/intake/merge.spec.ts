import { describe, expect, test } from '@jest/globals';
import { type AbsorbCase } from '../../contracts/merge.js';
import { type RefusalCode, Refusal } from '../../contracts/refusal.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { type Actor } from '../../eventing/event.js';
import {
  amended,
  answered,
  assignCase,
  assigning,
  by,
  did,
  extensionRequested,
  given,
  instructed,
  type PastEvent,
  raising,
  registered,
  registeredAtRisk,
  registration,
  returned,
  toReview,
  TWIN,
  until,
} from '../../../test/support/cases.js';
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
} from '../../../test/support/split.js';
import { restricted } from '../../../test/support/afterwards.js';
import { factCheckStarted, factsEstablished, itemsListed } from '../../../test/support/intake.js';
import { reassignCase } from '../../../test/support/parts.js';
import { dispatcherQian, registrarGu } from '../../../test/support/province.js';
import { partId } from '../../eventing/ids.js';
import { type Register } from '../../contracts/register.js';

/** What was decided, as it happened then. */
function pastOf(outcome: readonly CaseEvent[] | Refusal, who: Actor): PastEvent[] {
  if (outcome instanceof Refusal) throw outcome;
  return outcome.map((event) => did(who, event));
}

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

  test('a check of its facts that was begun comes to its end first', () => {
    given(registered, factCheckStarted).when(mergeCase, by(registrarGu)).refused('case/facts-unestablished');
    expect(
      given(registered, factCheckStarted, factsEstablished).when(mergeCase, by(registrarGu)).outcome,
    ).toHaveLength(1);
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

  test('is seen by the same people, lies in the same divisions and lists the same items', () => {
    const refusing = (other: Partial<AbsorbCase>, past: readonly PastEvent[], code: RefusalCode) => {
      given(...past)
        .when(amended(absorbCase, other), by(managerAtNorth))
        .refused(code);
    };
    refusing({ visibility: 'restricted' }, until.rectifying, 'case/merge-visibility');
    refusing({}, [...until.rectifying, restricted], 'case/merge-visibility');
    refusing({ divisions: ['hill', 'lake'] }, until.rectifying, 'case/merge-divisions');
    refusing({ items: ['house-9'] }, [...until.rectifying, itemsListed], 'case/merge-items');
    given(...until.rectifying, itemsListed)
      .when(amended(absorbCase, { items: ['house-1'] }), by(managerAtNorth))
      .then(absorbing);
  });

  test('is completed no later than a source of the other wants it', () => {
    const soon = amended(absorbCase, { sourceDueOn: '2026-10-16' });
    given(...until.rectifying)
      .when(soon, by(managerAtNorth))
      .refused('case/merge-due');
    const { outcome } = given(registered).when(soon, by(managerAtNorth));
    const { when } = given(registered, ...pastOf(outcome, managerAtNorth));
    expect(when(amended(assignCase, { dueOn: undefined }), by(dispatcherQian)).outcome).toMatchObject([
      { dueOn: '2026-10-16' },
    ]);
  });

  test('has its facts established where a source of the other wants that', () => {
    const petition = amended(absorbCase, { sources: [amended(otherSource, { code: 'PT' })] });
    given(...until.rectifying)
      .when(petition, by(managerAtNorth))
      .refused('case/facts-unestablished');
    const { outcome } = given(registered).when(petition, by(managerAtNorth));
    given(registered, ...pastOf(outcome, managerAtNorth))
      .when(assignCase, by(dispatcherQian))
      .refused('case/facts-unestablished');
  });

  test('takes up the steps and slots of the other’s sources, as long as nothing was submitted', () => {
    const audit = amended(absorbCase, { atRisk: false, sources: [amended(otherSource, { code: 'AU' })] });
    for (const status of ['assigned', 'rectifying'] as const) {
      const { outcome } = given(...until[status]).when(audit, by(managerAtNorth));
      expect(outcome).toMatchObject([
        {
          route: [{ step: 'review' }, { step: 'verify' }, { step: 'recognition', unit: 'north-office' }],
          checklist: [{ id: 'before' }, { id: 'after' }, { id: 'opinion' }],
        },
      ]);
      const { state } = given(...until[status], ...pastOf(outcome, managerAtNorth));
      expect([state.route.length, state.checklist.length, state.closer]).toEqual([3, 3, 'north-office']);
    }
    for (const status of ['submitted', 'rectified', 'verified'] as const)
      given(...until[status])
        .when(audit, by(managerAtNorth))
        .refused('case/merge-late');
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
    for (const past of [until.submitted, raising.suspended])
      given(...past)
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
    const sources = [amended(otherSource, { code: 'AU' })];
    const safe = { ...absorbed, event: { ...absorbing, sources, atRisk: false } };
    expect(assigning(registered, safe)).toMatchObject([
      { route: [{ step: 'review' }, { step: 'verify' }, { step: 'approve' }] },
    ]);
  });
});

describe('a self-found problem that is merged into what others found', () => {
  const { facts } = by(dispatcherQian);
  const [general] = facts.register.policy.routes;
  const routes = [general, { when: { sources: ['SC'] }, steps: [{ step: 'verify', by: 'beside' }] }];
  const register = { ...facts.register, policy: { ...facts.register.policy, routes } } as Register;
  const verifying = (past: PastEvent[], command: object) =>
    given(...past).when(command, by(dispatcherQian, { register })).outcome;
  const selfFound = amended(otherSource, { code: 'SC' });

  test('does not bring its verification down to the county', () => {
    const both = did(managerAtNorth, { ...absorbing, sources: [selfFound], atRisk: false });
    const above = [{ route: [{ step: 'review' }, { step: 'verify', unit: 'north-office' }] }];
    expect(verifying([registered, both], assignCase)).toMatchObject(above);
    const elsewhere = amended(reassignCase, { leads: ['lake-office'], coUnits: [], dueOn: undefined });
    expect(verifying([...until.rectifying, both], elsewhere)).toMatchObject(above);
  });

  test('and one that takes up what others found is verified from above from then on', () => {
    const beside = { step: 'verify', level: 'county', unit: 'hill-works' } as const;
    const self = did(registrarGu, { ...registration, source: selfFound });
    const assignedBeside = did(dispatcherQian, { ...assigning, route: [toReview, beside] });
    const { outcome } = given(self, assignedBeside).when(absorbCase, by(managerAtNorth, { register }));
    expect(outcome).toMatchObject([{ route: [toReview, { step: 'verify', unit: 'north-office' }] }]);
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
