import { describe, expect, test } from '@jest/globals';
import {
  assignedSustained,
  completeStage,
  firstStage,
  holding,
  LAST_DAY,
  lastStage,
  planned,
  registeredSustained,
  reviewStage,
  slipping,
  sustaining,
} from '../../../test/support/afterwards.js';
import {
  accepted,
  amended,
  another,
  assigned,
  attachedAfter,
  attachedBefore,
  attachEvidence,
  by,
  closeCase,
  confirmed,
  did,
  extensionRequested,
  failed,
  given,
  madeSafe,
  passReview,
  planApproved,
  planSubmitted,
  recorded,
  registration,
  requestExtension,
  reviewed,
  submitPlan,
  submitRectification,
  submitted,
  until,
} from '../../../test/support/cases.js';
import {
  approverWu,
  handlerLi,
  handlerXu,
  post,
  provinceWith,
  registrarGu,
  reviewerSong,
  reviewerWang,
  SEED,
  verifierZhao,
} from '../../../test/support/province.js';
import { recordVerification } from '../../../test/support/cases.js';

const planApprovedSustained = [registeredSustained, assignedSustained, ...planned];
const phased = [did(registrarGu, { ...registration, rectificationType: 'phased' }), assigned, ...planned];
const last = amended(completeStage, { stage: 2, result: '新瓦已铺设', receipts: undefined });

describe('a stage', () => {
  test('is completed when the plan is approved, in order and once', () => {
    given(...phased)
      .when(completeStage, by(handlerLi))
      .then(firstStage.event);
    given(...phased)
      .when(last, by(handlerLi))
      .refused('case/stage-order');
    given(...phased, firstStage)
      .when(completeStage, by(handlerLi))
      .refused('case/stage-done');
    given(...phased)
      .when(amended(completeStage, { stage: 3 }), by(handlerLi))
      .refused('case/stage-unknown');
    given(...phased.slice(0, -1))
      .when(completeStage, by(handlerLi))
      .refused('case/plan-unapproved');
  });

  test('is none of an immediate rectification, planned or not', () => {
    given(...until.rectifying, planSubmitted, planApproved)
      .when(completeStage, by(handlerLi))
      .refused('case/stages-none');
  });

  test('is shown by uploads of whoever completes it, not used before', () => {
    given(...phased)
      .when(completeStage, by(handlerLi, { uploads: [] }))
      .refused('case/receipt-unknown');
    given(...phased, did(handlerLi, { type: 'EvidenceAttached', slot: 'after', file: another }))
      .when(completeStage, by(handlerLi))
      .refused('case/receipt-used');
  });

  test('makes whoever completes it a rectifier', () => {
    const { state } = given(...phased, did(handlerXu, firstStage.event));
    expect(state.rectifiers.has('xu')).toBe(true);
  });

  test('of a new plan is to be completed anew', () => {
    given(...phased, firstStage, planSubmitted, planApproved)
      .when(amended(completeStage, { receipts: undefined }), by(handlerLi))
      .then({ type: 'StageCompleted', stage: 1, result: '旧瓦已拆除', files: [] });
  });

  test('that is the last of a phased rectification leaves it rectifying', () => {
    const done = did(handlerLi, { type: 'StageCompleted', stage: 2, result: '新瓦已铺设', files: [] });
    given(...phased, firstStage)
      .when(last, by(handlerLi))
      .then(done.event);
    expect(given(...phased, firstStage, done).state.status).toBe('rectifying');
  });
});

describe('a sustained rectification', () => {
  test('is sustained once its last stage is completed, and has its day of review', () => {
    given(...planApprovedSustained, firstStage)
      .when(last, by(handlerLi))
      .then(lastStage.event);
    expect(given(...sustaining).state).toMatchObject({ status: 'sustaining', reviewBy: '2027-03-01' });
  });

  test('is reviewed by its due day where the policy says no term', () => {
    const { general } = SEED.policy.completion.sustained;
    const { review: _, ...without } = general;
    const { sustained } = SEED.policy.completion;
    const register = provinceWith({
      policy: {
        ...SEED.policy,
        completion: { ...SEED.policy.completion, sustained: { ...sustained, general: without } },
      },
    });
    expect(
      given(...planApprovedSustained, firstStage).when(last, by(handlerLi, { register })).outcome,
    ).toEqual([expect.objectContaining({ reviewBy: LAST_DAY })]);
  });

  test('does not begin to be sustained while people are at risk', () => {
    const atRisk = did(registrarGu, { ...registration, rectificationType: 'sustained', personsAtRisk: true });
    const past = [atRisk, assignedSustained, ...planned, firstStage];
    given(...past)
      .when(last, by(handlerLi))
      .refused('case/flag-atRisk');
    given(...past, madeSafe)
      .when(last, by(handlerLi))
      .then(lastStage.event);
    given(...past.slice(0, -1))
      .when(completeStage, by(handlerLi))
      .then(firstStage.event);
  });

  test('needs no more time then, and no other plan', () => {
    const asking = given(...planApprovedSustained, extensionRequested, firstStage, lastStage);
    expect([...asking.state.flags]).toEqual([]);
    for (const command of [requestExtension, submitPlan, last]) {
      given(...sustaining)
        .when(command, by(handlerLi))
        .refused('case/status');
    }
  });

  test('is not submitted with stages left, nor before its whole term is over', () => {
    given(...planApprovedSustained, firstStage, attachedBefore, attachedAfter)
      .when(submitRectification, by(handlerLi, { on: LAST_DAY }))
      .refused('case/stages-open');
    given(...sustaining, attachedBefore, attachedAfter)
      .when(submitRectification, by(handlerLi, { on: '2027-01-14' }))
      .refused('case/sustained-short');
    expect(
      given(...sustaining, attachedBefore, attachedAfter).when(
        submitRectification,
        by(handlerLi, { on: LAST_DAY }),
      ).outcome,
    ).toMatchObject([{ type: 'RectificationSubmitted' }]);
  });

  test('may be submitted again at once when it was sent back', () => {
    expect(
      given(...sustaining, attachedBefore, attachedAfter, submitted, reviewed, failed).when(
        submitRectification,
        by(handlerLi, { on: '2027-01-20' }),
      ).outcome,
    ).toMatchObject([{ type: 'RectificationSubmitted' }]);
  });
});

describe('the review of what is sustained', () => {
  test('says that it holds, and when to look next', () => {
    given(...sustaining)
      .when(reviewStage, by(reviewerWang))
      .then(holding.event);
    given(...sustaining)
      .when(reviewStage, by(reviewerWang, { on: '2026-12-01' }))
      .then({ ...holding.event, reviewBy: '2027-06-01' } as typeof holding.event);
  });

  test('or that it slips: then its last stage is to be done again', () => {
    given(...sustaining)
      .when(amended(reviewStage, { outcome: 'slipping', findings: '又见渗漏' }), by(reviewerWang))
      .then(slipping.event);
    expect(given(...sustaining, slipping).state).toMatchObject({ status: 'rectifying', stagesDone: 1 });
    given(...sustaining, slipping)
      .when(last, by(handlerLi))
      .then(lastStage.event);
  });

  test('is a review of the round: not by who rectified, and whoever did it does not verify', () => {
    given(...sustaining)
      .when(reviewStage, by(post('li', 'hill-office', 'reviewer')))
      .refused('case/reviewer-rectified');
    given(...sustaining, holding, attachedBefore, attachedAfter, submitted, reviewed)
      .when(recordVerification, by({ ...verifierZhao, person: 'wang' }))
      .refused('case/verifier-reviewed');
  });
});

test('a case that must hold for its whole term: planned, done, reviewed, proven, and only then struck off', () => {
  const year = [...sustaining, holding, did(reviewerSong, holding.event)];
  given(...year)
    .when(attachEvidence, by(handlerLi))
    .then(attachedBefore.event);
  const proven = [...year, attachedBefore, attachedAfter];
  expect(given(...proven).when(submitRectification, by(handlerLi, { on: LAST_DAY })).outcome).toMatchObject([
    { type: 'RectificationSubmitted' },
  ]);
  given(...proven, submitted)
    .when(passReview, by(reviewerWang))
    .then(reviewed.event);
  given(...proven, submitted, reviewed, recorded, confirmed)
    .when(closeCase, by(approverWu))
    .then({ type: 'CaseClosed', closureNumber: 'N-7', opinion: '销号' });
  expect(given(registeredSustained, assignedSustained, accepted).state.stages).toEqual([]);
});
