import { describe, expect, test } from '@jest/globals';
import {
  afterwardsWays,
  held,
  holdTermination,
  sustaining,
  terminateCase,
  terminated,
  terminating,
  transferOut,
  transferred,
} from '../../../test/support/afterwards.js';
import {
  amended,
  answerAccepted,
  answered,
  attachEvidence,
  by,
  did,
  extensionRequested,
  given,
  instructed,
  raising,
  registered,
  registeredAtRisk,
  reopenCase,
  reopened,
  reopening,
  suspended,
  submitRectification,
  until,
} from '../../../test/support/cases.js';
import {
  approverHan,
  approverWu,
  approverZheng,
  dispatcherMeng,
  dispatcherQian,
  handlerLi,
  inspectorChen,
  post,
  dispatcherTang,
} from '../../../test/support/province.js';

const { terminated: ended } = afterwardsWays;
const away = afterwardsWays['transferred-out'];
const without = (cause: 'new-evidence' | 'relapse') =>
  amended(reopenCase, { cause, leads: undefined, coUnits: undefined });

describe('a termination', () => {
  test.each(['assigned', 'rectifying', 'submitted', 'rectified', 'verified'] as const)(
    'ends a case that is %s, by the unit that closes it',
    (status) => {
      given(...until[status])
        .when(terminateCase, by(approverWu))
        .then(terminating);
      given(...until[status])
        .when(terminateCase, by(approverZheng))
        .refused('case/role');
    },
  );

  test('ends one that is sustained as well', () => {
    given(...sustaining)
      .when(terminateCase, by(approverWu))
      .then(terminating);
  });

  test('has a ground of the policy', () => {
    for (const ground of ['tired', 'constructor']) {
      given(...until.rectifying)
        .when(amended(terminateCase, { ground }), by(approverWu))
        .refused('case/termination-ground');
    }
  });

  test('is not decided by who rectified, for themselves or for another', () => {
    given(...until.rectifying)
      .when(terminateCase, by({ ...approverWu, person: 'li' }))
      .refused('case/terminator-rectified');
    given(...until.rectifying)
      .when(terminateCase, by(approverWu, { onBehalfOf: 'li' }))
      .refused('case/terminator-rectified');
  });

  test('is no way around people at risk, a return or an instruction', () => {
    given(...raising.atRisk)
      .when(terminateCase, by(approverWu))
      .refused('case/flag-atRisk');
    given(...raising.returnPending)
      .when(terminateCase, by(approverWu))
      .refused('case/flag-returnPending');
    given(...until.rectifying, instructed)
      .when(terminateCase, by(approverWu))
      .refused('case/instruction-open');
    given(...until.rectifying, instructed, answered, answerAccepted)
      .when(terminateCase, by(approverWu))
      .then(terminating);
  });

  test('waits for no clock that stands, and no wish for more time', () => {
    for (const past of [suspended, extensionRequested]) {
      given(...until.rectifying, past)
        .when(terminateCase, by(approverWu))
        .then(terminating);
    }
  });

  test('ends it: nobody goes on', () => {
    for (const command of [submitRectification, attachEvidence]) {
      given(...ended)
        .when(command, by(handlerLi))
        .refused('case/status');
    }
  });
});

describe('an inspector', () => {
  test('holds a termination within its days: the case goes on where it stood', () => {
    given(...ended)
      .when(holdTermination, by(inspectorChen))
      .then(held.event);
    given(...ended)
      .when(holdTermination, by(inspectorChen, { on: '2026-09-15' }))
      .then(held.event);
    given(...ended)
      .when(holdTermination, by(inspectorChen, { on: '2026-09-16' }))
      .refused('case/hold-late');
    const verified = given(...until.verified, terminated);
    expect(verified.when(holdTermination, by(inspectorChen)).outcome).toMatchObject([{ to: 'verified' }]);
    expect(given(...ended, held).state).toMatchObject({ status: 'rectifying', termination: undefined });
  });

  test('who held it finds the case as it was, its suspension too', () => {
    const { state } = given(...until.rectifying, suspended, terminated, held);
    expect([...state.flags]).toEqual(['suspended']);
    given(...until.rectifying, suspended, terminated)
      .when(holdTermination, by(inspectorChen))
      .then(held.event);
  });
});

describe('a transfer', () => {
  test('hands a case over before anybody says that it is rectified', () => {
    for (const past of [
      until.registered,
      until.assigned,
      until.rectifying,
      raising.atRisk,
      raising.suspended,
    ]) {
      given(...past)
        .when(transferOut, by(dispatcherQian))
        .then(transferred.event);
    }
    given(...until.submitted)
      .when(transferOut, by(dispatcherQian))
      .refused('case/status');
    given(...raising.returnPending)
      .when(transferOut, by(dispatcherQian))
      .refused('case/flag-returnPending');
  });

  test('is decided above who answers for it, and waits for the answer to an instruction', () => {
    given(...until.rectifying)
      .when(transferOut, by(dispatcherTang))
      .then(transferred.event);
    given(...until.rectifying)
      .when(transferOut, by(dispatcherMeng))
      .refused('case/role');
    given(...until.rectifying, instructed)
      .when(transferOut, by(dispatcherTang))
      .refused('case/instruction-open');
    given(...until.rectifying)
      .when(transferOut, by(post('jin', 'lake-office', 'dispatcher')))
      .refused('case/unknown');
  });
});

describe('what ended otherwise than by closing', () => {
  test('is reopened by the unit that would have closed it, or by an inspector', () => {
    for (const past of [ended, away]) {
      given(...past)
        .when(without('new-evidence'), by(approverWu))
        .then({ ...reopening, cause: 'new-evidence' });
      given(...past)
        .when(without('new-evidence'), by(inspectorChen))
        .then({ ...reopening, cause: 'new-evidence' });
      given(...past)
        .when(without('new-evidence'), by(approverZheng))
        .refused('case/role');
    }
  });

  test('was not closed: it neither falls back nor was it false', () => {
    for (const cause of ['relapse', 'false-rectification'] as const) {
      given(...ended)
        .when(amended(reopenCase, { cause }), by(approverWu))
        .refused('case/reopen-cause');
    }
  });

  test('needs leads where it never had any, and they are checked', () => {
    const never = [registered, transferred];
    given(...never)
      .when(without('new-evidence'), by(approverWu))
      .refused('case/leads-missing');
    given(...never)
      .when(amended(reopenCase, { cause: 'new-evidence' }), by(approverHan))
      .then({ ...reopening, cause: 'new-evidence' });
    given(...never)
      .when(amended(reopenCase, { cause: 'new-evidence', leads: ['shore-office'] }), by(approverWu))
      .refused('case/lead-outside');
    given(...never)
      .when(amended(reopenCase, { cause: 'new-evidence', leads: ['no-office'] }), by(approverWu))
      .invalid('leads.0');
    expect(given(...never, reopened).state.assigner).toBe('north-office');
  });

  test('may get other leads; who leads it then is no co-unit', () => {
    const { outcome } = given(...until.closed).when(
      amended(reopenCase, { leads: ['hill-works'], coUnits: undefined }),
      by(approverWu),
    );
    expect(outcome).toMatchObject([{ leads: ['hill-works'], coUnits: [] }]);
    given(...until.closed)
      .when(amended(reopenCase, { leads: ['hill-works'] }), by(approverWu))
      .invalid('coUnits.0');
  });

  test('comes back without what it waited for, but people at risk still are', () => {
    expect([...given(...until.rectifying, suspended, terminated, reopened).state.flags]).toEqual([]);
    expect([...given(registeredAtRisk, transferred, reopened).state.flags]).toEqual(['atRisk']);
    given(registeredAtRisk, did(dispatcherQian, transferred.event))
      .when(amended(reopenCase, { cause: 'new-evidence' }), by(approverWu))
      .then({ ...reopening, cause: 'new-evidence' });
  });
});
