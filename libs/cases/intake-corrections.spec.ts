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
} from '../../test/support/cases.js';
import {
  adopted,
  classified,
  classifyCase,
  corrected,
  correctRegistration,
  voidCase,
} from '../../test/support/intake.js';
import { dispatcherQian, dispatcherTang, post, registrarGu } from '../../test/support/province.js';

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
