import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  assigned,
  assigning,
  by,
  did,
  given,
  registered,
  returned,
  until,
} from '../../../test/support/cases.js';
import {
  askedLongAgo,
  assignedLongAgo,
  assignedProvisionally,
  clock,
  deemAccepted,
  endSuspension,
  noteDeadline,
  overdue,
  refuseUnanswered,
  settleDeadline,
  suspendedLongAgo,
} from '../../../test/support/clock.js';
import { amended } from '../../../test/support/cases.js';
import { disputed } from '../../../test/support/parts.js';
import { dispatcherQian, province, verifierSun } from '../../../test/support/province.js';
import { type Duty } from '../../contracts/deadline.js';
import { type Register } from '../../contracts/register.js';

const withCalendar = (until: string): Register => {
  const calendar = { ...province.calendar, until };
  return { ...province, calendar, calendarOf: () => calendar };
};
const late = (otherwise: Partial<Duty> = {}) =>
  did(dispatcherQian, { ...assigning, duties: { begin: { complete: overdue('complete', otherwise) } } });

describe('an assignment that nobody returned in time', () => {
  test('counts as accepted on the day after the last for returning it', () => {
    given(registered, assignedLongAgo)
      .when(deemAccepted, by(clock))
      .then({ type: 'AssignmentDeemedAccepted' });
  });

  test('but not on that last day itself', () => {
    given(registered, assignedLongAgo)
      .when(deemAccepted, by(clock, { on: '2026-08-31' }))
      .refused('case/tick-early');
  });

  test('nor while a return is pending', () => {
    given(registered, assignedLongAgo, returned)
      .when(deemAccepted, by(clock))
      .refused('case/flag-returnPending');
  });

  test('a dispute of the finding does not keep it open', () => {
    given(registered, assignedLongAgo, disputed)
      .when(deemAccepted, by(clock))
      .then({ type: 'AssignmentDeemedAccepted' });
  });

  test('nobody becomes a rectifier by it', () => {
    const { state } = given(registered, assignedLongAgo, did(clock, { type: 'AssignmentDeemedAccepted' }));
    expect([...state.rectifiers]).toEqual([]);
  });
});

test('a request for more time that nobody answered is refused, and charged to who should have answered', () => {
  given(registered, assigned, accepted, askedLongAgo)
    .when(refuseUnanswered, by(clock))
    .then({ type: 'ExtensionRefused', reason: 'unanswered', chargedTo: 'north-office' });
});

test('a suspension ends by itself on the day after its last', () => {
  const { outcome } = given(registered, assigned, accepted, suspendedLongAgo).when(endSuspension, by(clock));
  expect(outcome).toMatchObject([{ type: 'CaseResumed', reason: 'ended', dueOn: '2026-10-19', days: 0 }]);
});

describe('a day that has passed', () => {
  test('is noted once for each duty', () => {
    const { outcome } = given(registered, assignedLongAgo).when(noteDeadline, by(clock));
    expect(outcome).toMatchObject([
      {
        type: 'DeadlinePassed',
        duty: 'accept',
        due: '2026-08-31',
        duties: { begin: { accept: { tickOn: null } } },
      },
    ]);
    const noted = did(clock, {
      ...{ type: 'DeadlinePassed', duty: 'accept', due: '2026-08-31' },
      duties: { begin: { accept: overdue('accept', { tickOn: null }) } },
    });
    given(registered, assignedLongAgo, noted).when(noteDeadline, by(clock)).refused('case/tick-early');
  });

  test.each([
    ['2026-09-01', 'red', '2026-09-28'],
    ['2026-09-27', 'red', '2026-09-28'],
    ['2026-09-28', 'circular', null],
    // After a silence of months only the highest rung that is due.
    ['2027-03-01', 'circular', null],
  ])('on %s the rung %s of the ladder is due for a late completion', (on, rung, tickOn) => {
    const { outcome } = given(registered, late(), accepted).when(
      amended(noteDeadline, { duty: 'complete' }),
      by(clock, { on }),
    );
    expect(outcome).toMatchObject([{ rung, duties: { begin: { complete: { tickOn } } } }]);
  });

  test('is not spoken of while nobody waits for it', () => {
    given(...until.rectifying)
      .when(amended(noteDeadline, { duty: 'verify' }), by(clock))
      .refused('case/tick-early');
  });
});

describe('a day beyond the published calendar', () => {
  test('leaves a light as it stands for what happened since', () => {
    const provisional = { provisional: true, start: '2026-09-28', due: '2026-10-02', n: 4 };
    const past = late({ ...provisional, pressing: 'failures', yellowFrom: '1900-01-01' });
    const failed = did(verifierSun, { type: 'VerificationFailed', reasons: [] });
    const { outcome } = given(registered, past, accepted, failed, failed).when(
      amended(settleDeadline, { duty: 'complete' }),
      by(clock, { register: withCalendar('2026-12-31') }),
    );
    expect(outcome).toMatchObject([
      { duties: { begin: { complete: { yellowFrom: '1900-01-01', pressing: 'failures' } } } },
    ]);
  });

  test('is counted again once the calendar is published', () => {
    const past = did(dispatcherQian, {
      ...assigning,
      duties: {
        begin: { accept: overdue('accept', { provisional: true, start: '2026-09-30', due: '2026-10-05' }) },
      },
    });
    const { outcome } = given(registered, past).when(
      settleDeadline,
      by(clock, { register: withCalendar('2026-12-31') }),
    );
    // Off until the 7th, and the 10th is worked.
    expect(outcome).toMatchObject([
      {
        ...{ type: 'DeadlineMoved', duty: 'accept', from: '2026-10-05', to: '2026-10-10' },
        duties: { begin: { accept: { provisional: false, tickOn: '2026-10-11' } } },
      },
    ]);
  });

  test('and not before', () => {
    given(registered, assignedProvisionally)
      .when(settleDeadline, by(clock, { register: withCalendar('2026-06-30') }))
      .refused('case/tick-early');
  });
});
