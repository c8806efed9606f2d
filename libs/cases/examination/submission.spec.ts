import { describe, expect, test } from '@jest/globals';
import {
  amended,
  approveClosure,
  approved,
  attachedAfter,
  attachedBefore,
  assignedSerious,
  by,
  closeCase,
  closureRejected,
  confirmVerification,
  did,
  given,
  passReview,
  recorded,
  recordVerification,
  registeredSerious,
  reopened,
  reviewed,
  reviewRejected,
  submitRectification,
  submitted,
  toApprove,
  toReview,
  toVerify,
  until,
  visit,
  withdrawn,
} from '../../../test/support/cases.js';
import {
  absenceAccepted,
  absent,
  acceptAbsence,
  countersign,
  countersigned,
  declareAbsent,
  escalated,
  escalateReview,
  EVIDENCE,
  noticeEnded,
  noticeStarted,
  startNotice,
  submittedWhole,
  toNotice,
  wholly,
  withoutBefore,
} from '../../../test/support/examination.js';
import {
  approverHan,
  approverWu,
  approverZheng,
  dispatcherMeng,
  dispatcherQian,
  handlerHe,
  handlerLi,
  leaderLin,
  post,
  reviewerFu,
  reviewerWang,
  verifierSun,
  verifierZhao,
} from '../../../test/support/province.js';

const verifiedWithout = withoutBefore(...until.verified.slice(6));

describe('a review that goes up', () => {
  test('a county of one clerk does not share accounts: the level above reviews', () => {
    for (const who of [handlerLi, reviewerWang, dispatcherQian]) {
      given(...until.submitted)
        .when(escalateReview, by(who))
        .then(escalated.event);
    }
    given(...until.submitted, escalated)
      .when(passReview, by(reviewerFu))
      .then({ type: 'ReviewPassed', opinion: '材料齐全' });
    given(...until.submitted, escalated)
      .when(passReview, by(reviewerWang))
      .refused('case/role');
  });

  test('it goes up by the lead or by who assigned the case, each in their post', () => {
    given(...until.submitted)
      .when(escalateReview, by(handlerHe))
      .refused('case/role');
    given(...until.submitted)
      .when(escalateReview, by(dispatcherMeng))
      .refused('case/role');
    given(...until.submitted)
      .when(escalateReview, by(post('fu', 'north-office', 'reviewer')))
      .refused('case/role');
  });

  test('and further up, until nobody is above', () => {
    const further = { ...escalated.event, unit: 'province-office', level: 'province' };
    const twice = given(...until.submitted, escalated).when(escalateReview, by(handlerLi));
    expect(twice.outcome).toEqual([further]);
    given(...until.submitted, escalated, { ...escalated, event: further })
      .when(escalateReview, by(handlerLi))
      .refused('case/escalation-nobody');
  });

  test('the persons are others still: a reviewer from above holds no post below, and does not verify', () => {
    given(...until.submitted, escalated)
      .when(passReview, by(post('yang', 'north-office', 'reviewer')))
      .refused('case/reviewer-of-lead');
    const byZhao = { ...reviewed, actor: post('zhao', 'north-office', 'reviewer') };
    given(...until.submitted, escalated, byZhao)
      .when(recordVerification, by(verifierZhao))
      .refused('case/verifier-reviewed');
  });

  test('it stays there in the round, and comes back to the lead in the next', () => {
    given(...until.submitted, escalated, reviewRejected, submitted)
      .when(passReview, by(reviewerWang))
      .refused('case/role');
    const { route } = given(...until.submitted, escalated, ...until.closed.slice(6), reopened).state;
    expect(route[0]).toMatchObject({ step: 'review', unit: 'hill-office' });
  });
});

describe('the countersignature of the principal', () => {
  const opinion = { type: 'ReviewPassed', opinion: '材料齐全' } as const;

  test('is asked where the policy says so: without it the review does not pass', () => {
    given(...until.submitted)
      .when(passReview, by(reviewerWang))
      .then(opinion);
    given(...wholly.submitted)
      .when(passReview, by(reviewerWang))
      .refused('case/countersign-missing');
    given(...wholly.submitted, countersigned)
      .when(passReview, by(reviewerWang))
      .then(opinion);
  });

  test('stands for one submission, once', () => {
    given(...until.submitted)
      .when(countersign, by(leaderLin))
      .then(countersigned.event);
    given(...until.submitted, countersigned)
      .when(countersign, by(leaderLin))
      .refused('case/countersigned-already');
    for (const back of [withdrawn, reviewRejected]) {
      given(...wholly.submitted, countersigned, back, submitted)
        .when(passReview, by(reviewerWang))
        .refused('case/countersign-missing');
    }
  });

  describe('of a case whose class was raised after its review', () => {
    const classes = { categories: ['roof'], severity: 'major', rectificationType: 'immediate' } as const;
    const raised = did(dispatcherQian, {
      ...{ type: 'CaseClassified', ...classes, categories: ['roof'] },
      ...{ route: [toReview, toVerify, toApprove, toNotice], closer: 'province-office' },
    });

    test('is wanted before any further step', () => {
      for (const [past, command, who] of [
        [until.rectified, recordVerification, verifierZhao],
        [[...until.rectified, recorded], confirmVerification, verifierSun],
        [until.verified, approveClosure, approverZheng],
        [[...until.verified, approved], startNotice, approverZheng],
        [[...until.verified, approved, noticeStarted, noticeEnded], closeCase, approverZheng],
      ] as const) {
        given(...past, raised)
          .when(command, by(who))
          .refused('case/countersign-missing');
        const { outcome } = given(...past, raised, countersigned).when(command, by(who));
        expect(outcome).toHaveLength(1);
      }
    });

    test('is given as the case stands: what was reviewed and verified stays so', () => {
      for (const past of [until.rectified, until.verified]) {
        const { when, state } = given(...past, raised);
        when(countersign, by(leaderLin)).then(countersigned.event);
        expect(state.passed.has('review')).toBe(true);
      }
    });
  });

  test('who countersigns never examines', () => {
    given(...until.verified.slice(0, 6), countersigned, ...until.verified.slice(6))
      .when(closeCase, by(post('lin', 'north-office', 'approver')))
      .refused('case/closer-rectified');
  });

  test('nobody has to look again on account of it', () => {
    given(...until.submitted, countersigned)
      .when(passReview, by(reviewerWang, { seen: 5 }))
      .then(opinion);
  });
});

describe('evidence that there is none of', () => {
  test('is declared absent with a reason, and the slot counts as full', () => {
    given(...until.rectifying)
      .when(declareAbsent, by(handlerLi))
      .then(absent.event);
    const { outcome } = given(...until.rectifying, attachedAfter, absent).when(
      submitRectification,
      by(handlerLi),
    );
    expect(outcome).toMatchObject([{ type: 'RectificationSubmitted' }]);
  });

  test('not twice, not where there is some, not in a slot that is none', () => {
    given(...until.rectifying, absent)
      .when(declareAbsent, by(handlerLi))
      .refused('case/slot-filled');
    given(...until.rectifying, attachedBefore)
      .when(declareAbsent, by(handlerLi))
      .refused('case/slot-filled');
    given(...until.rectifying)
      .when(amended(declareAbsent, { slot: 'voucher' }), by(handlerLi))
      .refused('case/slot-unknown');
  });

  test('is no longer absent once it is there', () => {
    expect(given(...until.rectifying, absent, attachedBefore).state.absent).toEqual(new Set());
    expect(given(...until.rectifying, absent, ...until.closed.slice(3), reopened).state.absent).toEqual(
      new Set(),
    );
  });

  test('is accepted by an approver by name, before which nothing is approved or closed', () => {
    given(...verifiedWithout)
      .when(closeCase, by(approverWu))
      .refused('case/absence-open', { slots: ['before'] });
    given(...verifiedWithout)
      .when(acceptAbsence, by(approverWu))
      .then(absenceAccepted.event);
    given(...verifiedWithout, absenceAccepted)
      .when(closeCase, by(approverHan))
      .then({ type: 'CaseClosed', closureNumber: 'N-7', opinion: '销号' });
    given(registeredSerious, assignedSerious, ...verifiedWithout.slice(2))
      .when(approveClosure, by(approverZheng))
      .refused('case/absence-open', { slots: ['before'] });
  });

  test('is accepted once, and anew when the case comes back', () => {
    given(...until.verified)
      .when(acceptAbsence, by(approverWu))
      .refused('case/absence-missing');
    given(...verifiedWithout, absenceAccepted)
      .when(acceptAbsence, by(approverHan))
      .refused('case/absence-missing');
    const again = [submitted, reviewed, recorded, ...until.verified.slice(8)];
    given(...verifiedWithout, absenceAccepted, closureRejected, ...again)
      .when(closeCase, by(approverHan))
      .refused('case/absence-open');
  });

  test('who accepted it has approved: such a person does not verify in this round', () => {
    const again = [closureRejected, submitted, reviewed];
    given(
      ...verifiedWithout,
      { ...absenceAccepted, actor: post('sun', 'north-office', 'approver') },
      ...again,
    )
      .when(recordVerification, by(verifierSun))
      .refused('case/verifier-approved');
    given(...verifiedWithout)
      .when(acceptAbsence, by(post('li', 'north-office', 'approver')))
      .refused('case/approver-rectified');
  });
});

describe('what was looked at', () => {
  const toExamine = [...until.rectifying, attachedBefore, attachedAfter, submittedWhole];

  test('is the set of files of the submission, in whatever order they came', () => {
    for (const files of [
      [attachedBefore, attachedAfter],
      [attachedAfter, attachedBefore],
    ]) {
      given(...until.rectifying, ...files)
        .when(submitRectification, by(handlerLi))
        .then(submittedWhole.event);
    }
  });

  test('every approval names it', () => {
    const named = { evidence: EVIDENCE };
    given(...toExamine)
      .when(passReview, by(reviewerWang))
      .then({ type: 'ReviewPassed', opinion: '材料齐全', ...named });
    const { outcome } = given(...toExamine, reviewed).when(recordVerification, by(verifierZhao));
    expect(outcome).toMatchObject([{ photos: [visit], ...named }]);
    given(...toExamine, reviewed, recorded)
      .when(confirmVerification, by(verifierSun))
      .then({ type: 'VerificationConfirmed', ...named });
    const serious = [registeredSerious, assignedSerious, ...toExamine.slice(2), ...until.verified.slice(6)];
    given(...serious)
      .when(approveClosure, by(approverZheng))
      .then({ type: 'ClosureApproved', opinion: '同意', ...named });
    given(...serious, approved)
      .when(closeCase, by(approverZheng))
      .then({ type: 'CaseClosed', closureNumber: 'N-7', opinion: '销号', ...named });
  });
});
