import { describe, expect, test } from '@jest/globals';
import {
  acceptAssignment,
  amended,
  assigning,
  by,
  did,
  given,
  registered,
  registeredSerious,
  registration,
  reopenCase,
  reopened,
  reopening,
  returnAssignment,
  assignedSerious,
  approved,
  toApprove,
  toReview,
  toVerify,
  until,
  reopenAtRisk,
  reopenedAtRisk,
  instructed,
  returned,
  returnUpheld,
  assigned,
} from '../../../test/support/cases.js';
import {
  approverHan,
  approverWu,
  approverZheng,
  dispatcherTang,
  handlerLi,
  inspectorChen,
  inspectorDong,
  provinceWith,
  registrarGu,
  SEED,
} from '../../../test/support/province.js';
import { REOPEN_CAUSES } from '../../contracts/afterwards.js';

const closedSerious = [
  registeredSerious,
  assignedSerious,
  ...until.verified.slice(2),
  approved,
  did(approverZheng, { type: 'CaseClosed', closureNumber: 'N-7' }),
];

const ROUTES_WITH_APPROVAL = SEED.policy.routes.slice(0, 2).map(({ steps }) => ({ steps }));

describe('reopening', () => {
  test('a closed case is taken up again by the unit that closed it: in a new round, with a new due day', () => {
    given(...until.closed)
      .when(reopenCase, by(approverWu))
      .then(reopening);
    given(...until.closed)
      .when(reopenCase, by(approverHan))
      .then(reopening);
  });

  test.each(REOPEN_CAUSES)('%s is a cause', (cause) => {
    given(...until.closed)
      .when(amended(reopenCase, { cause }), by(approverWu))
      .then({ ...reopening, cause });
  });

  test('an inspector reopens whatever lies in their scope', () => {
    given(...until.closed)
      .when(reopenCase, by(inspectorChen))
      .then(reopening);
    given(...until.closed)
      .when(reopenCase, by(inspectorDong))
      .refused('case/unknown');
  });

  test('an approver of another unit does not', () => {
    given(...until.closed)
      .when(reopenCase, by(approverZheng))
      .refused('case/role');
    given(...closedSerious)
      .when(reopenCase, by(approverWu))
      .refused('case/role');
  });

  test.each(['registered', 'assigned', 'rectifying', 'submitted', 'rectified', 'verified'] as const)(
    'what is not closed is not reopened: %s',
    (status) => {
      given(...until[status])
        .when(reopenCase, by(inspectorChen))
        .refused('case/status');
    },
  );

  test('rounds are counted', () => {
    given(...until.closed, reopened, ...until.closed.slice(3))
      .when(reopenCase, by(approverWu))
      .then({ ...reopening, round: 3 });
  });

  test.each([
    ['the policy’s from the reopening', undefined, undefined, '2026-10-19'],
    ['the source’s, where it is earlier and not past', '2026-09-20', undefined, '2026-09-20'],
    ['the policy’s, where the source’s is past by now', '2026-08-31', undefined, '2026-10-19'],
    ['the one asked for, where it is earlier', undefined, '2026-09-02', '2026-09-02'],
  ])('the due day is %s', (_, sourceDueOn, asked, dueOn) => {
    const { outcome } = given(
      did(registrarGu, { ...registration, sourceDueOn }),
      ...until.closed.slice(1),
    ).when(amended(reopenCase, { dueOn: asked }), by(approverWu));
    expect(outcome).toMatchObject([{ dueOn, deadline: { due: dueOn } }]);
  });

  test('the due day is neither past nor later than the policy allows', () => {
    given(...until.closed)
      .when(amended(reopenCase, { dueOn: '2026-08-31' }), by(approverWu))
      .refused('case/due-past');
    given(...until.closed)
      .when(amended(reopenCase, { dueOn: '2026-10-20' }), by(approverWu))
      .refused('case/due-late');
  });

  test('route and checklist are those of the rules of the day', () => {
    const stricter = provinceWith({
      policy: {
        ...SEED.policy,
        id: 'rules@2',
        routes: ROUTES_WITH_APPROVAL,
        categories: {
          roof: { title: '改造效果不佳', checklist: [{ id: 'report', title: '检测报告' }] },
        },
      },
    });
    expect(
      given(...until.closed).when(reopenCase, by(inspectorChen, { register: stricter })).outcome,
    ).toMatchObject([
      {
        route: [toReview, toVerify, toApprove],
        checklist: [{ id: 'report', title: '检测报告' }],
      },
    ]);
  });

  test('the unit that approves closes, also where the rules of the day name it anew', () => {
    const stricter = provinceWith({
      policy: { ...SEED.policy, routes: ROUTES_WITH_APPROVAL },
    });
    const { outcome } = given(...until.closed).when(reopenCase, by(inspectorChen, { register: stricter }));
    expect(outcome).toMatchObject([{ closer: 'province-office' }]);
  });

  test('where the rules of the day ask no approval any more, the unit that assigned the case closes it', () => {
    const milder = provinceWith({
      policy: { ...SEED.policy, routes: SEED.policy.routes.slice(0, 1) },
    });
    const { outcome } = given(...closedSerious).when(
      amended(reopenCase, { dueOn: undefined }),
      by(inspectorChen, { register: milder }),
    );
    expect(outcome).toMatchObject([{ route: [toReview, toVerify], closer: 'north-office' }]);
  });

  test('no case is reopened for which there is no checklist, or no unit to examine it', () => {
    const { money } = SEED.policy.categories;
    const withoutRoof = provinceWith({ policy: { ...SEED.policy, categories: { money } } });
    given(...until.closed)
      .when(reopenCase, by(approverWu, { register: withoutRoof }))
      .refused('case/no-policy');
    const nobody = provinceWith({
      units: SEED.units.map((unit) => (unit.id === 'hill-office' ? { ...unit, parent: undefined } : unit)),
    });
    given(...until.closed)
      .when(reopenCase, by(approverWu, { register: nobody }))
      .refused('case/no-desk');
  });

  test('the responsible units stay responsible: there is nothing to accept or to return', () => {
    const { state } = given(...until.closed, reopened);
    expect(state).toMatchObject({
      status: 'rectifying',
      round: 2,
      leads: ['hill-office'],
      coUnits: ['hill-works'],
    });
    given(...until.closed, reopened)
      .when(acceptAssignment, by(handlerLi))
      .refused('case/status');
    given(...until.closed, reopened)
      .when(returnAssignment, by(handlerLi))
      .refused('case/status');
  });

  test('who rectified stays a rectifier, who examined is free again', () => {
    const { state } = given(...until.closed, reopened);
    expect([...state.rectifiers]).toEqual(['li']);
    for (const persons of [
      state.reviewers,
      state.verifiers,
      state.approvers,
      state.recordedBy,
      state.barred,
    ]) {
      expect([...persons]).toEqual([]);
    }
  });

  test('who verified, approved or closed a false rectification stays barred in all later rounds', () => {
    const falsely = did(approverWu, { ...reopening, cause: 'false-rectification' });
    const past = [...until.closed, falsely, ...until.closed.slice(3), reopened];
    expect([...given(...past).state.barred].sort()).toEqual(['sun', 'wu', 'zhao']);
  });

  test('a reopening that saw the case before it was verified is stale; one that saw it before it was closed is not', () => {
    given(...until.closed)
      .when(reopenCase, by(approverWu, { seen: 7 }))
      .refused('case/stale', { basis: 8 });
    given(...until.closed)
      .when(reopenCase, by(approverWu, { seen: 8 }))
      .then(reopening);
  });

  test('a case that a higher unit assigned is reopened by that unit', () => {
    const byTheProvince = did(dispatcherTang, { ...assigning, closer: 'province-office' });
    const past = [
      registered,
      byTheProvince,
      ...until.verified.slice(2),
      did(approverZheng, { type: 'CaseClosed', closureNumber: 'N-7' }),
    ];
    given(...past)
      .when(reopenCase, by(approverZheng))
      .then({ ...reopening, closer: 'province-office' });
    given(...past)
      .when(reopenCase, by(approverWu))
      .refused('case/role');
  });
});

describe('a case that is taken up again', () => {
  const slots = [
    { id: 'reappraisal', title: '复核鉴定', when: 'disputed' },
    { id: 'shelter', title: '安置记录', when: 'at-risk' },
    { id: 'result', title: '整改结果' },
  ];
  const register = provinceWith({
    policy: {
      ...SEED.policy,
      categories: { ...SEED.policy.categories, roof: { title: '屋面', checklist: slots } },
    },
  });

  test('still shows what depends on a circumstance of its assignment', () => {
    const { outcome } = given(...until.closed).when(reopenCase, by(approverWu, { register }));
    expect(outcome).toMatchObject([{ checklist: [{ id: 'reappraisal' }, { id: 'result' }] }]);
  });

  test('may have people at risk by now', () => {
    given(...until.closed)
      .when(reopenAtRisk, by(approverWu))
      .then(reopenedAtRisk.event);
    const { state } = given(...until.closed, reopenedAtRisk);
    expect([state.personsAtRisk, [...state.flags]]).toEqual([true, ['atRisk']]);
    const { outcome } = given(...until.closed).when(reopenAtRisk, by(approverWu, { register }));
    expect(outcome).toMatchObject([
      { checklist: [{ id: 'reappraisal' }, { id: 'shelter' }, { id: 'result' }] },
    ]);
  });

  test('has no co-unit that leads it already', () => {
    given(...until.closed)
      .when(amended(reopenCase, { leads: undefined, coUnits: ['hill-office'] }), by(approverWu))
      .invalid('coUnits.0');
  });

  test('has its open instructions with who leads it now', () => {
    const back = [registered, assigned, instructed, returned, returnUpheld];
    const ended = did(inspectorChen, {
      ...{ type: 'CaseTransferredOut', to: '水务局', document: '移送〔2026〕1号', reason: '职能所在' },
    });
    const elsewhere = did(approverWu, { ...reopening, leads: ['lake-office'], coUnits: [] });
    expect(given(...back, ended, elsewhere).state.instructions.get(1)?.lead).toBe('lake-office');
  });
});
