import { describe, test } from '@jest/globals';
import {
  accepted,
  amended,
  approvePlan,
  assigned,
  attachedAfter,
  attachedBefore,
  by,
  correctProgress,
  given,
  madeSafe,
  planApproved,
  planRejected,
  planSubmitted,
  progressCorrected,
  raising,
  recordInterimSafety,
  registeredAtRisk,
  registration,
  rejectPlan,
  reported,
  reportProgress,
  did,
  requestExtension,
  returned,
  submitPlan,
  submitRectification,
  suspendCase,
  suspended,
  until,
} from '../../../test/support/cases.js';
import { submittedWhole } from '../../../test/support/examination.js';
import {
  dispatcherQian,
  handlerHe,
  handlerLi,
  post,
  registrarGu,
  reviewerSong,
  reviewerWang,
} from '../../../test/support/province.js';

const { rectifying } = until;
const phased = [
  did(registrarGu, { ...registration, rectificationType: 'phased' as const }),
  assigned,
  accepted,
];

describe('a plan', () => {
  test('has stages one after the other, the last by the due day', () => {
    given(...rectifying)
      .when(submitPlan, by(handlerLi))
      .then(planSubmitted.event);
    const [first, second] = submitPlan.stages;
    const late = { goal: '收尾', until: '2026-10-20' };
    given(...rectifying)
      .when(amended(submitPlan, { stages: [late] }), by(handlerLi))
      .invalid('stages.0.until');
    if (!first || !second) throw new Error('the sample has two stages');
    given(...rectifying)
      .when(amended(submitPlan, { stages: [second, first] }), by(handlerLi))
      .invalid('stages.1.until');
    given(...rectifying)
      .when(amended(submitPlan, { stages: [{ goal: '拆除', until: '2026-08-31' }] }), by(handlerLi))
      .invalid('stages.0.until');
  });

  test('is approved or sent back by a reviewer who did not rectify', () => {
    given(...rectifying, planSubmitted)
      .when(approvePlan, by(reviewerWang))
      .then(planApproved.event);
    given(...rectifying, planSubmitted)
      .when(rejectPlan, by(reviewerSong))
      .then(planRejected.event);
    given(...rectifying, planSubmitted)
      .when(approvePlan, by(post('li', 'hill-office', 'reviewer')))
      .refused('case/reviewer-rectified');
  });

  test.each([
    ['that was never submitted', []],
    ['that was approved already', [planSubmitted, planApproved]],
    ['that was sent back', [planSubmitted, planRejected]],
  ])('%s cannot be approved', (_, more) => {
    given(...rectifying, ...more)
      .when(approvePlan, by(reviewerWang))
      .refused('case/plan-missing');
  });

  test('is not approved while people are at risk', () => {
    given(...raising.atRisk, planSubmitted)
      .when(approvePlan, by(reviewerWang))
      .refused('case/flag-atRisk');
    given(...raising.atRisk, planSubmitted)
      .when(rejectPlan, by(reviewerWang))
      .then(planRejected.event);
  });

  test('must be approved before a phased rectification is submitted, anew where a new one was submitted', () => {
    const proven = [...phased, attachedBefore, attachedAfter];
    given(...proven)
      .when(submitRectification, by(handlerLi))
      .refused('case/plan-unapproved');
    given(...proven, planSubmitted, planApproved, planSubmitted)
      .when(submitRectification, by(handlerLi))
      .refused('case/plan-unapproved');
    given(...proven, planSubmitted, planApproved)
      .when(submitRectification, by(handlerLi))
      .then(submittedWhole.event);
  });
});

describe('progress', () => {
  test('is reported by lead and co-units, counted from one', () => {
    given(...rectifying)
      .when(reportProgress, by(handlerLi))
      .then(reported.event);
    given(...rectifying, reported)
      .when(amended(reportProgress, { text: undefined, pending: undefined }), by(handlerHe))
      .then({ type: 'ProgressReported', report: 2 });
  });

  test('is corrected beside the report, which stays', () => {
    given(...rectifying, reported)
      .when(correctProgress, by(handlerLi))
      .then(progressCorrected.event);
    given(...rectifying, reported)
      .when(amended(correctProgress, { report: 2 }), by(handlerLi))
      .refused('case/report-unknown');
  });

  test('goes on being reported while the clock stands', () => {
    given(...rectifying, suspended)
      .when(reportProgress, by(handlerLi))
      .then(reported.event);
  });
});

describe('people at risk', () => {
  test('are made safe before anything else: even while a return waits', () => {
    given(registeredAtRisk, assigned).when(recordInterimSafety, by(handlerLi)).then(madeSafe.event);
    given(registeredAtRisk, assigned, returned).when(recordInterimSafety, by(handlerHe)).then(madeSafe.event);
  });

  test('stand in the way of extension and suspension until then', () => {
    const safe = [...raising.atRisk, madeSafe];
    given(...raising.atRisk)
      .when(requestExtension, by(handlerLi))
      .refused('case/flag-atRisk');
    given(...raising.atRisk)
      .when(suspendCase, by(dispatcherQian))
      .refused('case/flag-atRisk');
    given(...safe)
      .when(suspendCase, by(dispatcherQian))
      .then(suspended.event);
  });

  test('must be there, and not be safe already', () => {
    given(...rectifying)
      .when(recordInterimSafety, by(handlerLi))
      .refused('case/nobody-at-risk');
    given(...raising.atRisk, madeSafe)
      .when(recordInterimSafety, by(handlerLi))
      .refused('case/nobody-at-risk');
  });

  test('are not safe before it happened', () => {
    given(...raising.atRisk)
      .when(amended(recordInterimSafety, { doneOn: '2026-09-02' }), by(handlerLi))
      .invalid('doneOn');
  });
});
