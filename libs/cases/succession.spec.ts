import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import {
  acceptAssignment,
  amended,
  assignCase,
  assigned,
  assigning,
  by,
  did,
  given,
  passReview,
  recordVerification,
  registered,
  registerProblem,
  reopenCase,
  until,
} from '../../test/support/cases.js';
import {
  approverWu,
  dispatcherQian,
  handlerDuan,
  handlerHe,
  handlerLi,
  post,
  registrarGu,
  reviewerWang,
  verifierYang,
  verifierZhao,
} from '../../test/support/province.js';
import { type Happened, provinceAt } from '../../test/support/register.js';
import { sees } from './table.js';
import { changeCoUnits, reassignCase } from '../../test/support/parts.js';
import { type CaseEvent } from '../contracts/case-events.js';

const DAY = '2026-09-01';
const from = DAY;
/** The works of Hill County are carried on by the office of Lake County, by way of their own office. */
const abolished: Happened = {
  'unit-hill-works': [{ type: 'UnitAbolished', successor: 'hill-office', from }],
  'unit-hill-office': [{ type: 'UnitAbolished', successor: 'lake-office', from }],
};
const after = provinceAt(DAY, abolished);
const before = provinceAt('2026-08-31', abolished);

describe('a unit that carries on an abolished one', () => {
  test('takes its desks, from the day of effect on', () => {
    given(registered, assigned)
      .when(acceptAssignment, by(handlerDuan, { register: after }))
      .then({ type: 'AssignmentAccepted' });
    given(registered, assigned)
      .when(acceptAssignment, by(handlerDuan, { register: before }))
      .refused('case/unknown');
  });

  test('leaves nobody at the old desks', () => {
    for (const who of [handlerLi, handlerHe])
      given(registered, assigned)
        .when(acceptAssignment, by(who, { register: after }))
        .refused('case/unknown');
    given(registered, assigned)
      .when(acceptAssignment, by(handlerLi, { register: before }))
      .then({ type: 'AssignmentAccepted' });
  });

  test('reviews what the old one was to review', () => {
    given(...until.submitted)
      .when(passReview, by(post('jin', 'lake-office', 'reviewer'), { register: after }))
      .then({ type: 'ReviewPassed', opinion: '材料齐全' });
    given(...until.submitted)
      .when(passReview, by(reviewerWang, { register: after }))
      .refused('case/unknown');
  });

  test('is responsible: who holds a post at it does not verify', () => {
    const register = provinceAt(DAY, {
      ...abolished,
      'person-zhao': [{ type: 'PersonAppointed', unit: 'lake-office', role: 'leader', from }],
    });
    given(...until.rectified)
      .when(recordVerification, by(verifierZhao, { register }))
      .refused('case/verifier-of-lead');
    // She held a post at the unit that is no more.
    expect(
      given(...until.rectified).when(recordVerification, by(verifierYang, { register })).outcome,
    ).toHaveLength(1);
  });

  test('sees its cases, and nothing that it would not have seen', () => {
    const { state } = given(registered, assigned);
    const lake = post('jin', 'lake-office', 'reviewer');
    expect([sees(state, lake, before), sees(state, lake, after)]).toEqual([false, true]);
    const { state: unassigned } = given(registered);
    expect(sees(unassigned, lake, after)).toBe(false);
  });

  test('is assigned to, not the old one', () => {
    given(registered)
      .when(assignCase, by(dispatcherQian, { register: after }))
      .invalid('leads.0');
    const { outcome } = given(registered).when(
      amended(assignCase, { leads: ['lake-office'], coUnits: [] }),
      by(dispatcherQian, { register: after }),
    );
    expect(outcome).toMatchObject([{ route: [{ unit: 'lake-office' }, { unit: 'north-office' }] }]);
  });

  test('answers for a case that is taken up again', () => {
    const { outcome } = given(...until.closed).when(
      amended(reopenCase, { leads: undefined, coUnits: undefined }),
      by(approverWu, { register: after }),
    );
    expect(outcome).toMatchObject([
      { leads: ['lake-office'], coUnits: [], route: [{ unit: 'lake-office' }, { unit: 'north-office' }] },
    ]);
  });
});

describe('where an abolished lead is carried on', () => {
  // The lead alone is abolished: its co-unit stands.
  const register = provinceAt(DAY, {
    'unit-hill-office': [{ type: 'UnitAbolished', successor: 'lake-office', from }],
  });
  const jin = post('jin', 'lake-office', 'reviewer');

  test('its own people still review when the co-units are said anew', () => {
    const { outcome } = given(...until.rectifying).when(
      amended(changeCoUnits, { coUnits: [] }),
      by(dispatcherQian, { register }),
    );
    expect(outcome).toMatchObject([{ route: [{ unit: 'lake-office' }, { unit: 'north-office' }] }]);
    const [event] = outcome as [CaseEvent];
    given(...until.rectifying, did(dispatcherQian, event), ...until.submitted.slice(3))
      .when(passReview, by(jin, { register }))
      .then({ type: 'ReviewPassed', opinion: '材料齐全' });
  });

  test('it has the case already: there is nothing to assign anew', () => {
    given(...until.rectifying)
      .when(amended(reassignCase, { leads: ['lake-office'], coUnits: [] }), by(dispatcherQian, { register }))
      .refused('case/leads-same');
  });

  test('nobody helps who helped before under another name, nor leaves a part behind', () => {
    const helping = did(dispatcherQian, { ...assigning, leads: ['hill-works'], coUnits: ['hill-office'] });
    given(registered, helping)
      .when(amended(changeCoUnits, { coUnits: ['lake-office'] }), by(dispatcherQian, { register }))
      .refused('case/co-units-same');
    const part = did(handlerHe, {
      ...{ type: 'PartAssigned', part: 1, unit: 'hill-office', duty: '清点', dueOn: '2026-09-20' },
    });
    given(registered, helping, part)
      .when(amended(changeCoUnits, { coUnits: [] }), by(dispatcherQian, { register }))
      .refused('case/co-unit-part');
  });

  test('who checked the facts and holds a post at it keeps it from being the lead', () => {
    const duan = did(dispatcherQian, {
      type: 'FactCheckStarted',
      checkers: ['duan'],
      units: ['lake-office'],
    });
    const established = did(handlerDuan, {
      ...{ type: 'FactsEstablished', substantiation: 'full', findings: '属实', photos: [] },
    });
    const { outcome } = given(registered, duan, established, ...until.closed.slice(1)).when(
      amended(reopenCase, { leads: undefined, coUnits: [] }),
      by(approverWu, { register }),
    );
    expect(outcome).toMatchObject({ code: 'case/checker-of-lead' });
  });
});

describe('a merged division', () => {
  test('lies in its successor: who covers that, covers its cases', () => {
    const register = provinceAt(DAY, {
      'division-hill': [{ type: 'DivisionMerged', into: 'shore', from }],
    });
    const { state } = given(registered);
    const south = post('jin', 'south-office', 'dispatcher');
    expect([sees(state, south, before), sees(state, south, register)]).toEqual([false, true]);
    expect(sees(state, dispatcherQian, register)).toBe(false);
  });
});

describe('leave', () => {
  const register = provinceAt(DAY, {
    'person-li': [
      { type: 'LeaveTaken', from, until: from },
      {
        ...{ type: 'DelegationGiven', to: 'duan', unit: 'hill-office', role: 'handler' },
        ...{ from, until: from },
      },
    ],
    'person-gu': [{ type: 'LeaveTaken', from, until: from }],
  });

  test('lets nobody command, before it is asked at which desk', () => {
    given(registered, assigned).when(acceptAssignment, by(handlerLi, { register })).refused('case/on-leave');
    given().when(registerProblem, by(registrarGu, { register })).refused('case/on-leave');
    given(registered, did(dispatcherQian, { ...assigning, leads: ['hill-works'] }))
      .when(acceptAssignment, by(handlerLi, { register }))
      .refused('case/on-leave');
  });

  test('lets them read, and somebody else act in their place', () => {
    const { state, when } = given(registered, assigned);
    expect(sees(state, handlerLi, register)).toBe(true);
    const delegate = post('duan', 'hill-office', 'handler');
    when(acceptAssignment, by(delegate, { register, onBehalfOf: 'li' })).then({ type: 'AssignmentAccepted' });
  });

  test('is over the day after', () => {
    const next = provinceAt('2026-09-02', { 'person-li': [{ type: 'LeaveTaken', from, until: from }] });
    given(registered, assigned)
      .when(acceptAssignment, by(handlerLi, { register: next }))
      .then({ type: 'AssignmentAccepted' });
  });
});

test('who fills a post at the responsible unit for somebody else does not verify', () => {
  const register = provinceAt(DAY, {
    'person-wang': [
      {
        ...{ type: 'DelegationGiven', to: 'zhao', unit: 'hill-office', role: 'reviewer' },
        ...{ from, until: from },
      },
    ],
  });
  given(...until.rectified)
    .when(recordVerification, by(verifierZhao, { register }))
    .refused('case/verifier-of-lead');
});
