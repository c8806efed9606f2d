import { describe, expect, test } from '@jest/globals';
import {
  acceptAssignment,
  accepted,
  adjustAmount,
  amended,
  another,
  approvePlan,
  assigned,
  assigning,
  attachedAfter,
  attachedBefore,
  attachEvidence,
  by,
  did,
  extensionRequested,
  given,
  moneyRecorded,
  planSubmitted,
  recordInterimSafety,
  registered,
  registeredAtRisk,
  reopened,
  reportProgress,
  returnAssignment,
  returned,
  returnUpheld,
  submitRectification,
  suspended,
  until,
  visit,
} from '../../../test/support/cases.js';
import {
  amendFinding,
  disputed,
  disputeFinding,
  findingAmended,
  findingUpheld,
  partAssigned,
  reassigned,
  upholdFinding,
} from '../../../test/support/parts.js';
import {
  dispatcherQian,
  dispatcherTang,
  handlerDuan,
  handlerHe,
  handlerLi,
  handlerXu,
  inspectorChen,
  post,
  provinceWith,
  registrarGu,
  reviewerWang,
  SEED,
} from '../../../test/support/province.js';

const { rectifying } = until;

describe('a finding', () => {
  test('is disputed by the lead, before it accepts and after', () => {
    given(registered, assigned).when(disputeFinding, by(handlerLi)).then(disputed.event);
    given(...rectifying)
      .when(amended(disputeFinding, { receipts: undefined }), by(handlerXu))
      .then({ type: 'FindingDisputed', grounds: '户数与现场不符', files: [] });
    given(registered, assigned).when(disputeFinding, by(handlerHe)).refused('case/role');
  });

  test('is disputed within five working days of the assignment', () => {
    given(registered, assigned)
      .when(disputeFinding, by(handlerLi, { on: '2026-09-08' }))
      .then(disputed.event);
    given(registered, assigned)
      .when(disputeFinding, by(handlerLi, { on: '2026-09-09' }))
      .refused('case/dispute-late');
  });

  test('of an assignment that names no such day is disputed without a limit', () => {
    const { disputeBy: _, ...before } = assigning;
    given(registered, did(dispatcherQian, before))
      .when(disputeFinding, by(handlerLi, { on: '2026-10-30' }))
      .then(disputed.event);
  });

  test('is disputed with uploads of one’s own, each used once', () => {
    given(registered, assigned)
      .when(disputeFinding, by(handlerLi, { uploads: [visit] }))
      .refused('case/receipt-unknown');
    const used = did(handlerLi, { type: 'EvidenceAttached', slot: 'before', file: another });
    given(...rectifying, used)
      .when(disputeFinding, by(handlerLi))
      .refused('case/receipt-used');
    given(...rectifying, disputed)
      .when(amended(attachEvidence, { receipt: another.receipt }), by(handlerLi))
      .refused('case/receipt-used');
  });

  test('is disputed once in a round, and again in the next', () => {
    for (const ruled of [findingUpheld, findingAmended]) {
      given(...rectifying, disputed, ruled)
        .when(disputeFinding, by(handlerLi))
        .refused('case/dispute-ruled');
    }
    given(...rectifying, disputed)
      .when(disputeFinding, by(handlerXu))
      .refused('case/flag-findingDisputed');
    given(...rectifying, disputed, findingUpheld, ...until.closed.slice(3), reopened)
      .when(amended(disputeFinding, { receipts: undefined }), by(handlerLi))
      .then({ type: 'FindingDisputed', grounds: '户数与现场不符', files: [] });
  });

  test('is disputed while the clock stands, but not while a return waits', () => {
    for (const past of [
      [...rectifying, suspended],
      [...rectifying, extensionRequested],
      [registeredAtRisk, assigned],
    ]) {
      given(...past)
        .when(disputeFinding, by(handlerLi))
        .then(disputed.event);
    }
    given(registered, assigned, returned)
      .when(disputeFinding, by(handlerLi))
      .refused('case/flag-returnPending');
  });
});

describe('while a finding is disputed', () => {
  const proven = [...rectifying, attachedBefore, attachedAfter];

  test('the work goes on', () => {
    for (const [command, who] of [
      [attachEvidence, handlerLi],
      [reportProgress, handlerHe],
      [adjustAmount, dispatcherQian],
    ] as const) {
      expect(given(...rectifying, disputed).when(command, by(who)).outcome).toHaveLength(1);
    }
    given(registered, assigned, disputed)
      .when(acceptAssignment, by(handlerLi))
      .then({ type: 'AssignmentAccepted' });
    given(...rectifying, planSubmitted, disputed)
      .when(approvePlan, by(reviewerWang))
      .then({ type: 'PlanApproved', opinion: '可行' });
    given(registeredAtRisk, assigned, disputed)
      .when(recordInterimSafety, by(handlerLi))
      .then({ type: 'InterimSafetyRecorded', measures: '已搬至安置点', persons: 4, doneOn: '2026-08-31' });
  });

  test('nothing is submitted; once it is ruled on, it is', () => {
    given(...proven, disputed)
      .when(submitRectification, by(handlerLi))
      .refused('case/flag-findingDisputed');
    expect(
      given(...proven, disputed, findingUpheld).when(submitRectification, by(handlerLi)).outcome,
    ).toMatchObject([{ type: 'RectificationSubmitted' }]);
  });

  test('the case may be returned: with its units goes what they had against it', () => {
    given(registered, assigned, disputed).when(returnAssignment, by(handlerLi)).then(returned.event);
    given(registered, assigned, disputed, returned, returnUpheld, assigned)
      .when(amended(disputeFinding, { receipts: undefined }), by(handlerLi))
      .then({ type: 'FindingDisputed', grounds: '户数与现场不符', files: [] });
  });
});

describe('a dispute', () => {
  test('is ruled on by the unit that found the problem', () => {
    given(registered, assigned, disputed).when(upholdFinding, by(registrarGu)).then(findingUpheld.event);
    given(...rectifying, disputed)
      .when(upholdFinding, by(dispatcherQian))
      .then(findingUpheld.event);
    given(registered, assigned, disputed)
      .when(upholdFinding, by(post('tang', 'province-office', 'dispatcher')))
      .refused('case/role');
    given(registered, assigned, disputed).when(upholdFinding, by(inspectorChen)).refused('case/role');
  });

  test('is ruled on by the finder, not by another unit that assigned the case', () => {
    const byTheProvince = did(dispatcherTang, { ...assigning, closer: 'province-office' });
    given(registered, byTheProvince, disputed).when(upholdFinding, by(dispatcherTang)).refused('case/role');
    given(registered, byTheProvince, disputed).when(upholdFinding, by(registrarGu)).then(findingUpheld.event);
  });

  test('of what a unit found that answers for it now, by the unit that assigned it', () => {
    const found = did(post('ji', 'hill-office', 'registrar'), registered.event);
    given(found, assigned, disputed)
      .when(upholdFinding, by(post('ji', 'hill-office', 'registrar')))
      .refused('case/role');
    given(found, assigned, disputed).when(upholdFinding, by(dispatcherQian)).then(findingUpheld.event);
  });

  test('is ruled on by nobody who holds a post at a responsible unit', () => {
    for (const unit of ['hill-office', 'hill-works']) {
      const appointments = [
        { unit: 'north-office', role: 'registrar' },
        { unit, role: 'auditor' },
      ];
      const others = SEED.persons.filter(({ id }) => id !== 'gu');
      const register = provinceWith({ persons: [...others, { id: 'gu', name: 'gu', appointments }] });
      for (const ruling of [upholdFinding, amendFinding]) {
        given(registered, assigned, disputed)
          .when(ruling, by(registrarGu, { register }))
          .refused('case/finder-of-lead');
      }
    }
    given(registered, assigned, disputed)
      .when(upholdFinding, by(registrarGu, { onBehalfOf: 'li' }))
      .refused('case/finder-of-lead');
    // Whoever has a part of it is responsible as well.
    const toLake = did(handlerLi, {
      ...partAssigned.event,
      unit: 'lake-office',
    } as typeof partAssigned.event);
    given(...rectifying, toLake, disputed)
      .when(upholdFinding, by(registrarGu, { onBehalfOf: 'duan' }))
      .refused('case/finder-of-lead');
  });

  test('must be there to be ruled on', () => {
    given(...rectifying)
      .when(upholdFinding, by(registrarGu))
      .refused('case/dispute-missing');
    given(...rectifying, disputed, findingUpheld)
      .when(amendFinding, by(registrarGu))
      .refused('case/dispute-missing');
  });

  test('is ruled on whatever else waits', () => {
    for (const waiting of [returned, extensionRequested, suspended]) {
      const past = waiting === returned ? [registered, assigned] : rectifying;
      given(...past, disputed, waiting)
        .when(upholdFinding, by(registrarGu))
        .then(findingUpheld.event);
    }
  });

  test('goes on when the case is given to other leads, who rule on nothing', () => {
    given(registered, assigned, disputed, reassigned)
      .when(upholdFinding, by(registrarGu))
      .then(findingUpheld.event);
    given(registered, assigned, disputed, reassigned)
      .when(upholdFinding, by(handlerDuan))
      .refused('case/role');
  });
});

describe('a finding is amended', () => {
  test('in what was wrong with it: graver, it is approved as well', () => {
    given(registered, assigned, disputed).when(amendFinding, by(registrarGu)).then(findingAmended.event);
  });

  test('in one fact only: the route stays', () => {
    const only = { taskText: undefined, amountFen: undefined, severity: undefined, householdCount: 2 };
    given(registered, assigned, disputed)
      .when(amended(amendFinding, only), by(registrarGu))
      .then({ type: 'FindingAmended', reason: '现场复核有出入', householdCount: 2 });
  });

  test('to something less grave without taking a step off the route', () => {
    const milder = amended(amendFinding, {
      ...{
        taskText: undefined,
        amountFen: undefined,
        householdCount: undefined,
        severity: 'general' as const,
      },
    });
    const { route, closer } = findingAmended.event as Extract<
      typeof findingAmended.event,
      { type: 'FindingAmended' }
    >;
    const asSerious = did(dispatcherQian, { ...assigning, route: route ?? [], closer: closer ?? '' });
    given(registered, asSerious, disputed)
      .when(milder, by(registrarGu))
      .then({ type: 'FindingAmended', reason: '现场复核有出入', severity: 'general', route, closer });
  });

  test('in at least one fact', () => {
    const none = {
      ...{ taskText: undefined, amountFen: undefined, severity: undefined, householdCount: undefined },
    };
    given(registered, assigned, disputed)
      .when(amended(amendFinding, none), by(registrarGu))
      .invalid('taskText');
  });

  test('to no less money than is put right already', () => {
    given(...rectifying, moneyRecorded, disputed)
      .when(amended(amendFinding, { amountFen: 249_999 }), by(registrarGu))
      .refused('case/money-over');
  });

  test('so that what is decided next knows it; a dispute or an upheld finding makes nobody look again', () => {
    const { state } = given(registered, assigned, accepted, disputed, findingAmended);
    expect(state).toMatchObject({
      ...{ severity: 'serious', amountFen: 1_000_000, closer: 'province-office', basis: 4 },
      registration: { severity: 'serious', amountFen: 1_000_000, householdCount: 2 },
    });
    expect(given(registered, assigned, disputed, findingUpheld).state.basis).toBe(1);
  });
});
