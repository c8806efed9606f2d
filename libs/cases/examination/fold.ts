import { type ExaminationEvent, placeOf, type StepName } from '../../contracts/case-events.js';
import { type Shortcoming } from '../../contracts/examination.js';
import { bearers, type CaseState } from '../case-state.js';
import {
  examinersOf,
  filled,
  type Fold,
  less,
  NONE,
  plus,
  rectified,
  sentBack,
  stepping,
  unsettled,
  without,
} from '../folding.js';

/** Items that turned out not to be put right are to be settled again. */
function opened({ items }: CaseState, failed: readonly string[]): CaseState['items'] {
  if (failed.length === 0) return items;
  return new Map([...items].map(([id, item]) => [id, failed.includes(id) ? unsettled(item) : item]));
}

/** What was shown of items that are not put right: it is to be shown again, and with other files in the slots at fault. */
function disproved(
  state: CaseState,
  failed: readonly string[],
  reasons: readonly Shortcoming[],
): Pick<CaseState, 'evidence' | 'receipts'> {
  const gone = [...state.evidence].filter(([receipt]) =>
    failed.includes(state.itemEvidence.get(receipt) ?? ''),
  );
  const sound = gone.filter(([, { slot }]) => !reasons.some((reason) => reason.slot === slot));
  return without(
    state,
    new Set(gone.map(([receipt]) => receipt)),
    sound.map(([receipt]) => receipt),
  );
}

/** An objection has its ruling. */
function ruled({ flags, openObjections }: CaseState, objection: number): Partial<CaseState> {
  const open = less(openObjections, objection);
  return { openObjections: open, flags: open.size > 0 ? flags : less(flags, 'objectionOpen') };
}

export const examinationFold: Fold<ExaminationEvent> = {
  ReviewEscalated: ({ route }, { unit, level }) => ({
    route: route.map((one) => (one.step === 'review' ? { ...one, unit, level } : one)),
  }),
  ReviewPassed: (state, _, actor, { id, meta }) => ({
    status: 'rectified',
    // By then nobody can take the submission back and hand it in again until the draw suits them; and the instant at
    // which an act is recorded nobody chooses.
    drawSeed: `${id}@${meta.recordedAt}`,
    passed: plus(state.passed, 'review'),
    reviewers: plus(state.reviewers, ...bearers(actor)),
  }),
  RectificationRejected: (state, _, actor) => ({
    ...sentBack(state),
    reviewers: plus(state.reviewers, ...bearers(actor)),
  }),
  VerificationRecorded: (state, { photos }, actor) => ({
    recordedBy: new Set(bearers(actor)),
    vouched: plus(state.vouched, ...bearers(actor)),
    receipts: plus(state.receipts, ...photos.map(({ receipt }) => receipt)),
    verifiers: plus(state.verifiers, ...bearers(actor)),
  }),
  VerificationConfirmed: (state, _, actor) => ({
    status: 'verified',
    // Seen on the spot by two: the danger is gone.
    ...stepping({ ...state, flags: less(state.flags, 'atRisk') }, plus(state.passed, 'verify')),
    recordedBy: NONE,
    vouched: plus(state.vouched, ...bearers(actor)),
    verifiers: plus(state.verifiers, ...bearers(actor)),
  }),
  VerificationFailed: (state, { reasons, failed = [] }, actor) => ({
    ...sentBack(state),
    ...disproved({ ...state, ...sentBack(state) }, failed, reasons),
    items: opened(state, failed),
    checkAll: true,
    failures: state.failures + 1,
    verifiers: plus(state.verifiers, ...bearers(actor)),
  }),
  EvidenceSupplied: (state, supplied, actor) => ({
    ...filled(state, supplied),
    evidenceHash: supplied.evidence,
    supplied: plus(state.supplied, supplied.file.receipt),
    ...(actor.role === 'handler' && rectified(state, actor)),
  }),
  AbsenceAccepted: (state, { slot, item }, actor) => ({
    absenceAccepted: plus(state.absenceAccepted, placeOf(slot, item)),
    vouched: plus(state.vouched, ...bearers(actor)),
    approvers: plus(state.approvers, ...bearers(actor)),
  }),
  ClosureApproved: (state, _, actor) => ({
    ...stepping(state, plus(state.passed, 'approve')),
    vouched: plus(state.vouched, ...bearers(actor)),
    approvers: plus(state.approvers, ...bearers(actor)),
  }),
  ClosureRejected: (state, _, actor) => ({
    ...sentBack(state),
    failures: state.failures + 1,
    approvers: plus(state.approvers, ...bearers(actor)),
  }),
  PublicNoticeStarted: ({ flags }, { until }) => ({
    flags: plus(flags, 'noticeRunning'),
    noticeUntil: until,
  }),
  PublicNoticeEnded: (state) =>
    stepping({ ...state, flags: less(state.flags, 'noticeRunning') }, plus(state.passed, 'public-notice')),
  ObjectionRaised: ({ flags, openObjections }, { objection }) => ({
    flags: plus(flags, 'objectionOpen'),
    objections: objection,
    openObjections: plus(openObjections, objection),
  }),
  ObjectionDismissed: (state, { objection }) => ruled(state, objection),
  ObjectionUpheld: sentBack,
  DisciplinePositionStated: (state, { position }) => ({
    disciplinePosition: position,
    ...stepping(
      state,
      (position === 'hold' ? less<StepName> : plus<StepName>)(state.passed, 'discipline-position'),
    ),
  }),
  RecognitionRecorded: (state, { result }) =>
    result === 'recognised' ? stepping(state, plus(state.passed, 'recognition')) : sentBack(state),
  CaseClosed: (state, _, actor) => ({
    status: 'closed',
    vouched: plus(state.vouched, ...bearers(actor)),
    examiners: plus(examinersOf(state), ...bearers(actor)),
  }),
};
