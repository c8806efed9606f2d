import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  amended,
  assigned,
  by,
  given,
  registered,
  registeredAtRisk,
  registration,
  reopened,
  returned,
  toApprove,
  toReview,
  toVerify,
  until,
  did,
  approveClosure,
  approved,
  assigning,
  resumed,
  suspended,
  recordInterimSafety,
  madeSafe,
} from '../../../test/support/cases.js';
import {
  adopted,
  classified,
  classifyCase,
  corrected,
  correctRegistration,
  voidCase,
  correctedAtRisk,
} from '../../../test/support/intake.js';
import {
  dispatcherQian,
  dispatcherTang,
  post,
  registrarGu,
  approverZheng,
  handlerLi,
  provinceWith,
  SEED,
} from '../../../test/support/province.js';
import { toRecognition, waitingForOpinion, supplied, recognised } from '../../../test/support/examination.js';
import { withDuties } from '../../../test/support/duties.js';
import { type CaseState } from '../case-state.js';
import { type CaseEvent } from '../../contracts/case-events.js';

const registrarOfHill = post('fu', 'hill-office', 'registrar');

describe('correcting a registration', () => {
  test('a field is put right, and the event says from what to what, and why', () => {
    given(registered).when(correctRegistration, by(registrarGu)).then(corrected.event);
  });

  test('it is done at the unit that registered the case, by nobody else', () => {
    given(registered).when(correctRegistration, by(registrarOfHill)).refused('case/role');
    given(registered).when(correctRegistration, by(dispatcherQian)).refused('case/role');
  });

  test('a field can be cleared, and what is clear can be filled', () => {
    const cleared = amended(correctRegistration, { field: 'remark', to: undefined });
    const given1 = given(registered).when(cleared, by(registrarGu));
    given1.then({
      type: 'RegistrationCorrected',
      field: 'remark',
      from: '雨后复查',
      to: null,
      why: '原件如此',
    });
  });

  test('the address is part of the place, which stays', () => {
    const address = amended(correctRegistration, { field: 'address', to: '山县石桥村二组' });
    const { state } = given(registered, {
      ...registered,
      event: eventOf(given(registered).when(address, by(registrarGu)).outcome),
    });
    expect(state.registration?.location).toEqual({
      ...{ place: registration.location?.place, address: '山县石桥村二组' },
    });
  });

  test('what it says already is nothing to correct', () => {
    const same = amended(correctRegistration, { to: '省检查组' });
    given(registered).when(same, by(registrarGu)).refused('case/nothing-to-correct');
    given(registered, corrected)
      .when(correctRegistration, by(registrarGu))
      .refused('case/nothing-to-correct');
    given(registered, corrected).when(same, by(registrarGu)).then({
      type: 'RegistrationCorrected',
      field: 'foundBy',
      from: '省检查二组',
      to: '省检查组',
      why: '原件如此',
    });
  });

  test.each([
    ['a text where there is a day', 'foundOn', '前天'],
    ['a day that does not exist', 'knownSince', '2026-02-30'],
    ['a day to come', 'foundOn', '2026-09-02'],
    ['a number where there is a text', 'basis', 5],
    ['a text where there is a number', 'householdCount', '5'],
    ['a number that is too large', 'fiscalYear', 2101],
    ['a year to come', 'fiscalYear', 2028],
    ['a text that is too long', 'intakeNumber', '长'.repeat(101)],
    ['a blank description', 'description', ' '],
    ['no description', 'description', undefined],
    ['an end before the beginning', 'occurredTo', '2026-04-30'],
    ['a beginning behind the end', 'occurredFrom', '2026-08-02'],
    ['no id', 'problemType', 'Leaking Roof'],
  ] as const)('a value is judged as on registration: %s', (_, field, to) => {
    given(registered).when(amended(correctRegistration, { field, to }), by(registrarGu)).invalid('to');
  });

  test('a due day of the source counts for the next assignment, not for the one that stands', () => {
    const { event } = corrected;
    const earlier = {
      ...corrected,
      event: { ...event, field: 'sourceDueOn', from: '2026-12-31', to: '2026-09-20' },
    };
    expect(given(registered, earlier as typeof corrected).state.sourceDueOn).toBe('2026-09-20');
    expect(given(registered, assigned, earlier as typeof corrected).state.dueOn).toBe('2026-10-19');
  });

  test('no mark of a state secret comes in by a correction', () => {
    const marked = amended(correctRegistration, { to: '机密★一年' });
    given(registered).when(marked, by(registrarGu)).refused('case/state-secret');
  });

  test('it goes on whatever waits, and whoever examines the case looks again', () => {
    given(registered, assigned, returned).when(correctRegistration, by(registrarGu)).then(corrected.event);
    expect(given(...until.verified, corrected).state.basis).toBe(until.verified.length);
  });
});

describe('classifying a case', () => {
  const { type: _, ...classes } = classifyCase;
  const toPublicNotice = { step: 'public-notice', level: 'province', unit: 'province-office' } as const;
  const toPosition = { ...toPublicNotice, step: 'discipline-position' } as const;

  test('before it is assigned, the case alone changes', () => {
    given(registered)
      .when(classifyCase, by(dispatcherQian))
      .then({ type: 'CaseClassified', ...classes });
    given(registered)
      .when(classifyCase, by(registrarGu))
      .then({ type: 'CaseClassified', ...classes });
    expect(given(registered, classified).state).toMatchObject({ severity: 'serious', route: [] });
  });

  test('after that steps and slots are added, and the day stays', () => {
    const then = given(...until.rectifying).when(classifyCase, by(dispatcherQian));
    then.then({
      type: 'CaseClassified',
      ...classes,
      route: [toReview, toVerify, toApprove, toPublicNotice, toPosition],
      closer: 'province-office',
      checklist: [
        { id: 'before', title: '整改前照片' },
        { id: 'after', title: '整改后照片' },
        { id: 'voucher', title: '到账凭证' },
      ],
    });
    const { state } = given(...until.rectifying, { ...classified, event: eventOf(then.outcome) });
    expect(state).toMatchObject({ dueOn: '2026-10-19', closer: 'province-office', severity: 'serious' });
  });

  test('a slot that depends on a circumstance is added where the assignment named it', () => {
    const wall = { title: '墙体', checklist: [{ id: 'reappraisal', title: '复核鉴定', when: 'disputed' }] };
    const categories = { ...SEED.policy.categories, wall };
    const register = provinceWith({ policy: { ...SEED.policy, categories } });
    const anew = amended(classifyCase, { severity: 'general', categories: ['roof', 'wall'] });
    const { outcome } = given(...until.rectifying).when(anew, by(dispatcherQian, { register }));
    expect(eventOf(outcome)).toMatchObject({
      checklist: [{ id: 'before' }, { id: 'after' }, { id: 'reappraisal' }],
    });
  });

  test('a step is never removed, and keeps its unit', () => {
    const serious = given(...until.rectifying).when(classifyCase, by(dispatcherQian)).outcome;
    const milder = amended(classifyCase, { severity: 'serious', categories: ['money'] });
    const again = given(...until.rectifying, { ...classified, event: eventOf(serious) });
    expect(eventOf(again.when(milder, by(dispatcherTang)).outcome)).toMatchObject({
      ...{ severity: 'serious', categories: ['money'], closer: 'province-office' },
      route: [toReview, toVerify, toApprove, toPublicNotice, toPosition],
      checklist: [{ id: 'before' }, { id: 'after' }, { id: 'voucher' }],
    });
  });

  test('who finds it too grave says so before it is assigned, not after', () => {
    const lower = amended(classifyCase, { severity: 'general', categories: ['money'] });
    const then = given(
      did(registrarGu, { ...registered.event, severity: 'major' } as typeof registered.event),
    );
    expect(eventOf(then.when(lower, by(registrarGu)).outcome)).toMatchObject({ severity: 'general' });
    given(...until.rectifying, classified)
      .when(lower, by(dispatcherTang))
      .refused('case/class-lowered');
  });

  test('one more step is still to be taken where the case was verified', () => {
    const then = given(...until.verified).when(classifyCase, by(dispatcherQian)).outcome;
    const { state } = given(...until.verified, { ...classified, event: eventOf(then) });
    expect(state.closer).toBe('province-office');
    expect(state.passed.has('approve')).toBe(false);
  });

  test('nothing is classified as it is already, nor under what the policy does not know', () => {
    given(registered, classified).when(classifyCase, by(registrarGu)).refused('case/nothing-to-classify');
    given(registered)
      .when(amended(classifyCase, { categories: ['roof', 'moon'] }), by(registrarGu))
      .invalid('categories.1');
  });
});

describe('people who turn out to be at risk', () => {
  const endangered = amended(correctRegistration, {
    field: 'personsAtRisk',
    to: true,
    why: '次日查明有人居住',
  });

  test('are said to be by a correction: the flag is up, and their safety is due within its day', () => {
    given(...until.rectifying)
      .when(endangered, by(registrarGu))
      .then(correctedAtRisk.event);
    const outcome = withDutiesOf(given(...until.rectifying), correctedAtRisk.event);
    expect(outcome?.begin).toMatchObject({ 'interim-safety': { due: '2026-09-02', units: ['hill-office'] } });
    const { state } = given(...until.rectifying, correctedAtRisk);
    expect([state.personsAtRisk, state.flags.has('atRisk')]).toEqual([true, true]);
  });

  test('are safe when that is recorded, however far the case has come', () => {
    for (const status of ['assigned', 'rectifying', 'submitted', 'rectified', 'verified'] as const) {
      const past = [...until[status], correctedAtRisk];
      given(...past)
        .when(recordInterimSafety, by(handlerLi))
        .then(madeSafe.event);
    }
  });

  test('are never said not to be', () => {
    given(registeredAtRisk)
      .when(amended(endangered, { to: false }), by(registrarGu))
      .invalid('to');
    for (const to of [undefined, 'yes', 1])
      given(registered).when(amended(endangered, { to }), by(registrarGu)).invalid('to');
    given(registered)
      .when(amended(correctRegistration, { to: true }), by(registrarGu))
      .invalid('to');
  });
});

describe('classifying a case that waits for its source alone', () => {
  const graver = amended(classifyCase, { severity: 'serious', categories: ['roof'] });
  const then = given(...waitingForOpinion).when(graver, by(dispatcherQian));
  const raised = { ...classified, event: eventOf(then.outcome) };

  test('has the added step taken first, and waits again after it', () => {
    const { state } = given(...waitingForOpinion, raised);
    expect(state.route).toEqual([toReview, toVerify, toApprove, toRecognition]);
    expect(state.flags.has('awaitingRecognition')).toBe(false);
    expect(given(...waitingForOpinion, raised).when(approveClosure, by(approverZheng)).outcome).toMatchObject(
      [{ type: 'ClosureApproved' }],
    );
    expect(given(...waitingForOpinion, raised, approved).state.flags).toEqual(
      new Set(['awaitingRecognition']),
    );
  });

  test('waits for nobody any more where it was recognised before', () => {
    const { state } = given(...waitingForOpinion, recognised, supplied, raised);
    expect(state.flags.size).toBe(0);
  });
});

describe('another type of rectification', () => {
  const phased = amended(classifyCase, {
    ...{ severity: 'general', categories: ['roof'] },
    rectificationType: 'phased',
  });
  const typed = (...past: readonly (typeof registered)[]) => {
    const { outcome } = given(...past).when(phased, by(dispatcherQian));
    return eventOf(outcome);
  };

  test('has the day and the ceiling that the assignment would have given it', () => {
    expect(typed(...until.rectifying)).toMatchObject({
      ...{ dueOn: '2026-11-30', ceilingOn: '2027-09-01' },
      deadline: { start: '2026-09-01', basis: 'completion.phased.general.done' },
    });
    const event = typed(...until.rectifying);
    expect(given(...until.rectifying, { ...classified, event }).state).toMatchObject({
      ...{ dueOn: '2026-11-30', ceilingOn: '2027-09-01', rectificationType: 'phased' },
    });
  });

  test('is due no later than the day of the source', () => {
    const early = did(registrarGu, { ...registration, sourceDueOn: '2026-11-03' });
    expect(typed(early, assigned, accepted)).toMatchObject({ dueOn: '2026-11-03' });
    expect(typed(early, assigned, accepted, suspended, resumed)).toMatchObject({ dueOn: '2026-11-03' });
  });

  test('keeps the days that the clock stood', () => {
    expect(typed(...until.rectifying, suspended, resumed)).toMatchObject({ dueOn: '2026-12-07' });
  });

  test('but only those since it was assigned last', () => {
    const again = [returned, { ...returned, event: { type: 'ReturnUpheld', reason: '另行交办' } as const }];
    const past = [...until.rectifying, suspended, resumed, ...again, assigned, accepted];
    expect(typed(...past)).toMatchObject({ dueOn: '2026-11-30' });
  });

  test('has no ceiling where its plan decides', () => {
    const sustained = amended(phased, { rectificationType: 'sustained' });
    const event = eventOf(given(...until.rectifying).when(sustained, by(dispatcherQian)).outcome);
    expect(given(...until.rectifying, { ...classified, event }).state.ceilingOn).toBeUndefined();
  });

  test('is due on no day that has passed, unless it had before', () => {
    const long = did(registrarGu, { ...registration, rectificationType: 'phased' });
    const assignedLong = did(dispatcherQian, { ...assigning, dueOn: '2026-12-01' });
    const back = amended(phased, { rectificationType: 'immediate' });
    for (const [on, dueOn] of [
      ['2026-09-30', '2026-10-19'],
      ['2026-11-03', '2026-11-03'],
      ['2026-12-20', '2026-12-01'],
    ] as const) {
      const { outcome } = given(long, assignedLong, accepted).when(back, by(dispatcherQian, { on }));
      expect(eventOf(outcome)).toMatchObject({ dueOn });
    }
  });

  test('changes no day where nobody has the case, nor once it is submitted', () => {
    expect(typed(registered)).not.toHaveProperty('dueOn');
    expect(typed(...until.submitted)).not.toHaveProperty('dueOn');
  });
});

describe('voiding a case', () => {
  const done = { type: 'CaseVoided', reason: '重复登记', document: '更正〔2026〕1号' } as const;

  test('who registered it takes it back as long as nobody has it to put right', () => {
    given(registeredAtRisk).when(voidCase, by(registrarGu)).then(done);
    given(registered).when(voidCase, by(registrarOfHill)).refused('case/role');
    given(registered).when(voidCase, by(dispatcherQian)).refused('case/role');
    given(...until.assigned)
      .when(voidCase, by(registrarGu))
      .refused('case/role');
  });

  test('then a dispatcher above it, until it is submitted', () => {
    given(...until.rectifying)
      .when(voidCase, by(dispatcherTang))
      .then(done);
    given(registered, assigned, returned).when(voidCase, by(dispatcherQian)).then(done);
    given(...until.submitted)
      .when(voidCase, by(dispatcherTang))
      .refused('case/status');
  });

  test('a case that was ever closed is reopened, never voided', () => {
    given(...until.closed, reopened)
      .when(voidCase, by(dispatcherQian))
      .refused('case/closed-before');
    given(adopted).when(voidCase, by(registrarGu)).refused('case/status');
  });

  test('a void case is over', () => {
    const over = { ...corrected, event: done };
    given(registered, assigned, accepted, over).when(voidCase, by(dispatcherQian)).refused('case/status');
    expect(given(registeredAtRisk, over).state.flags.size).toBe(0);
  });
});

function eventOf(outcome: unknown) {
  if (!Array.isArray(outcome)) throw outcome;
  return outcome[0] as typeof corrected.event;
}

/** What an event brings and ends. */
function withDutiesOf({ state }: { state: CaseState }, event: CaseEvent) {
  const { facts, actor } = by(registrarGu);
  return withDuties([event], state, facts, actor).at(-1)?.duties;
}
