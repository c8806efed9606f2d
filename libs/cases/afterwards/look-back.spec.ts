import { describe, expect, test } from '@jest/globals';
import {
  calledBack,
  evaluatorRen,
  lookBackFailed,
  lookedBack,
  recordCallback,
  recordLookBack,
  refuseReopening,
  reopeningRefused,
  sustaining,
} from '../../../test/support/afterwards.js';
import {
  amended,
  another,
  approved,
  assigning,
  by,
  closed,
  closeCase,
  confirmVerification,
  did,
  given,
  passReview,
  recordVerification,
  registered,
  reopenCase,
  reopened,
  reopenedAsFalse,
  reopening,
  reviewed,
  toApprove,
  toReview,
  toVerify,
  until,
} from '../../../test/support/cases.js';
import {
  approverFeng,
  approverHan,
  approverWu,
  approverYou,
  approverZheng,
  dispatcherQian,
  inspectorChen,
  inspectorDong,
  post,
  reviewerWang,
  verifierSun,
  verifierZhao,
  verifierZhou,
} from '../../../test/support/province.js';

const passing = amended(recordLookBack, { outcome: 'passed', reasons: undefined });
const provinceVerifier = post('pan', 'province-office', 'verifier');

describe('a callback', () => {
  test('asks those concerned, by whoever had no part in the rectification, as often as needed', () => {
    for (const past of [until.verified, until.closed, sustaining, [...until.closed, calledBack]]) {
      for (const who of [evaluatorRen, inspectorChen, verifierZhao]) {
        given(...past)
          .when(recordCallback, by(who))
          .then(calledBack.event);
      }
    }
  });

  test('is not recorded by who rectified, nor from a responsible unit', () => {
    for (const who of [
      { ...evaluatorRen, person: 'li' },
      post('qi', 'hill-office', 'inspector'),
      post('you', 'north-office', 'verifier'),
    ]) {
      given(...until.closed)
        .when(recordCallback, by(who))
        .refused('case/callback-own');
    }
  });

  test('was held on a day that has come', () => {
    given(...until.closed)
      .when(amended(recordCallback, { on: '2026-09-02' }), by(evaluatorRen))
      .invalid('on');
  });

  test('that says no reopens nothing by itself', () => {
    const no = did(evaluatorRen, { ...calledBack.event, resolved: 'no' } as typeof calledBack.event);
    expect(given(...until.closed, no).state).toMatchObject({ status: 'closed', round: 1 });
  });
});

describe('a look-back', () => {
  test('says that the case stood it, or what is wrong and by when that is answered', () => {
    given(...until.closed)
      .when(passing, by(evaluatorRen))
      .then(lookedBack.event);
    given(...until.closed)
      .when(recordLookBack, by(evaluatorRen))
      .then(lookBackFailed.event);
    given(...until.closed)
      .when(amended(recordLookBack, { reasons: undefined }), by(evaluatorRen))
      .invalid('reasons');
    given(...until.closed)
      .when(amended(passing, { reasons: recordLookBack.reasons }), by(evaluatorRen))
      .invalid('reasons');
    given(...until.closed)
      .when(amended(recordLookBack, { reasons: [{ slot: 'roof', reason: '无' }] }), by(evaluatorRen))
      .refused('case/slot-unknown');
  });

  test('is of a visit that was, and shown by own photos', () => {
    given(...until.closed)
      .when(amended(recordLookBack, { visitedOn: '2026-09-02' }), by(evaluatorRen))
      .invalid('visitedOn');
    given(...until.closed)
      .when(recordLookBack, by(evaluatorRen, { uploads: [] }))
      .refused('case/receipt-unknown');
    given(...until.closed, lookedBack)
      .when(recordLookBack, by(evaluatorRen))
      .refused('case/receipt-used');
    expect(given(...until.closed, lookedBack).state.receipts.has(another.receipt)).toBe(true);
  });

  test.each([
    ['rectified it', { ...evaluatorRen, person: 'li' }],
    ['reviewed it', { ...evaluatorRen, person: 'wang' }],
    ['recorded its verification', { ...evaluatorRen, person: 'zhao' }],
    ['confirmed its verification', { ...evaluatorRen, person: 'sun' }],
    ['closed it', { ...inspectorChen, person: 'wu' }],
    ['acts for who closed it', { ...inspectorChen, onBehalfOf: 'wu' }],
    ['is of a responsible unit', post('qi', 'hill-office', 'inspector')],
    ['holds a post at one', { ...inspectorChen, person: 'you' }],
    ['verifies at the unit that verified it', verifierZhou],
  ])('is not by whoever %s', (_, who) => {
    given(...until.closed)
      .when(recordLookBack, by(who))
      .refused('case/look-back-own');
  });

  test('of a draw is of a case that was drawn, and drawn by who had no part in it', () => {
    given(...until.closed)
      .when(recordLookBack, by(evaluatorRen, { drawnBy: null }))
      .refused('case/draw-unknown');
    for (const person of ['li', 'wang', 'wu']) {
      given(...until.closed)
        .when(recordLookBack, by(evaluatorRen, { drawnBy: [person] }))
        .refused('case/look-back-own');
    }
    const { draw: _, ...without } = lookBackFailed.event as never as { draw: string };
    given(...until.closed)
      .when(amended(recordLookBack, { draw: undefined }), by(evaluatorRen, { drawnBy: null }))
      .then(without as typeof lookBackFailed.event);
  });

  test('is not by whoever approved it', () => {
    const route = [toReview, toVerify, toApprove];
    const past = [
      registered,
      did(dispatcherQian, { ...assigning, route, closer: 'province-office' }),
      ...until.verified.slice(2),
      approved,
      did(approverFeng, closed.event),
    ];
    for (const person of ['zheng', 'feng']) {
      given(...past)
        .when(recordLookBack, by({ ...evaluatorRen, person }))
        .refused('case/look-back-own');
    }
  });

  test('looks at all rounds', () => {
    const second = [
      ...until.closed,
      reopened,
      ...until.submitted.slice(3),
      did(reviewerWang, reviewed.event),
    ];
    const others = [
      did(verifierZhou, { ...until.verified[7]?.event } as never),
      did(post('pan', 'north-office', 'verifier'), { type: 'VerificationConfirmed' }),
      did(approverHan, closed.event),
    ];
    for (const person of ['zhao', 'sun', 'wu', 'zhou', 'han']) {
      given(...second, ...others)
        .when(recordLookBack, by({ ...evaluatorRen, person }))
        .refused('case/look-back-own');
    }
  });

  test('is a verifier’s of another unit', () => {
    given(...until.closed)
      .when(passing, by(provinceVerifier))
      .then(lookedBack.event);
  });

  test('is a thing of whoever sees the case', () => {
    given(...until.closed)
      .when(passing, by(inspectorDong))
      .refused('case/unknown');
  });

  test('is not looked at again while a failed one waits for its answer', () => {
    given(...until.closed, lookBackFailed)
      .when(passing, by(evaluatorRen))
      .refused('case/look-back-open');
  });
});

describe('a failed look-back', () => {
  test('is answered by reopening the case', () => {
    given(...until.closed, lookBackFailed)
      .when(amended(reopenCase, { cause: 'false-rectification' }), by(approverWu))
      .then({ ...reopening, cause: 'false-rectification' });
    expect(given(...until.closed, lookBackFailed, reopenedAsFalse).state.lookBackAnswerBy).toBeUndefined();
  });

  test('or by refusing that, with reasons, by another approver of the unit that closed it', () => {
    given(...until.closed, lookBackFailed)
      .when(refuseReopening, by(approverHan))
      .then(reopeningRefused.event);
    given(...until.closed, lookBackFailed)
      .when(refuseReopening, by(approverZheng))
      .refused('case/role');
    for (const who of [approverWu, approverYou, { ...approverHan, person: 'zhao' }]) {
      given(...until.closed, lookBackFailed)
        .when(refuseReopening, by(who))
        .refused('case/refuser-own');
    }
  });

  test('is answered once', () => {
    for (const past of [[], [lookedBack], [lookBackFailed, reopeningRefused]]) {
      given(...until.closed, ...past)
        .when(refuseReopening, by(approverHan))
        .refused('case/look-back-missing');
    }
  });

  test('must have been seen by whoever reopens', () => {
    given(...until.closed, lookBackFailed)
      .when(reopenCase, by(approverWu, { seen: 9 }))
      .refused('case/stale', { basis: 10 });
  });
});

test('a false rectification found by a look-back: others examine it the second time', () => {
  const found = [...until.closed, lookBackFailed];
  given(...found)
    .when(amended(reopenCase, { cause: 'false-rectification' }), by(inspectorChen))
    .then({ ...reopening, cause: 'false-rectification' });
  const again = [...found, reopenedAsFalse, ...until.submitted.slice(3)];
  given(...again)
    .when(passReview, by(reviewerWang))
    .then(reviewed.event);
  given(...again, reviewed)
    .when(recordVerification, by(verifierZhao))
    .refused('case/verifier-barred');
  const recordedAgain = did(verifierZhou, { ...until.verified[7]?.event } as never);
  given(...again, reviewed, recordedAgain)
    .when(confirmVerification, by(verifierSun))
    .refused('case/verifier-barred');
  const verified = [
    ...again,
    reviewed,
    recordedAgain,
    did(post('pan', 'north-office', 'verifier'), { type: 'VerificationConfirmed' }),
  ];
  given(...verified)
    .when(closeCase, by({ ...approverWu, person: 'sun' }))
    .refused('case/closer-barred');
  given(...verified)
    .when(closeCase, by(approverHan))
    .then(closed.event);
});
