import { type StepName } from '../contracts/case-events.js';
import {
  ApproveClosure,
  CloseCase,
  ConfirmVerification,
  FailVerification,
  PassReview,
  RecordVerification,
  RejectClosure,
  RejectRectification,
  type Shortcoming,
} from '../contracts/examination.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { SEPARATED, separate } from './separation.js';
import { bearers, type CaseState, deskOf, isInstructed, nextStep } from './state.js';
import { phase } from './table.js';

export const examination = phase({
  passReview: {
    command: PassReview,
    refuses: [...SEPARATED.reviewer, 'case/awaits-verify', 'case/step-done'],
    roles: ['reviewer'],
    at: (state) => [deskOf(state, 'review')],
    in: ['submitted'],
    flags: ['atRisk'],
    may: (state, actor, facts) => {
      separate('reviewer', state, actor, facts);
      isNext('review', state);
    },
    decide: ({ opinion }) => [{ type: 'ReviewPassed', opinion }],
  },
  rejectRectification: {
    command: RejectRectification,
    refuses: [...SEPARATED.reviewer, 'case/slot-unknown'],
    roles: ['reviewer'],
    at: (state) => [deskOf(state, 'review')],
    in: ['submitted'],
    flags: ['atRisk'],
    may: (state, actor, facts) => {
      separate('reviewer', state, actor, facts);
    },
    decide: ({ reasons }, state) => [{ type: 'RectificationRejected', reasons: ofChecklist(reasons, state) }],
  },
  recordVerification: {
    command: RecordVerification,
    refuses: [
      ...SEPARATED.verifier,
      'case/awaits-approve',
      'case/awaits-review',
      'case/receipt-unknown',
      'case/receipt-used',
      'case/step-done',
      'case/verification-late',
      'case/verification-recorded',
    ],
    roles: ['verifier'],
    at: (state) => [deskOf(state, 'verify')],
    in: ['rectified'],
    flags: ['atRisk'],
    uploads: ({ photos }) => photos,
    may: (state, actor, facts) => {
      separate('verifier', state, actor, facts);
      isNext('verify', state);
      if (state.recordedBy.size > 0) refuse('case/verification-recorded');
    },
    decide: ({ method, place, visitedOn, findings, photos }, state, { today, uploads }) => {
      if (visitedOn > today) refuse('case/verification-late');
      if (method === 'on-paper' && state.severity === 'major')
        invalid('method', 'not-on-paper', 'a major case is seen');
      if (method === 'on-site' && photos.length === 0)
        invalid('photos', 'photo-of-visit', 'a visit is shown by a photo');
      const files = photos.map((receipt) => {
        if (state.receipts.has(receipt)) refuse('case/receipt-used');
        return uploads.get(receipt) ?? refuse('case/receipt-unknown');
      });
      return [{ type: 'VerificationRecorded', method, place, visitedOn, findings, photos: files }];
    },
  },
  confirmVerification: {
    command: ConfirmVerification,
    refuses: [...SEPARATED.verifier, 'case/second-verifier-same', 'case/verification-missing'],
    roles: ['verifier'],
    at: (state) => [deskOf(state, 'verify')],
    in: ['rectified'],
    flags: ['atRisk'],
    may: (state, actor, facts) => {
      separate('verifier', state, actor, facts);
      if (state.recordedBy.size === 0) refuse('case/verification-missing');
      if (bearers(actor).some((person) => state.recordedBy.has(person))) refuse('case/second-verifier-same');
    },
    decide: () => [{ type: 'VerificationConfirmed' }],
  },
  failVerification: {
    command: FailVerification,
    refuses: [...SEPARATED.verifier, 'case/slot-unknown'],
    roles: ['verifier'],
    at: (state) => [deskOf(state, 'verify')],
    in: ['rectified'],
    flags: ['atRisk'],
    may: (state, actor, facts) => {
      separate('verifier', state, actor, facts);
    },
    decide: ({ reasons }, state) => [{ type: 'VerificationFailed', reasons: ofChecklist(reasons, state) }],
  },
  approveClosure: {
    command: ApproveClosure,
    refuses: [
      ...SEPARATED.approver,
      'case/awaits-review',
      'case/awaits-verify',
      'case/not-of-route',
      'case/step-done',
    ],
    roles: ['approver'],
    at: (state) => [deskOf(state, 'approve') ?? state.closer],
    in: ['verified'],
    may: (state, actor, facts) => {
      if (deskOf(state, 'approve') === undefined) refuse('case/not-of-route');
      separate('approver', state, actor, facts);
      isNext('approve', state);
    },
    decide: ({ opinion }) => [{ type: 'ClosureApproved', opinion }],
  },
  rejectClosure: {
    command: RejectClosure,
    refuses: [...SEPARATED.approver, 'case/slot-unknown'],
    roles: ['approver'],
    at: (state) => [state.closer],
    in: ['verified'],
    may: (state, actor, facts) => {
      separate('approver', state, actor, facts);
    },
    decide: ({ reasons }, state) => [{ type: 'ClosureRejected', reasons: ofChecklist(reasons, state) }],
  },
  close: {
    command: CloseCase,
    refuses: [
      ...SEPARATED.closer,
      'case/awaits-approve',
      'case/awaits-review',
      'case/awaits-verify',
      'case/instruction-open',
    ],
    roles: ['approver'],
    at: (state) => [state.closer],
    in: ['verified'],
    number: { series: 'closure', owner: (caseId, { round }) => `${caseId}/${round}` },
    may: (state, actor, facts) => {
      separate('closer', state, actor, facts);
      const missing = nextStep(state);
      if (missing) refuse(`case/awaits-${missing}`);
      if (isInstructed(state)) refuse('case/instruction-open');
    },
    decide: ({ opinion }, _, { number }) => [{ type: 'CaseClosed', closureNumber: number, opinion }],
  },
});

function isNext(step: StepName, state: CaseState): void {
  if (state.passed.has(step)) refuse('case/step-done');
  const next = nextStep(state);
  if (next !== undefined && next !== step) refuse(`case/awaits-${next}`);
}

/** Reasons for sending back are tied to the checklist, so that whoever mends it knows where. */
function ofChecklist(reasons: readonly Shortcoming[], { checklist }: CaseState): Shortcoming[] {
  return reasons.map(({ slot, reason }) => {
    if (!checklist.some(({ id }) => id === slot)) refuse('case/slot-unknown');
    return { slot, reason };
  });
}
