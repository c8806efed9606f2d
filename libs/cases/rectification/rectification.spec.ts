import { describe, test } from '@jest/globals';
import {
  accepted,
  after,
  amended,
  another,
  assigned,
  attachedAfter,
  attachedBefore,
  attachEvidence,
  before,
  by,
  closureRejected,
  failed,
  given,
  recorded,
  registered,
  reopened,
  reviewed,
  reviewRejected,
  submitRectification,
  submitted,
  until,
  visit,
} from '../../../test/support/cases.js';
import { EVIDENCE } from '../../../test/support/examination.js';
import {
  dispatcherQian,
  handlerDuan,
  handlerHe,
  handlerLi,
  handlerXu,
  reviewerWang,
} from '../../../test/support/province.js';

const rectifying = [registered, assigned, accepted];
const proven = [...rectifying, attachedBefore, attachedAfter];
const evidence = { type: 'EvidenceAttached', slot: 'before', file: before, note: '八月拍摄' } as const;
const submission = {
  type: 'RectificationSubmitted',
  result: 'completed',
  measures: '屋面已翻修',
  completedOn: '2026-08-31',
  evidence: EVIDENCE,
} as const;

describe('attaching evidence', () => {
  test('an upload goes into a slot of the checklist, with its hash and size', () => {
    given(...rectifying)
      .when(attachEvidence, by(handlerLi))
      .then(evidence);
  });

  test('a note is left out where there is none', () => {
    given(...rectifying)
      .when(amended(attachEvidence, { note: undefined }), by(handlerLi))
      .then({ type: 'EvidenceAttached', slot: 'before', file: before });
  });

  test('co-units attach as well; nobody else does', () => {
    given(...rectifying)
      .when(attachEvidence, by(handlerHe))
      .then(evidence);
    given(...rectifying)
      .when(attachEvidence, by(reviewerWang))
      .refused('case/role');
    given(...rectifying)
      .when(attachEvidence, by(handlerDuan))
      .refused('case/unknown');
  });

  test('a slot takes more than one file', () => {
    given(...rectifying, attachedBefore)
      .when(amended(attachEvidence, { receipt: another.receipt }), by(handlerXu))
      .then({ ...evidence, file: another });
  });

  test.each(['voucher', 'constructor'])('the checklist of this case has no slot %s', (slot) => {
    given(...rectifying)
      .when(amended(attachEvidence, { slot }), by(handlerLi))
      .refused('case/slot-unknown');
  });

  test('only an upload of this person for this case', () => {
    given(...rectifying)
      .when(attachEvidence, by(handlerLi, { uploads: [after] }))
      .refused('case/receipt-unknown');
  });

  test.each([
    ['in the same slot', proven, 'before', before],
    ['in another slot', proven, 'after', before],
    ['where a verifier showed it as a photo', [...until.rectified, recorded, failed], 'after', visit],
    ['in a later round', [...until.closed, reopened], 'before', before],
  ])('no upload proves twice: %s', (_, past, slot, { receipt }) => {
    given(...past)
      .when(amended(attachEvidence, { slot, receipt }), by(handlerLi))
      .refused('case/receipt-used');
  });

  test('before accepting there is nothing to prove', () => {
    given(registered, assigned).when(attachEvidence, by(handlerLi)).refused('case/status');
  });

  test.each(['submitted', 'rectified', 'verified', 'closed'] as const)(
    'the evidence of a submission is frozen: %s',
    (status) => {
      given(...until[status])
        .when(amended(attachEvidence, { receipt: another.receipt }), by(handlerLi))
        .refused('case/status');
    },
  );

  test.each([
    ['reviewer', [...until.submitted, reviewRejected]],
    ['verifier', [...until.rectified, failed]],
    ['approver', [...until.verified, closureRejected]],
  ])('what the %s sent back is proven further', (_, past) => {
    given(...past)
      .when(amended(attachEvidence, { receipt: another.receipt }), by(handlerLi))
      .then({ ...evidence, file: another });
  });
});

describe('submitting', () => {
  test('the lead unit says that it is done, and how', () => {
    given(...proven)
      .when(submitRectification, by(handlerLi))
      .then(submission);
  });

  test('a co-unit does not submit for the lead', () => {
    given(...proven)
      .when(submitRectification, by(handlerHe))
      .refused('case/role');
    given(...proven)
      .when(submitRectification, by(dispatcherQian))
      .refused('case/role');
  });

  test('every slot of the checklist is full', () => {
    given(...rectifying)
      .when(submitRectification, by(handlerLi))
      .refused('case/evidence-missing', { slots: ['before', 'after'] });
    given(...rectifying, attachedBefore)
      .when(submitRectification, by(handlerLi))
      .refused('case/evidence-missing', { slots: ['after'] });
  });

  test('what was sent back is proven still; what was reopened is to be proven anew', () => {
    given(...until.submitted, reviewRejected)
      .when(submitRectification, by(handlerLi))
      .then(submission);
    given(...until.closed, reopened)
      .when(submitRectification, by(handlerLi))
      .refused('case/evidence-missing', { slots: ['before', 'after'] });
  });

  test('nothing is completed on a day to come', () => {
    const today = amended(submitRectification, { completedOn: '2026-09-01' });
    given(...proven)
      .when(today, by(handlerLi))
      .then({ ...submission, completedOn: '2026-09-01' });
    given(...proven)
      .when(today, by(handlerLi, { at: '2026-08-31T15:59:59.999Z' }))
      .invalid('completedOn');
  });

  test('who did not see the last evidence is stale', () => {
    given(...proven)
      .when(submitRectification, by(handlerLi, { seen: 3 }))
      .refused('case/stale', { basis: 4 });
    given(...proven)
      .when(submitRectification, by(handlerLi, { seen: 4 }))
      .then(submission);
  });

  test('it is submitted once', () => {
    given(...proven, submitted)
      .when(submitRectification, by(handlerXu))
      .refused('case/status');
    given(...proven, submitted, reviewed)
      .when(submitRectification, by(handlerXu))
      .refused('case/status');
  });
});
