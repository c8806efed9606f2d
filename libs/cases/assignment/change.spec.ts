import { describe, expect, test } from '@jest/globals';
import {
  acceptAssignment,
  acceptAnswer,
  amended,
  answerInstruction,
  answered,
  assigned,
  assigning,
  attachedAfter,
  attachedBefore,
  by,
  did,
  excluded,
  extensionRequested,
  failed,
  given,
  instructed,
  passReview,
  planApproved,
  planSubmitted,
  registered,
  registeredSerious,
  returnAssignment,
  returned,
  returnUpheld,
  submitPlan,
  submitted,
  suspended,
  toApprove,
  toReview,
  toVerify,
  until,
} from '../../../test/support/cases.js';
import {
  changeCoUnits,
  coUnitsChanged,
  handlerNamed,
  nameHandler,
  partAccepted,
  partAssigned,
  partDone,
  partPassed,
  partReturned,
  reassignCase,
  reassigned,
} from '../../../test/support/parts.js';
import {
  dispatcherMeng,
  dispatcherQian,
  dispatcherTang,
  handlerDuan,
  handlerHe,
  handlerLi,
  post,
} from '../../../test/support/province.js';
import { type CaseEvent } from '../../contracts/case-events.js';

type Reassigned = Extract<CaseEvent, { type: 'CaseReassigned' }>;
type Changed = Extract<CaseEvent, { type: 'CoUnitsChanged' }>;
const { rectifying } = until;
const onTheSameDay = amended(reassignCase, { dueOn: undefined });

describe('other leads', () => {
  test('are named by the unit that assigned the case: the day stays, and they have to accept', () => {
    for (const past of [until.assigned, rectifying]) {
      given(...past)
        .when(onTheSameDay, by(dispatcherQian))
        .then(reassigned.event);
    }
    given(...rectifying)
      .when(onTheSameDay, by(dispatcherTang))
      .refused('case/role');
    given(...rectifying, reassigned)
      .when(acceptAssignment, by(handlerDuan))
      .then({ type: 'AssignmentAccepted' });
    given(...rectifying, reassigned)
      .when(acceptAssignment, by(handlerLi))
      .refused('case/role');
  });

  test('are other ones', () => {
    given(registered, assigned)
      .when(amended(reassignCase, { leads: ['hill-office'], coUnits: [] }), by(dispatcherQian))
      .refused('case/leads-same');
  });

  test.each([
    ['which the register does not know', { leads: ['nowhere'] }, 'leads.0'],
    ['that help as well', { leads: ['lake-office'], coUnits: ['lake-office'] }, 'coUnits.0'],
  ] as const)('are no units %s', (_, changes, field) => {
    given(registered, assigned)
      .when(amended(reassignCase, changes as never), by(dispatcherQian))
      .invalid(field);
  });

  test('lie below the unit that names them', () => {
    for (const leads of [['shore-office'], ['north-office']]) {
      given(registered, assigned)
        .when(amended(reassignCase, { leads, coUnits: [] }), by(dispatcherQian))
        .refused('case/lead-outside');
    }
  });

  test('are not named while something of the leads before waits', () => {
    given(registered, assigned, returned)
      .when(reassignCase, by(dispatcherQian))
      .refused('case/flag-returnPending');
    given(...rectifying, extensionRequested)
      .when(reassignCase, by(dispatcherQian))
      .refused('case/flag-extensionPending');
    given(...rectifying, suspended)
      .when(reassignCase, by(dispatcherQian))
      .refused('case/flag-suspended');
  });

  test('have days of their own to return the case and to dispute the finding', () => {
    given(...until.assigned, reassigned)
      .when(returnAssignment, by(handlerDuan, { on: '2026-09-04' }))
      .then(returned.event);
    expect(
      given(registered, assigned).when(onTheSameDay, by(dispatcherQian, { on: '2026-09-08' })).outcome,
    ).toEqual([{ ...reassigned.event, returnBy: '2026-09-11', disputeBy: '2026-09-15' }]);
  });

  test('take the case on as it stands: evidence and rectifiers stay, the plan does not', () => {
    const past = [...rectifying, attachedBefore, planSubmitted, planApproved, handlerNamed, reassigned];
    const { state } = given(...past);
    expect([...state.evidence.values()]).toMatchObject([{ slot: 'before' }]);
    expect(state).toMatchObject({ plan: 'none', handler: undefined, round: 1, basis: past.length - 1 });
    expect(state.rectifiers).toEqual(new Set(['li']));
    given(...past, did(handlerDuan, { type: 'AssignmentAccepted' }))
      .when(amended(submitPlan, {}), by(handlerDuan))
      .then(planSubmitted.event);
  });

  test('do not make those who rectified before into examiners', () => {
    const again = did(handlerDuan, submitted.event);
    const past = [...rectifying, attachedBefore, attachedAfter, reassigned, rectifying[2], again] as const;
    given(...(past as readonly (typeof registered)[]))
      .when(passReview, by(post('li', 'lake-office', 'reviewer')))
      .refused('case/reviewer-rectified');
  });

  test('carry out what the ones before were instructed to, unless these still help', () => {
    const alone = did(dispatcherQian, { ...(reassigned.event as Reassigned), coUnits: [] });
    given(...rectifying, instructed, reassigned)
      .when(answerInstruction, by(handlerLi))
      .then(answered.event);
    given(...rectifying, instructed, alone)
      .when(answerInstruction, by(handlerDuan))
      .then(answered.event);
    given(...rectifying, instructed, answered, alone)
      .when(acceptAnswer, by(dispatcherQian))
      .then({ type: 'AnswerAccepted', instruction: 1, opinion: '同意' });
  });

  test('have a route of their own, off which no step of the round is taken', () => {
    const approvedToo = { ...assigning, route: [toReview, toVerify, toApprove], closer: 'province-office' };
    // Since the finding was amended to something less grave the policy asks for no approval.
    given(registered, did(dispatcherQian, approvedToo))
      .when(onTheSameDay, by(dispatcherQian))
      .then({
        ...(reassigned.event as Reassigned),
        route: [{ ...toReview, unit: 'lake-office' }, toVerify, toApprove],
        closer: 'province-office',
      });
    // A desk that is to put it right itself takes no step of it.
    const toHill = { ...assigning, route: [...assigning.route, { ...toApprove, unit: 'hill-office' }] };
    given(registered, did(dispatcherTang, { ...toHill, leads: ['hill-works'], coUnits: [] }))
      .when(onTheSameDay, by(dispatcherTang))
      .refused('case/no-desk');
  });
});

describe('the due day of other leads', () => {
  const earlier = did(dispatcherQian, { ...assigning, dueOn: '2026-10-15' });
  const until = (dueOn: string) => amended(reassignCase, { dueOn });

  test('may be later, but not than the assignment of the round could have set it', () => {
    given(registered, earlier)
      .when(until('2026-10-19'), by(dispatcherQian, { on: '2026-09-08' }))
      .then({
        ...(reassigned.event as Reassigned),
        ...{ dueOn: '2026-10-19', returnBy: '2026-09-11', disputeBy: '2026-09-15' },
      });
    given(registered, earlier)
      .when(until('2026-10-20'), by(dispatcherQian, { on: '2026-09-08' }))
      .refused('case/due-late');
  });

  test('is not earlier, and not past', () => {
    given(registered, earlier).when(until('2026-10-15'), by(dispatcherQian)).invalid('dueOn');
    given(registered, earlier)
      .when(until('2026-10-16'), by(dispatcherQian, { on: '2026-10-19' }))
      .refused('case/due-past');
  });

  test('is no later where the assignment does not say from when it counts', () => {
    const { assignedOn: _, ...before } = earlier.event as typeof assigning;
    given(registered, did(dispatcherQian, before))
      .when(until('2026-10-16'), by(dispatcherQian))
      .refused('case/due-late');
  });
});

describe('the co-units', () => {
  test('are said anew by the unit that assigned the case', () => {
    given(registered, assigned).when(changeCoUnits, by(dispatcherQian)).then(coUnitsChanged.event);
    given(...rectifying, suspended)
      .when(changeCoUnits, by(dispatcherQian))
      .then(coUnitsChanged.event);
    given(registered, assigned).when(changeCoUnits, by(dispatcherMeng)).refused('case/role');
  });

  test('are others than before, and no leads', () => {
    given(registered, assigned)
      .when(amended(changeCoUnits, { coUnits: ['hill-works'] }), by(dispatcherQian))
      .refused('case/co-units-same');
    given(registered, assigned)
      .when(amended(changeCoUnits, { coUnits: ['hill-office'] }), by(dispatcherQian))
      .invalid('coUnits.0');
    given(registered, assigned)
      .when(amended(changeCoUnits, { coUnits: ['shore-office'] }), by(dispatcherQian))
      .refused('case/lead-outside');
  });

  const toNorth = amended(changeCoUnits, { coUnits: ['north-office'] });
  const byTheProvince = did(dispatcherTang, { ...assigning, closer: 'province-office' });
  const verifiedByTheProvince = { ...toVerify, level: 'province', unit: 'province-office' } as const;

  test('are none of the desks: the one above takes the step', () => {
    given(registered, byTheProvince)
      .when(toNorth, by(dispatcherTang))
      .then({
        ...(coUnitsChanged.event as Changed),
        coUnits: ['north-office'],
        route: [toReview, verifiedByTheProvince],
        closer: 'province-office',
      });
  });

  test('are no unit that has examined in this round', () => {
    const sentBack = [...until.rectified.slice(2), failed];
    given(registered, byTheProvince, ...sentBack)
      .when(toNorth, by(dispatcherTang))
      .refused('case/co-unit-desk');
  });

  test('leave the desk that has examined in this round where it is', () => {
    const withNorth = did(dispatcherTang, {
      ...{ ...assigning, coUnits: ['north-office'], closer: 'province-office' },
      route: [toReview, verifiedByTheProvince],
    });
    const none = amended(changeCoUnits, { coUnits: [] });
    const now = { ...(coUnitsChanged.event as Changed), coUnits: [], closer: 'province-office' };
    given(registered, withNorth)
      .when(none, by(dispatcherTang))
      .then({ ...now, route: [toReview, toVerify] });
    given(registered, withNorth, ...until.rectified.slice(2), failed)
      .when(none, by(dispatcherTang))
      .then({ ...now, route: [toReview, verifiedByTheProvince] });
  });

  test('take no step off the route', () => {
    const asSerious = did(dispatcherQian, {
      ...{ ...assigning, route: [toReview, toVerify, toApprove], closer: 'province-office' },
    });
    given(registered, asSerious)
      .when(changeCoUnits, by(dispatcherQian))
      .then({
        ...(coUnitsChanged.event as Changed),
        ...{ route: [toReview, toVerify, toApprove], closer: 'province-office' },
      });
    expect(given(registeredSerious, asSerious).when(changeCoUnits, by(dispatcherQian)).outcome).toHaveLength(
      1,
    );
  });

  test('keep one with an open part', () => {
    for (const open of [[partAssigned], [partAssigned, partAccepted]]) {
      given(...rectifying, ...open)
        .when(changeCoUnits, by(dispatcherQian))
        .refused('case/co-unit-part');
    }
    for (const done of [
      [...rectifying, partAssigned, partReturned],
      [...partDone, partPassed],
    ]) {
      given(...done)
        .when(changeCoUnits, by(dispatcherQian))
        .then(coUnitsChanged.event);
    }
  });

  test('hand on to the lead what they were instructed to', () => {
    const toWorks = did(dispatcherQian, {
      ...instructed.event,
      lead: 'hill-works',
    } as typeof instructed.event);
    given(...rectifying, toWorks, coUnitsChanged)
      .when(answerInstruction, by(handlerLi))
      .then(answered.event);
  });

  test('that left know of the case no more, and those that came do', () => {
    const elsewhere = { ...assigning, leads: ['lake-office'], coUnits: [] };
    const past = [registered, did(dispatcherQian, elsewhere), rectifying[2]] as (typeof registered)[];
    given(...past, did(dispatcherQian, { ...(coUnitsChanged.event as Changed), coUnits: ['hill-works'] }))
      .when(answerInstruction, by(handlerHe))
      .refused('case/role');
  });
});

describe('naming the handler', () => {
  test('the lead unit says which of its handlers has the case', () => {
    given(registered, assigned).when(nameHandler, by(handlerLi)).then(handlerNamed.event);
    given(...rectifying, suspended)
      .when(nameHandler, by(post('yan', 'hill-office', 'leader')))
      .then(handlerNamed.event);
    expect(given(registered, assigned, handlerNamed).state.handler).toBe('xu');
    const reason = '原经办人调离';
    given(registered, assigned, handlerNamed)
      .when(amended(nameHandler, { reason }), by(handlerLi))
      .then({ type: 'HandlerNamed', person: 'xu', reason });
  });

  test.each([
    ['of another unit', 'duan'],
    ['in another post', 'wang'],
    ['unknown', 'nobody'],
  ])('nobody is named who is %s', (_, person) => {
    given(registered, assigned).when(amended(nameHandler, { person }), by(handlerLi)).invalid('person');
  });

  test('nobody is named to whom the case does not exist, or stays so', () => {
    const xuExcluded = did(dispatcherQian, { ...excluded.event, person: 'xu' } as typeof excluded.event);
    given(registered, assigned, xuExcluded).when(nameHandler, by(handlerLi)).invalid('person');
    expect(given(registered, assigned, handlerNamed, xuExcluded).state.handler).toBeUndefined();
    expect(given(registered, assigned, handlerNamed, excluded).state.handler).toBe('xu');
  });

  test('a name is void when the case goes back', () => {
    expect(given(registered, assigned, handlerNamed, returned, returnUpheld).state.handler).toBeUndefined();
  });

  test('a name makes nobody look again', () => {
    given(registered, assigned, handlerNamed)
      .when(acceptAssignment, by(handlerLi, { seen: 1 }))
      .then({ type: 'AssignmentAccepted' });
  });
});
