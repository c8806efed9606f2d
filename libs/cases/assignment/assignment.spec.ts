import { describe, expect, test } from '@jest/globals';
import {
  acceptAssignment,
  accepted,
  amended,
  assignCase,
  TODAY,
  assigned,
  assignedAsFinal,
  assigning,
  by,
  did,
  given,
  registered,
  registration,
  rejectReturn,
  returnAssignment,
  returned,
  returnRejected,
  returnUpheld,
  toApprove,
  toReview,
  toVerify,
  upholdReturn,
} from '../../../test/support/cases.js';
import { toNotice, toPosition, toRecognition } from '../../../test/support/examination.js';
import {
  dispatcherMeng,
  dispatcherQian,
  dispatcherShi,
  dispatcherTang,
  handlerDuan,
  handlerHe,
  handlerLi,
  handlerXu,
  post,
  provinceWith,
  registrarGu,
  SEED,
} from '../../../test/support/province.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { Refusal } from '../../contracts/refusal.js';

type Registration = Extract<CaseEvent, { type: 'ProblemRegistered' }>;
const problem = (otherwise: Partial<Registration>) => did(registrarGu, { ...registration, ...otherwise });
const dispatcherOfLake = post('bai', 'lake-office', 'dispatcher');

describe('assigning', () => {
  test('a case is given to a lead unit and its co-units, with requirement, due day, route and checklist', () => {
    given(registered).when(assignCase, by(dispatcherQian)).then(assigning);
  });

  test('each of joint leads accepts for all; the first names the desks', () => {
    const joint = amended(assignCase, { leads: ['hill-office', 'lake-office'], coUnits: [] });
    given(registered)
      .when(joint, by(dispatcherQian))
      .then({ ...assigning, leads: ['hill-office', 'lake-office'], coUnits: [] });
  });

  test('a dispatcher above may assign too, and what they assign they close', () => {
    given(registered)
      .when(assignCase, by(dispatcherTang))
      .then({ ...assigning, closer: 'province-office' });
  });

  test('what a county found itself it assigns to another unit of its own: that county verifies, and closes', () => {
    given(did(post('gu', 'hill-office', 'registrar'), registered.event))
      .when(amended(assignCase, { leads: ['hill-works'], coUnits: [] }), by(dispatcherMeng))
      .then({
        ...assigning,
        leads: ['hill-works'],
        coUnits: [],
        route: [
          { step: 'review', level: 'county', unit: 'hill-works' },
          { step: 'verify', level: 'county', unit: 'hill-office' },
        ],
        closer: 'hill-office',
      });
  });

  test('what was found above a county is not given out by the county', () => {
    given(registered)
      .when(amended(assignCase, { leads: ['hill-works'], coUnits: [] }), by(dispatcherMeng))
      .refused('case/role');
  });

  test('nobody assigns to their own unit, nor to one outside their division', () => {
    const to = (unit: string) => amended(assignCase, { leads: [unit], coUnits: [] });
    given(registered).when(to('north-office'), by(dispatcherQian)).refused('case/lead-outside');
    given(registered).when(to('shore-office'), by(dispatcherQian)).refused('case/lead-outside');
    given(registered).when(to('province-office'), by(dispatcherQian)).refused('case/lead-outside');
    const withCoUnit = (unit: string) => amended(assignCase, { coUnits: [unit] });
    given(registered).when(withCoUnit('north-office'), by(dispatcherQian)).refused('case/lead-outside');
    given(registered).when(withCoUnit('shore-office'), by(dispatcherQian)).refused('case/lead-outside');
  });

  test('the units are of the register, and no unit is both lead and co-unit', () => {
    const unknownLead = amended(assignCase, { leads: ['hill-office', 'nowhere'] });
    given(registered).when(unknownLead, by(dispatcherQian)).invalid('leads.1');
    const unknownCoUnit = amended(assignCase, { coUnits: ['nowhere'] });
    given(registered).when(unknownCoUnit, by(dispatcherQian)).invalid('coUnits.0');
    const both = amended(assignCase, { coUnits: ['hill-works', 'hill-office'] });
    given(registered).when(both, by(dispatcherQian)).invalid('coUnits.1');
  });

  test('whoever is outside the scope does not know of the case', () => {
    given(registered).when(assignCase, by(dispatcherShi)).refused('case/unknown');
    given(registered).when(assignCase, by(dispatcherOfLake)).refused('case/unknown');
  });

  test('a case of two counties is assigned by who covers both', () => {
    const ofBoth = problem({ divisions: ['hill', 'lake'] });
    const toWorks = amended(assignCase, { leads: ['hill-works'], coUnits: [] });
    given(ofBoth).when(toWorks, by(dispatcherMeng)).refused('case/role');
    given(ofBoth).when(assignCase, by(dispatcherQian)).then(assigning);
  });

  test('a unit that gave the case back does not assign it in place of who covers it', () => {
    const toLake = did(dispatcherQian, { ...assigning, leads: ['lake-office'], coUnits: [] });
    const byLake = did(handlerDuan, { type: 'AssignmentReturned', ground: 'unclear', reason: '属地不符' });
    const withWorks = {
      units: [
        ...SEED.units,
        { id: 'lake-works', name: '湖县工程队', division: 'lake', parent: 'lake-office' },
      ],
    };
    const { outcome } = given(registered, toLake, byLake, returnUpheld).when(
      amended(assignCase, { leads: ['lake-works'], coUnits: [] }),
      by(dispatcherOfLake, { register: provinceWith(withWorks) }),
    );
    expect(outcome).toBeInstanceOf(Refusal);
  });

  test('a case is assigned once', () => {
    given(registered, assigned).when(assignCase, by(dispatcherQian)).refused('case/status');
  });

  test('who saw the case before it was assigned in between is stale; a return and its ruling disturb nobody', () => {
    const past = [registered, assigned, returned, returnUpheld];
    given(...past)
      .when(assignCase, by(dispatcherQian, { seen: 0 }))
      .refused('case/stale', { basis: 1 });
    given(...past)
      .when(assignCase, by(dispatcherQian, { seen: 1 }))
      .then(assigning);
  });
});

describe('what the case must show', () => {
  const register = provinceWith({
    policy: {
      ...SEED.policy,
      checklist: [
        { id: 'ruling', title: '裁定书', when: 'disputed' },
        { id: 'rescue', title: '撤离记录', when: 'at-risk' },
      ],
    },
  });
  const slots = (circumstances: string[]) =>
    given(registered).when(amended(assignCase, { circumstances }), by(dispatcherQian, { register })).outcome;

  test('depends on what is said to hold of it', () => {
    expect(slots(['disputed'])).toMatchObject([
      { checklist: [{ id: 'ruling' }, { id: 'before' }, { id: 'after' }] },
    ]);
    expect(slots([])).toMatchObject([{ checklist: [{ id: 'before' }, { id: 'after' }] }]);
  });

  test('by the list of the policy only', () => {
    given(registered)
      .when(amended(assignCase, { circumstances: ['disputed', 'haunted'] }), by(dispatcherQian))
      .invalid('circumstances.1');
  });
});

describe('the due day', () => {
  const asking = (dueOn: string | undefined) => amended(assignCase, { dueOn });

  test.each([
    ['the policy’s: 30 working days from the assignment', undefined, undefined, '2026-10-19'],
    ['the source’s, where it is earlier', '2026-09-20', undefined, '2026-09-20'],
    ['the policy’s, where the source’s is later', '2026-12-31', undefined, '2026-10-19'],
    ['the source’s, where it is this very day', '2026-09-01', undefined, '2026-09-01'],
    ['the policy’s, where the source’s was past at assignment', '2026-08-31', undefined, '2026-10-19'],
    ['the one asked for, where it is earlier than the policy’s', undefined, '2026-09-10', '2026-09-10'],
    ['the one asked for, where it is earlier than the source’s', '2026-09-20', '2026-09-19', '2026-09-19'],
    ['the one asked for, where it is this very day', undefined, '2026-09-01', '2026-09-01'],
    ['the one asked for, where it is the last there may be', undefined, '2026-10-19', '2026-10-19'],
    ['the one asked for, after a source’s day that was past', '2026-08-31', '2026-10-08', '2026-10-08'],
  ])('is %s', (_, sourceDueOn, asked, dueOn) => {
    const { outcome } = given(problem({ sourceDueOn })).when(asking(asked), by(dispatcherQian));
    expect(outcome).toMatchObject([{ dueOn, deadline: { due: dueOn, n: 30, start: TODAY } }]);
  });

  test.each([
    ['past already', undefined, '2026-08-31', 'case/due-past'],
    ['later than the policy’s', undefined, '2026-10-20', 'case/due-late'],
    ['later than the source’s', '2026-09-20', '2026-09-21', 'case/due-late'],
    [
      'later than the policy’s after a source’s day that was past',
      '2026-08-31',
      '2026-10-20',
      'case/due-late',
    ],
  ] as const)('is never %s', (_, sourceDueOn, asked, code) => {
    given(problem({ sourceDueOn })).when(asking(asked), by(dispatcherQian)).refused(code);
  });

  test.each([
    ['serious', 'immediate', '2026-09-29'],
    ['major', 'immediate', '2026-09-15'],
    ['general', 'phased', '2026-11-30'],
    ['serious', 'phased', '2026-11-16'],
    ['major', 'sustained', '2026-12-14'],
  ] as const)('of a %s problem whose rectification is %s is %s', (severity, rectificationType, dueOn) => {
    const { outcome } = given(problem({ rectificationType, severity })).when(
      asking(undefined),
      by(dispatcherQian),
    );
    expect(outcome).toMatchObject([{ dueOn }]);
  });

  test('the day of the act is the province’s', () => {
    const late = (at: string) =>
      given(registered).when(asking(undefined), by(dispatcherQian, { at })).outcome;
    expect(late('2026-09-01T15:59:59.999Z')).toMatchObject([{ dueOn: '2026-10-19', returnBy: '2026-09-04' }]);
    expect(late('2026-09-01T16:00:00.000Z')).toMatchObject([{ dueOn: '2026-10-20', returnBy: '2026-09-07' }]);
  });
});

describe('the route', () => {
  test.each([
    ['a serious problem', { severity: 'serious' }, [toApprove]],
    ['a major problem', { severity: 'major' }, [toApprove, toNotice]],
    ['misused money', { categories: ['money'] }, [toApprove, toNotice, toPosition]],
  ] as const)('of %s leads to the province, which closes', (_, kind, further) => {
    const { outcome } = given(problem(kind as object)).when(
      amended(assignCase, { dueOn: undefined }),
      by(dispatcherQian),
    );
    const route = [toReview, toVerify, ...further];
    expect(outcome).toMatchObject([{ route, closer: 'province-office' }]);
  });

  test('of what a source found ends with the source', () => {
    const audited = problem({ source: amended(registration.source, { code: 'AU' }) });
    const { outcome } = given(audited).when(assignCase, by(dispatcherQian));
    expect(outcome).toMatchObject([{ route: [toReview, toVerify, toRecognition], closer: 'north-office' }]);
  });

  test('whoever is lead or co-unit verifies nothing: the next unit above does', () => {
    given(registered)
      .when(amended(assignCase, { coUnits: ['hill-works', 'north-office'] }), by(dispatcherTang))
      .then({
        ...assigning,
        coUnits: ['hill-works', 'north-office'],
        route: [toReview, { step: 'verify', level: 'province', unit: 'province-office' }],
        closer: 'province-office',
      });
  });

  test('a case is not assigned where nobody would be there to take a step', () => {
    const nobodyAbove = provinceWith({
      units: SEED.units.map((unit) => (unit.id === 'hill-office' ? { ...unit, parent: undefined } : unit)),
    });
    given(registered)
      .when(assignCase, by(dispatcherQian, { register: nobodyAbove }))
      .refused('case/no-desk');
  });
});

describe('the checklist', () => {
  test('has the slots of all categories, each once', () => {
    given(problem({ categories: ['roof', 'money'] }))
      .when(assignCase, by(dispatcherQian))
      .then({
        ...assigning,
        route: [toReview, toVerify, toApprove, toNotice, toPosition],
        closer: 'province-office',
        checklist: [
          { id: 'before', title: '整改前照片' },
          { id: 'after', title: '整改后照片' },
          { id: 'voucher', title: '到账凭证' },
        ],
      });
  });

  test('a case is not assigned while no policy says what proves it', () => {
    const { roof } = SEED.policy.categories;
    const withoutMoney = provinceWith({
      policy: { ...SEED.policy, categories: { roof }, routes: SEED.policy.routes.slice(0, 1) },
    });
    given(problem({ categories: ['roof', 'money'] }))
      .when(assignCase, by(dispatcherQian, { register: withoutMoney }))
      .refused('case/no-policy');
  });
});

describe('accepting', () => {
  test('a handler of a lead unit accepts, whichever of them it is', () => {
    given(registered, assigned).when(acceptAssignment, by(handlerLi)).then({ type: 'AssignmentAccepted' });
    given(registered, assigned).when(acceptAssignment, by(handlerXu)).then({ type: 'AssignmentAccepted' });
  });

  test('a co-unit does not accept for the lead, and others do not know of the case', () => {
    given(registered, assigned).when(acceptAssignment, by(handlerHe)).refused('case/role');
    given(registered, assigned).when(acceptAssignment, by(handlerDuan)).refused('case/unknown');
  });

  test('a lead unit knows of a case that lies in another county', () => {
    const toLake = did(dispatcherQian, { ...assigning, leads: ['lake-office'] });
    given(registered, toLake).when(acceptAssignment, by(handlerDuan)).then({ type: 'AssignmentAccepted' });
  });

  test('a case is accepted once, and not while its return waits for the ruling', () => {
    given(registered, assigned, accepted).when(acceptAssignment, by(handlerXu)).refused('case/status');
    given(registered, assigned, returned)
      .when(acceptAssignment, by(handlerLi))
      .refused('case/flag-returnPending');
  });

  test('after a rejected return the unit accepts', () => {
    given(registered, assigned, returned, returnRejected)
      .when(acceptAssignment, by(handlerLi))
      .then({ type: 'AssignmentAccepted' });
  });
});

describe('returning', () => {
  const returning = {
    type: 'AssignmentReturned',
    ground: 'unclear',
    reason: '户名不清',
  } as const;

  test('a case is sent back on a ground of the policy', () => {
    given(registered, assigned).when(returnAssignment, by(handlerLi)).then(returning);
    given(registered, assigned)
      .when(amended(returnAssignment, { ground: 'not-competent' }), by(handlerLi))
      .then({ ...returning, ground: 'not-competent' });
  });

  test.each(['no-money', 'constructor'])('%s is no ground', (ground) => {
    given(registered, assigned)
      .when(amended(returnAssignment, { ground }), by(handlerLi))
      .refused('case/return-ground');
  });

  test('within three working days of the assignment, to the end of the last', () => {
    given(registered, assigned)
      .when(returnAssignment, by(handlerLi, { at: '2026-09-04T15:59:59.999Z' }))
      .then(returning);
    given(registered, assigned)
      .when(returnAssignment, by(handlerLi, { at: '2026-09-04T16:00:00.000Z' }))
      .refused('case/return-late');
  });

  test('not by a co-unit, not after accepting, not twice at once', () => {
    given(registered, assigned).when(returnAssignment, by(handlerHe)).refused('case/role');
    given(registered, assigned, accepted).when(returnAssignment, by(handlerLi)).refused('case/status');
    given(registered, assigned, returned)
      .when(returnAssignment, by(handlerXu))
      .refused('case/flag-returnPending');
  });

  test('a rejected return may be followed by a second one', () => {
    given(registered, assigned, returned, returnRejected)
      .when(returnAssignment, by(handlerLi))
      .then(returning);
  });

  test('a final assignment is not returned', () => {
    given(registered, assignedAsFinal).when(returnAssignment, by(handlerLi)).refused('case/return-final');
  });
});

describe('ruling on a return', () => {
  const pending = [registered, assigned, returned];

  test('the unit that assigned upholds the return: the case is to be assigned anew', () => {
    given(...pending)
      .when(upholdReturn, by(dispatcherQian))
      .then({ type: 'ReturnUpheld', reason: '另行交办' });
    given(...pending, returnUpheld)
      .when(assignCase, by(dispatcherQian))
      .then(assigning);
  });

  test('or rejects it: the unit keeps the case', () => {
    given(...pending)
      .when(rejectReturn, by(dispatcherQian))
      .then({ type: 'ReturnRejected', reason: '要素齐全' });
  });

  test('nobody else rules on it, above or below', () => {
    given(...pending)
      .when(upholdReturn, by(dispatcherTang))
      .refused('case/role');
    given(...pending)
      .when(rejectReturn, by(dispatcherTang))
      .refused('case/role');
    given(...pending)
      .when(upholdReturn, by(dispatcherMeng))
      .refused('case/role');
  });

  test('there is no ruling without a return', () => {
    given(registered, assigned).when(upholdReturn, by(dispatcherQian)).refused('case/return-missing');
    given(registered, assigned).when(rejectReturn, by(dispatcherQian)).refused('case/return-missing');
    given(...pending, returnRejected)
      .when(upholdReturn, by(dispatcherQian))
      .refused('case/return-missing');
  });

  test.each([
    ['the first was rejected', [...pending, returnRejected, returned]],
    ['the first was upheld', [...pending, returnUpheld, assigned, returned]],
  ])('the second return of a round is upheld, not rejected, though %s', (_, past) => {
    given(...past)
      .when(rejectReturn, by(dispatcherQian))
      .refused('case/return-second');
    given(...past)
      .when(upholdReturn, by(dispatcherQian))
      .then({ type: 'ReturnUpheld', reason: '另行交办' });
  });

  test('after two returns the case is assigned as final, and then stays where it is', () => {
    const twice = [...pending, returnUpheld, assigned, returned, returnUpheld];
    given(...twice)
      .when(assignCase, by(dispatcherQian))
      .refused('case/assignment-not-final');
    given(...twice)
      .when(amended(assignCase, { final: true }), by(dispatcherQian))
      .then({ ...assigning, final: true });
    given(...twice, assignedAsFinal)
      .when(returnAssignment, by(handlerLi))
      .refused('case/return-final');
  });
});
