import { type Sample } from '../../contracts/case-events.js';
import {
  ApproveClosure,
  CloseCase,
  ConfirmVerification,
  FailVerification,
  PassReview,
  RecordVerification,
  RejectClosure,
  RejectRectification,
} from '../../contracts/examination.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { isAnsweredFor, isNext, isOfRoute, ofChecklist } from './guards.js';
import { drawn, sampleSize } from './sample.js';
import { noAbsenceOpen, slotsAreFull } from '../rectification/items.js';
import { SEPARATED, separate } from '../separation.js';
import { bearers, type CaseState, deskOf, isInstructed, nextStep } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';

export const examination = phase({
  passReview: {
    command: PassReview,
    approves: true,
    refuses: [...SEPARATED.reviewer, 'case/countersign-missing'],
    roles: ['reviewer'],
    at: (state) => [deskOf(state, 'review')],
    in: ['submitted'],
    flags: ['atRisk'],
    may: (state, actor, facts) => {
      separate('reviewer', state, actor, facts);
      isAnsweredFor(state, facts);
    },
    decide: ({ opinion }, { evidenceHash: evidence }) => [{ type: 'ReviewPassed', opinion, evidence }],
  },
  rejectRectification: {
    command: RejectRectification,
    refuses: [...SEPARATED.reviewer, 'case/slot-unknown'],
    roles: ['reviewer'],
    at: (state) => [deskOf(state, 'review')],
    in: ['submitted'],
    flags: ['atRisk', 'objectionOpen'],
    may: (state, actor, facts) => {
      separate('reviewer', state, actor, facts);
    },
    decide: ({ reasons }, state) => [{ type: 'RectificationRejected', reasons: ofChecklist(reasons, state) }],
  },
  recordVerification: {
    command: RecordVerification,
    refuses: [
      ...SEPARATED.verifier,
      'case/countersign-missing',
      'case/receipt-unknown',
      'case/receipt-used',
      'case/sample-missing',
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
      isAnsweredFor(state, facts);
      if (state.recordedBy.size > 0) refuse('case/verification-recorded');
    },
    decide: ({ method, place, visitedOn, findings, photos, checked }, state, facts) => {
      const { today, uploads } = facts;
      areItems('checked', checked, state);
      if (visitedOn > today) refuse('case/verification-late');
      if (method === 'on-paper' && state.severity === 'major')
        invalid('method', 'not-on-paper', 'a major case is seen');
      if (method === 'on-site' && photos.length === 0)
        invalid('photos', 'photo-of-visit', 'a visit is shown by a photo');
      const files = photos.map((receipt) => {
        if (state.receipts.has(receipt)) refuse('case/receipt-used');
        return uploads.get(receipt) ?? refuse('case/receipt-unknown');
      });
      return [
        {
          type: 'VerificationRecorded',
          ...{ method, place, visitedOn, findings, photos: files },
          sample: sampleOf(checked, state, facts),
          evidence: state.evidenceHash,
        },
      ];
    },
  },
  confirmVerification: {
    command: ConfirmVerification,
    approves: true,
    refuses: [
      ...SEPARATED.verifier,
      'case/countersign-missing',
      'case/second-verifier-same',
      'case/verification-missing',
    ],
    roles: ['verifier'],
    at: (state) => [deskOf(state, 'verify')],
    in: ['rectified'],
    flags: ['atRisk'],
    may: (state, actor, facts) => {
      separate('verifier', state, actor, facts);
      if (state.recordedBy.size === 0) refuse('case/verification-missing');
      if (bearers(actor).some((person) => state.recordedBy.has(person))) refuse('case/second-verifier-same');
      isAnsweredFor(state, facts);
    },
    decide: (_, { evidenceHash: evidence }) => [{ type: 'VerificationConfirmed', evidence }],
  },
  failVerification: {
    command: FailVerification,
    refuses: [...SEPARATED.verifier, 'case/slot-unknown'],
    roles: ['verifier'],
    at: (state) => [deskOf(state, 'verify')],
    in: ['rectified'],
    flags: ['atRisk', 'objectionOpen'],
    may: (state, actor, facts) => {
      separate('verifier', state, actor, facts);
    },
    decide: ({ reasons, failed }, state) => {
      areItems('failed', failed, state);
      return [{ type: 'VerificationFailed', reasons: ofChecklist(reasons, state), failed }];
    },
  },
  approveClosure: {
    command: ApproveClosure,
    approves: true,
    refuses: [
      ...SEPARATED.approver,
      'case/absence-open',
      'case/countersign-missing',
      'case/not-of-route',
      'case/step-done',
    ],
    roles: ['approver'],
    at: (state) => [deskOf(state, 'approve') ?? state.closer],
    in: ['verified'],
    may: (state, actor, facts) => {
      isOfRoute('approve', state);
      separate('approver', state, actor, facts);
      isNext('approve', state);
      isAnsweredFor(state, facts);
      noAbsenceOpen(state);
    },
    decide: ({ opinion }, { evidenceHash: evidence }) => [{ type: 'ClosureApproved', opinion, evidence }],
  },
  rejectClosure: {
    command: RejectClosure,
    refuses: [...SEPARATED.approver, 'case/slot-unknown'],
    roles: ['approver'],
    at: (state) => [state.closer],
    in: ['verified'],
    flags: ['noticeRunning', 'objectionOpen', 'awaitingRecognition'],
    may: (state, actor, facts) => {
      separate('approver', state, actor, facts);
    },
    decide: ({ reasons }, state) => [{ type: 'ClosureRejected', reasons: ofChecklist(reasons, state) }],
  },
  close: {
    command: CloseCase,
    approves: true,
    refuses: [
      ...SEPARATED.closer,
      'case/absence-open',
      'case/awaits-approve',
      'case/awaits-discipline-position',
      'case/awaits-public-notice',
      'case/countersign-missing',
      'case/discipline-hold',
      'case/evidence-missing',
      'case/instruction-open',
    ],
    roles: ['approver'],
    at: (state) => [state.closer],
    in: ['verified'],
    number: { series: 'closure', owner: (caseId, { round }) => `${caseId}/${round}` },
    may: (state, actor, facts) => {
      separate('closer', state, actor, facts);
      const missing = nextStep(state);
      if (missing === 'discipline-position' && state.disciplinePosition === 'hold')
        refuse('case/discipline-hold');
      if (missing) refuse(`case/awaits-${missing}`);
      isAnsweredFor(state, facts);
      noAbsenceOpen(state);
      slotsAreFull(state, 'closing');
      if (isInstructed(state)) refuse('case/instruction-open');
    },
    decide: ({ opinion }, { evidenceHash: evidence }, { number }) => [
      { type: 'CaseClosed', closureNumber: number, opinion, evidence },
    ],
  },
});

function areItems(field: string, ids: readonly string[] | undefined, { items }: CaseState): void {
  const stranger = ids?.findIndex((id) => !items.has(id)) ?? -1;
  if (stranger >= 0) invalid(`${field}.${stranger}`, 'known-item', 'this is no item of the case');
}

/** Of a case with items those are looked at that were drawn, and as many others as anybody likes. */
function sampleOf(
  checked: readonly string[] = [],
  { items, severity, drawSeed: seed, checkAll }: CaseState,
  { register }: CaseFacts,
): Sample | undefined {
  if (items.size === 0) return undefined;
  const size = checkAll ? items.size : sampleSize(items.size, severity, register.policy.sampling);
  const lots = drawn(items.keys(), seed, size);
  if (!lots.every((id) => checked.includes(id))) refuse('case/sample-missing', { items: lots });
  return { seed, drawn: lots, checked: checked.length };
}
