import { describe, expect, test } from '@jest/globals';
import {
  amended,
  approveClosure,
  by,
  closeCase,
  failVerification,
  given,
  passReview,
  recordVerification,
  rejectClosure,
  until,
  withdrawRectification,
} from '../../../test/support/cases.js';
import {
  dismissed,
  dismissObjection,
  endNotice,
  noticeStarted,
  objected,
  objectedAgain,
  objectInPerson,
  raiseObjection,
  startNotice,
  upheld,
  upholdObjection,
  wholly,
} from '../../../test/support/examination.js';
import {
  approverFeng,
  approverWu,
  approverYan,
  approverZheng,
  dispatcherQian,
  handlerLi,
  inspectorChen,
  inspectorDong,
  post,
  registrarGu,
  reviewerWang,
  theClock,
  verifierZhao,
} from '../../../test/support/province.js';

const objectedInPerson = { ...objectedAgain, event: { ...objectedAgain.event, objection: 1 } as never };

describe('the public notice', () => {
  test('is given after the approval, for the working days of the policy', () => {
    given(...wholly.toBeNoticed)
      .when(startNotice, by(approverZheng, { on: '2026-08-21' }))
      .then(noticeStarted.event);
    given(...wholly.toBeApproved)
      .when(startNotice, by(approverZheng))
      .refused('case/awaits-approve');
    given(...until.verified)
      .when(startNotice, by(approverWu))
      .refused('case/not-of-route');
  });

  test('one at a time, and once', () => {
    given(...wholly.noticed)
      .when(startNotice, by(approverZheng))
      .refused('case/flag-noticeRunning');
    given(...wholly.toBePositioned)
      .when(startNotice, by(approverZheng))
      .refused('case/step-done');
  });

  test('not by a rectifier', () => {
    given(...wholly.toBeNoticed)
      .when(startNotice, by(post('li', 'province-office', 'approver')))
      .refused('case/step-rectified');
  });

  test('ends by the clock, the day after its last', () => {
    given(...wholly.noticed)
      .when(endNotice, by(theClock, { on: '2026-08-28' }))
      .refused('case/notice-running');
    given(...wholly.noticed)
      .when(endNotice, by(theClock, { on: '2026-08-29' }))
      .then({ type: 'PublicNoticeEnded' });
    given(...wholly.toBeNoticed)
      .when(endNotice, by(theClock))
      .refused('case/notice-missing');
    given(...wholly.noticed)
      .when(endNotice, by(approverZheng))
      .refused('case/role');
  });

  test('its end, a tick of the clock, makes nobody look again', () => {
    const { basis } = given(...wholly.noticed).state;
    expect(given(...wholly.toBePositioned).state.basis).toBe(basis);
  });

  test('until then the case is not closed, and may be sent back', () => {
    given(...wholly.toBeNoticed)
      .when(closeCase, by(approverZheng))
      .refused('case/awaits-public-notice');
    given(...wholly.noticed)
      .when(closeCase, by(approverZheng))
      .refused('case/flag-noticeRunning');
    const { outcome } = given(...wholly.noticed).when(rejectClosure, by(approverZheng));
    expect(outcome).toMatchObject([{ type: 'ClosureRejected' }]);
  });
});

describe('objecting', () => {
  test('whoever is outside objects while the notice runs, through a desk that writes it down', () => {
    given(...wholly.noticed)
      .when(raiseObjection, by(registrarGu))
      .then(objected.event);
    given(...wholly.noticed)
      .when(amended(raiseObjection, { by: 'petitioner' }), by(dispatcherQian))
      .then({ ...objected.event, by: 'petitioner' } as never);
    given(...wholly.toBeNoticed)
      .when(raiseObjection, by(registrarGu))
      .refused('case/notice-missing');
  });

  test('an inspector objects in person, any time from the submission on, and only in their scope', () => {
    for (const past of [until.submitted, until.rectified, until.verified]) {
      given(...past)
        .when(objectInPerson, by(inspectorChen))
        .then(objectedInPerson.event);
    }
    given(...until.submitted)
      .when(objectInPerson, by(inspectorDong))
      .refused('case/unknown');
  });

  test('nobody speaks as somebody else', () => {
    given(...wholly.noticed)
      .when(objectInPerson, by(registrarGu))
      .invalid('by');
    given(...wholly.noticed)
      .when(raiseObjection, by(inspectorChen))
      .invalid('by');
  });

  test('objections are counted, and several may wait', () => {
    given(...wholly.noticed, objected)
      .when(objectInPerson, by(inspectorChen))
      .then(objectedAgain.event);
    const { flags } = given(...wholly.noticed, objected, objectedAgain, dismissed).state;
    expect(flags).toEqual(new Set(['noticeRunning', 'objectionOpen']));
  });

  test('while one waits nothing passes, and whoever is objected to does not take it away', () => {
    given(...until.submitted, objectedInPerson)
      .when(passReview, by(reviewerWang))
      .refused('case/flag-objectionOpen');
    given(...until.submitted, objectedInPerson)
      .when(withdrawRectification, by(handlerLi))
      .refused('case/flag-objectionOpen');
    given(...until.rectified, objectedInPerson)
      .when(recordVerification, by(verifierZhao))
      .refused('case/flag-objectionOpen');
    given(...wholly.toBeApproved, objectedInPerson)
      .when(approveClosure, by(approverZheng))
      .refused('case/flag-objectionOpen');
    given(...until.verified, objectedInPerson)
      .when(closeCase, by(approverWu))
      .refused('case/flag-objectionOpen');
    given(...wholly.noticed, objected)
      .when(endNotice, by(theClock))
      .refused('case/flag-objectionOpen');
  });

  test('but it may be sent back at every step', () => {
    const { outcome } = given(...until.rectified, objectedInPerson).when(failVerification, by(verifierZhao));
    expect(outcome).toMatchObject([{ type: 'VerificationFailed' }]);
  });
});

describe('ruling on an objection', () => {
  test('a dismissed one lets the notice go on to its end', () => {
    given(...wholly.noticed, objected)
      .when(dismissObjection, by(approverFeng))
      .then(dismissed.event);
    given(...wholly.noticed, objected, dismissed)
      .when(endNotice, by(theClock))
      .then({ type: 'PublicNoticeEnded' });
  });

  test('an upheld one sends the case back: notice, steps and other objections are over', () => {
    given(...wholly.noticed, objected)
      .when(upholdObjection, by(approverFeng))
      .then(upheld.event);
    const { status, flags, passed, openObjections, noticeUntil, objections } = given(
      ...wholly.noticed,
      objected,
      objectedAgain,
      upheld,
    ).state;
    expect({ status, flags, passed, openObjections, noticeUntil, objections }).toEqual({
      ...{ status: 'rectifying', flags: new Set(), passed: new Set(), openObjections: new Set() },
      ...{ noticeUntil: undefined, objections: 2 },
    });
  });

  test('an approver of the unit that closes, who had no part in the examination', () => {
    for (const [command, who, code] of [
      [dismissObjection, approverZheng, 'case/arbiter-approved'],
      [upholdObjection, approverZheng, 'case/arbiter-approved'],
      [dismissObjection, approverYan, 'case/arbiter-of-lead'],
      [dismissObjection, post('sun', 'province-office', 'approver'), 'case/arbiter-verified'],
      [dismissObjection, post('wang', 'province-office', 'approver'), 'case/arbiter-reviewed'],
      [dismissObjection, post('li', 'province-office', 'approver'), 'case/arbiter-rectified'],
      [dismissObjection, approverWu, 'case/role'],
    ] as const) {
      given(...wholly.noticed, objected)
        .when(command, by(who))
        .refused(code);
    }
  });

  test('of an objection that waits, with reasons that are tied to the checklist', () => {
    given(...wholly.noticed)
      .when(dismissObjection, by(approverFeng))
      .refused('case/objection-missing');
    given(...wholly.noticed, objected, objectedAgain, dismissed)
      .when(upholdObjection, by(approverFeng))
      .refused('case/objection-missing');
    given(...wholly.noticed, objected)
      .when(amended(upholdObjection, { reasons: [{ slot: 'voucher', reason: 'none' }] }), by(approverFeng))
      .refused('case/slot-unknown');
  });
});
