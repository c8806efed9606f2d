import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  amended,
  approveClosure,
  approved,
  assigned,
  assigning,
  attachedBefore,
  before,
  by,
  closeCase,
  closed,
  closureRejected,
  confirmed,
  confirmVerification,
  did,
  failed,
  failVerification,
  given,
  passReview,
  recorded,
  recordVerification,
  registered,
  registration,
  rejectClosure,
  rejectRectification,
  reviewed,
  reviewRejected,
  shortcoming,
  submitted,
  toApprove,
  toReview,
  toVerify,
  until,
  verifiedSerious,
  visit,
} from '../../../test/support/cases.js';
import { countersigned } from '../../../test/support/examination.js';
import {
  approverFeng,
  approverHan,
  approverWu,
  approverZheng,
  dispatcherQian,
  dispatcherTang,
  handlerLi,
  post,
  registrarGu,
  reviewerSong,
  reviewerWang,
  verifierSun,
  verifierZhao,
  verifierZhou,
} from '../../../test/support/province.js';
import { type RefusalCode } from '../../contracts/refusal.js';

const elsewhere = { slot: 'voucher', reason: 'no voucher' };

describe('reviewing', () => {
  test('the responsible unit’s own reviewer finds the proof complete', () => {
    given(...until.submitted)
      .when(passReview, by(reviewerWang))
      .then({ type: 'ReviewPassed', opinion: '材料齐全' });
    expect(given(...until.submitted, reviewed).state.status).toBe('rectified');
  });

  test('or sends the case back, each reason tied to a slot of the checklist', () => {
    given(...until.submitted)
      .when(rejectRectification, by(reviewerWang))
      .then({ type: 'RectificationRejected', reasons: [shortcoming] });
    expect(given(...until.submitted, reviewRejected).state.status).toBe('rectifying');
    given(...until.submitted)
      .when(amended(rejectRectification, { reasons: [shortcoming, elsewhere] }), by(reviewerWang))
      .refused('case/slot-unknown');
  });

  test('reviewers of other units do not review', () => {
    const ofWorks = post('lei', 'hill-works', 'reviewer');
    const ofNorth = post('hua', 'north-office', 'reviewer');
    const ofLake = post('jin', 'lake-office', 'reviewer');
    for (const command of [passReview, rejectRectification]) {
      given(...until.submitted)
        .when(command, by(ofWorks))
        .refused('case/role');
      given(...until.submitted)
        .when(command, by(ofNorth))
        .refused('case/role');
      given(...until.submitted)
        .when(command, by(ofLake))
        .refused('case/unknown');
    }
  });

  test('who sent the case back may review what comes again', () => {
    given(...until.submitted, reviewRejected, submitted)
      .when(passReview, by(reviewerWang))
      .then({ type: 'ReviewPassed', opinion: '材料齐全' });
  });

  test('a reviewer who did not see the standing submission is stale', () => {
    const again = [...until.submitted, reviewRejected, submitted];
    given(...again)
      .when(passReview, by(reviewerWang, { seen: 6 }))
      .refused('case/stale', { basis: 7 });
    given(...again)
      .when(passReview, by(reviewerWang, { seen: 7 }))
      .then({ type: 'ReviewPassed', opinion: '材料齐全' });
  });
});

describe('verifying on the spot', () => {
  const record = {
    type: 'VerificationRecorded',
    method: 'on-site',
    place: '石桥村',
    visitedOn: '2026-08-31',
    findings: '屋面完好',
    photos: [visit],
  } as const;

  test('one verifier records what they saw, a second stands for it', () => {
    given(...until.rectified)
      .when(recordVerification, by(verifierZhao))
      .then({ ...record, photos: [visit] });
    given(...until.rectified, recorded)
      .when(confirmVerification, by(verifierSun))
      .then({ type: 'VerificationConfirmed' });
    expect(given(...until.rectified, recorded).state.status).toBe('rectified');
    expect(given(...until.rectified, recorded, confirmed).state.status).toBe('verified');
  });

  test('nobody confirms what they recorded', () => {
    given(...until.rectified, recorded)
      .when(confirmVerification, by(verifierZhao))
      .refused('case/second-verifier-same');
  });

  test('what is recorded is confirmed, not recorded again', () => {
    given(...until.rectified, recorded)
      .when(recordVerification, by(verifierSun))
      .refused('case/verification-recorded');
  });

  test('what is not recorded is not confirmed', () => {
    given(...until.rectified)
      .when(confirmVerification, by(verifierSun))
      .refused('case/verification-missing');
    given(...until.rectified, recorded, failed, submitted, reviewed)
      .when(confirmVerification, by(verifierSun))
      .refused('case/verification-missing');
  });

  test('a visit is shown by a photo; a look by video needs none', () => {
    given(...until.rectified)
      .when(amended(recordVerification, { photos: [] }), by(verifierZhao))
      .invalid('photos');
    given(...until.rectified)
      .when(amended(recordVerification, { method: 'video', photos: [] }), by(verifierZhao))
      .then({ ...record, method: 'video', photos: [] });
  });

  test('a major problem is not verified on paper', () => {
    const major = [did(registrarGu, { ...registration, severity: 'major' }), ...until.rectified.slice(1)];
    const onPaper = amended(recordVerification, { method: 'on-paper', photos: [] });
    given(...major, countersigned)
      .when(onPaper, by(verifierZhao))
      .invalid('method');
    given(...until.rectified)
      .when(onPaper, by(verifierZhao))
      .then({ ...record, method: 'on-paper', photos: [] });
  });

  test('nobody was there on a day to come', () => {
    const tomorrow = amended(recordVerification, { visitedOn: '2026-09-02' });
    given(...until.rectified)
      .when(tomorrow, by(verifierZhao, { at: '2026-09-01T15:59:59.999Z' }))
      .refused('case/verification-late');
    given(...until.rectified)
      .when(tomorrow, by(verifierZhao, { at: '2026-09-01T16:00:00.000Z' }))
      .then({ ...record, visitedOn: '2026-09-02', photos: [visit] });
  });

  test('the photos are uploads of the verifier, and new ones', () => {
    given(...until.rectified)
      .when(recordVerification, by(verifierZhao, { uploads: [before] }))
      .refused('case/receipt-unknown');
    given(...until.rectified)
      .when(amended(recordVerification, { photos: [before.receipt] }), by(verifierZhao))
      .refused('case/receipt-used');
    given(...until.rectified, recorded, failed, submitted, reviewed)
      .when(recordVerification, by(verifierZhao))
      .refused('case/receipt-used');
  });

  test('a verifier may find that it was not put right, recorded or not', () => {
    for (const past of [until.rectified, [...until.rectified, recorded]]) {
      given(...past)
        .when(failVerification, by(verifierSun))
        .then({ type: 'VerificationFailed', reasons: [shortcoming] });
    }
    expect(given(...until.rectified, recorded, failed).state.status).toBe('rectifying');
    given(...until.rectified)
      .when(amended(failVerification, { reasons: [elsewhere] }), by(verifierZhao))
      .refused('case/slot-unknown');
  });

  test('verifiers of other units do not verify', () => {
    const ofProvince = post('lei', 'province-office', 'verifier');
    const ofSouth = post('jin', 'south-office', 'verifier');
    for (const command of [recordVerification, confirmVerification, failVerification]) {
      given(...until.rectified, recorded)
        .when(command, by(ofProvince))
        .refused('case/role');
      given(...until.rectified, recorded)
        .when(command, by(ofSouth))
        .refused('case/unknown');
    }
  });

  test('the unit of the route verifies, wherever the case lies', () => {
    const onTheShore = did(registrarGu, { ...registration, divisions: ['shore'] });
    const byTheProvince = did(dispatcherTang, { ...assigning, closer: 'province-office' });
    given(onTheShore, byTheProvince, ...until.rectified.slice(2))
      .when(recordVerification, by(verifierZhao))
      .then({ ...record, photos: [visit] });
  });

  test('the second verifier confirms what they have seen recorded', () => {
    given(...until.rectified, recorded)
      .when(confirmVerification, by(verifierSun, { seen: 6 }))
      .refused('case/stale', { basis: 7 });
  });
});

describe('approving', () => {
  test('an approver of the level that the route names approves', () => {
    given(...verifiedSerious)
      .when(approveClosure, by(approverZheng))
      .then({ type: 'ClosureApproved', opinion: '同意' });
    given(...verifiedSerious)
      .when(approveClosure, by(approverWu))
      .refused('case/role');
  });

  test('it is done once', () => {
    given(...verifiedSerious, approved)
      .when(approveClosure, by(approverZheng))
      .refused('case/step-done');
    given(...verifiedSerious, approved)
      .when(approveClosure, by(approverFeng))
      .refused('case/step-done');
  });

  test('what the route does not name is not approved', () => {
    given(...until.verified)
      .when(approveClosure, by(approverWu))
      .refused('case/not-of-route');
  });

  test('or the approver sends the case back, even after approving it', () => {
    for (const past of [verifiedSerious, [...verifiedSerious, approved]]) {
      given(...past)
        .when(rejectClosure, by(approverZheng))
        .then({ type: 'ClosureRejected', reasons: [shortcoming] });
    }
    given(...verifiedSerious)
      .when(amended(rejectClosure, { reasons: [elsewhere] }), by(approverZheng))
      .refused('case/slot-unknown');
    given(...verifiedSerious)
      .when(rejectClosure, by(approverWu))
      .refused('case/role');
  });

  test('an approver who did not see what is approved is stale', () => {
    given(...verifiedSerious)
      .when(approveClosure, by(approverZheng, { seen: 7 }))
      .refused('case/stale', { basis: 8 });
  });
});

describe('closing', () => {
  test('where the route asks no approval, an approver of the unit that assigned the case closes it', () => {
    given(...until.verified)
      .when(closeCase, by(approverWu))
      .then({ type: 'CaseClosed', closureNumber: 'N-7', opinion: '销号' });
    given(...until.verified)
      .when(closeCase, by(approverZheng))
      .refused('case/role');
  });

  test('where it does, an approver of the unit that approves: the one who approved, or another', () => {
    for (const approver of [approverZheng, approverFeng]) {
      given(...verifiedSerious, approved)
        .when(closeCase, by(approver))
        .then({ type: 'CaseClosed', closureNumber: 'N-7', opinion: '销号' });
    }
    given(...verifiedSerious, approved)
      .when(closeCase, by(approverWu))
      .refused('case/role');
  });

  test('no case is closed before its approval', () => {
    given(...verifiedSerious)
      .when(closeCase, by(approverZheng))
      .refused('case/awaits-approve');
  });

  test('an approval does not outlive the submission that it approved', () => {
    const again = [submitted, reviewed, recorded, confirmed];
    const sentBack = did(approverFeng, { type: 'ClosureRejected', reasons: [shortcoming] });
    given(...verifiedSerious, approved, sentBack, ...again)
      .when(closeCase, by(approverZheng))
      .refused('case/awaits-approve');
  });

  test.each([
    ['before it was verified', [toVerify, toReview], until.submitted, 'case/status'],
    ['before it was approved', [toReview, toVerify, toApprove], until.verified, 'case/awaits-approve'],
  ] as const)('whatever stands in its past, no case is closed %s', (_, route, past, code) => {
    const routed = did(dispatcherQian, { ...assigning, route: [...route] });
    given(registered, routed, ...past.slice(2))
      .when(closeCase, by(approverWu))
      .refused(code);
  });

  test('a case is closed once', () => {
    given(...until.closed)
      .when(closeCase, by(approverHan))
      .refused('case/status');
  });
});

describe('separation of duties', () => {
  const inPost = (person: string, [unit, role]: readonly [string, 'reviewer' | 'verifier' | 'approver']) =>
    post(person, unit, role);
  const reviewing = ['hill-office', 'reviewer'] as const;
  const verifying = ['north-office', 'verifier'] as const;
  const approving = ['province-office', 'approver'] as const;
  const closing = ['north-office', 'approver'] as const;
  /** Each office, what it does, and when. */
  const offices = {
    reviewer: { desk: reviewing, past: until.submitted, commands: [passReview, rejectRectification] },
    verifier: {
      desk: verifying,
      past: until.rectified,
      commands: [recordVerification, confirmVerification, failVerification],
    },
    approver: { desk: approving, past: verifiedSerious, commands: [approveClosure, rejectClosure] },
    closer: { desk: closing, past: until.verified, commands: [closeCase] },
  } as const;
  type Office = keyof typeof offices;
  const each = Object.keys(offices) as Office[];

  test.each(each)('nobody is %s of what they rectified: accepted, proved or submitted', (office) => {
    const { desk, past, commands } = offices[office];
    const others = [
      did(post('kong', 'hill-office', 'handler'), accepted.event),
      did(post('cao', 'hill-works', 'handler'), attachedBefore.event),
      did(post('yan-bin', 'hill-office', 'handler'), submitted.event),
    ];
    const rectified = past.map((done) => others.find(({ event }) => event.type === done.event.type) ?? done);
    for (const person of ['kong', 'cao', 'yan-bin']) {
      for (const command of commands) {
        given(...rectified)
          .when(command, by(inPost(person, desk)))
          .refused(`case/${office}-rectified`);
      }
    }
  });

  test.each(each)('nobody is %s of what they rectified in an earlier round', (office) => {
    const { desk, past, commands } = offices[office];
    const another = (done: (typeof past)[number]) =>
      done.actor.person === handlerLi.person ? did(post('xu', 'hill-office', 'handler'), done.event) : done;
    const again = past.slice(2).filter((done) => done !== accepted);
    const reopened = did(approverHan, {
      ...assigning,
      type: 'CaseReopened',
      round: 2,
      cause: 'relapse',
      reason: '再次渗漏',
      ...(office === 'approver' && { route: [toReview, toVerify, toApprove], closer: 'province-office' }),
    });
    for (const command of commands) {
      given(...until.closed, reopened, ...again.map(another))
        .when(command, by(inPost('li', desk)))
        .refused(`case/${office}-rectified`);
    }
  });

  /** Who acted in the round before the present submission, passing and rejecting. */
  const acts = {
    reviewed: [
      ['passed', [reviewed, failed, submitted]],
      ['rejected', [reviewRejected, submitted]],
    ],
    verified: [
      ['recorded', [reviewed, recorded, did(verifierZhou, failed.event), submitted]],
      ['failed', [reviewed, failed, submitted]],
    ],
    approved: [['rejected', [reviewed, recorded, confirmed, closureRejected, submitted]]],
  } as const;
  const actors = { reviewed: 'wang', verified: 'zhao', approved: 'wu' } as const;

  test.each([
    ['reviewer', 'verified', 'recorded'],
    ['reviewer', 'verified', 'failed'],
    ['reviewer', 'approved', 'rejected'],
    ['verifier', 'reviewed', 'passed'],
    ['verifier', 'reviewed', 'rejected'],
    ['verifier', 'approved', 'rejected'],
    ['approver', 'reviewed', 'passed'],
    ['approver', 'reviewed', 'rejected'],
    ['approver', 'verified', 'recorded'],
    ['approver', 'verified', 'failed'],
    ['closer', 'reviewed', 'passed'],
    ['closer', 'reviewed', 'rejected'],
    ['closer', 'verified', 'recorded'],
    ['closer', 'verified', 'failed'],
  ] as const)('the %s is not who %s in this round, though that act %s', (office, act, how) => {
    const { desk, past, commands } = offices[office];
    const detour = acts[act].find(([name]) => name === how)?.[1] ?? [];
    // The others of this round are new, so that it is this act and no other that stands in the way.
    const fresh = past.slice(6).map(({ event, actor }, n) => did({ ...actor, person: `fresh-${n}` }, event));
    for (const command of commands) {
      given(...past.slice(0, 6), ...detour, ...fresh)
        .when(command, by(inPost(actors[act], desk)))
        .refused(`case/${office}-${act}` as RefusalCode);
    }
  });

  test('in a new round the examiners may change their offices', () => {
    const reopened = did(approverWu, {
      ...assigning,
      type: 'CaseReopened',
      round: 2,
      cause: 'relapse',
      reason: '再次渗漏',
    });
    given(...until.closed, reopened, submitted)
      .when(passReview, by(inPost('zhao', reviewing)))
      .then({ type: 'ReviewPassed', opinion: '材料齐全' });
    given(...until.closed, reopened, submitted, did(reviewerSong, reviewed.event))
      .when(failVerification, by(inPost('wu', verifying)))
      .then({ type: 'VerificationFailed', reasons: [shortcoming] });
  });

  test.each([
    ['verifier', 'yang'],
    ['approver', 'yan'],
    ['closer', 'you'],
  ] as const)('who holds a post at a responsible unit is not %s', (office, person) => {
    const { desk, past, commands } = offices[office];
    for (const command of commands) {
      given(...past)
        .when(command, by(inPost(person, desk)))
        .refused(`case/${office}-of-lead`);
    }
  });

  test('a reviewer holds a post at the responsible unit and may', () => {
    given(...until.submitted)
      .when(passReview, by(reviewerSong))
      .then({ type: 'ReviewPassed', opinion: '材料齐全' });
  });

  test.each(each)('who verified or approved a false rectification is not %s in the next round', (office) => {
    const { desk, past, commands } = offices[office];
    const reopened = did(approverHan, {
      ...assigning,
      type: 'CaseReopened',
      round: 2,
      cause: 'false-rectification',
      reason: '虚假整改',
      ...(office === 'approver' && { route: [toReview, toVerify, toApprove], closer: 'province-office' }),
    });
    const fresh = past.slice(3).map(({ event, actor }, n) => did({ ...actor, person: `fresh-${n}` }, event));
    for (const person of ['zhao', 'sun', 'zheng']) {
      for (const command of commands) {
        given(...verifiedSerious, approved, closed, reopened, ...fresh)
          .when(command, by(inPost(person, desk)))
          .refused(`case/${office}-barred`);
      }
    }
  });

  test('who sent a rectification back that turned out false is not barred', () => {
    const zhouSentItBack = [did(verifierZhou, failed.event), submitted, did(reviewerWang, reviewed.event)];
    const reopened = did(approverHan, {
      ...assigning,
      type: 'CaseReopened',
      round: 2,
      cause: 'false-rectification',
      reason: '虚假整改',
    });
    const past = [
      ...until.rectified,
      ...zhouSentItBack,
      ...until.closed.slice(7),
      reopened,
      submitted,
      reviewed,
    ];
    given(...past)
      .when(failVerification, by(verifierSun))
      .refused('case/verifier-barred');
    given(...past)
      .when(failVerification, by(verifierZhou))
      .then({ type: 'VerificationFailed', reasons: [shortcoming] });
  });

  test.each(each)('a delegate who acts as %s inherits the limits of who they stand in for', (office) => {
    const { desk, past, commands } = offices[office];
    for (const command of commands) {
      given(...past)
        .when(command, by(inPost('newcomer', desk), { onBehalfOf: 'li' }))
        .refused(`case/${office}-rectified`);
    }
  });

  test('what a delegate did bars the delegate and who they stood in for', () => {
    const forLi = did({ ...post('deputy', 'hill-office', 'handler'), onBehalfOf: 'li' }, submitted.event);
    const past = [registered, assigned, did(post('xu', 'hill-office', 'handler'), accepted.event), forLi];
    for (const person of ['deputy', 'li']) {
      given(...past)
        .when(passReview, by(inPost(person, reviewing)))
        .refused('case/reviewer-rectified');
    }
  });

  test('two delegates of one verifier are one verifier', () => {
    const forZhao = did({ ...inPost('deputy', verifying), onBehalfOf: 'zhao' }, recorded.event);
    given(...until.rectified, forZhao)
      .when(confirmVerification, by(inPost('another-deputy', verifying), { onBehalfOf: 'zhao' }))
      .refused('case/second-verifier-same');
    given(...until.rectified, forZhao)
      .when(confirmVerification, by(inPost('zhao', verifying)))
      .refused('case/second-verifier-same');
  });

  test('a deputy of somebody with a post at a responsible unit does not verify', () => {
    given(...until.rectified)
      .when(recordVerification, by(verifierZhao, { onBehalfOf: 'yang' }))
      .refused('case/verifier-of-lead');
  });

  test('who rectified after examining does not examine again', () => {
    const wangMends = did(post('wang', 'hill-office', 'handler'), attachedBefore.event);
    given(...until.submitted, reviewRejected, wangMends, submitted)
      .when(passReview, by(reviewerWang))
      .refused('case/reviewer-rectified');
  });
});
