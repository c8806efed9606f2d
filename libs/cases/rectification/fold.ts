import { placeOf, type RectificationEvent } from '../../contracts/case-events.js';
import { bearers, type CaseState, type ListedItem } from '../case-state.js';
import { filled, type Fold, less, plus, rectified, sentBack, unexamined } from '../folding.js';

function settled({ items }: CaseState, id: string, how: ListedItem['settled']): Pick<CaseState, 'items'> {
  const found = items.get(id);
  return { items: found ? new Map([...items, [id, { ...found, settled: how }]]) : items };
}

/** Who has finished needs no more time. */
const noExtension = ({ flags }: CaseState): Pick<CaseState, 'flags' | 'extensionUntil'> => ({
  flags: less(flags, 'extensionPending'),
  extensionUntil: undefined,
});

export const rectificationFold: Fold<RectificationEvent> = {
  EvidenceAttached: (state, attached, actor) => ({ ...filled(state, attached), ...rectified(state, actor) }),
  EvidenceWithdrawn: (state, { receipt }) => ({
    evidence: new Map([...state.evidence].filter(([attached]) => attached !== receipt)),
  }),
  ItemRectified: (state, { item, files = [] }, actor) => ({
    ...settled(state, item, 'rectified'),
    receipts: plus(state.receipts, ...files.map(({ receipt }) => receipt)),
    ...rectified(state, actor),
  }),
  ItemExcepted: (state, { item }, actor) => ({
    ...settled(state, item, 'excepted'),
    ...rectified(state, actor),
  }),
  EvidenceDeclaredAbsent: (state, { slot, item }, actor) => ({
    absent: plus(state.absent, placeOf(slot, item)),
    ...rectified(state, actor),
  }),
  PlanSubmitted: (state, { stages }, actor) => ({
    plan: 'submitted',
    stages,
    stagesDone: 0,
    ...rectified(state, actor),
  }),
  PlanApproved: (state, _, actor) => ({
    plan: 'approved',
    reviewers: plus(state.reviewers, ...bearers(actor)),
  }),
  PlanRejected: (state, _, actor) => ({ plan: 'none', reviewers: plus(state.reviewers, ...bearers(actor)) }),
  StageCompleted: (state, { stage, files, reviewBy }, actor) => ({
    stagesDone: stage,
    receipts: plus(state.receipts, ...files.map(({ receipt }) => receipt)),
    ...rectified(state, actor),
    ...(reviewBy !== undefined && { status: 'sustaining', reviewBy, ...noExtension(state) }),
  }),
  StageReviewed: (state, { outcome, reviewBy }, actor) => ({
    reviewers: plus(state.reviewers, ...bearers(actor)),
    reviewBy,
    // The last stage is to be completed anew.
    ...(outcome === 'slipping' && { status: 'rectifying', stagesDone: state.stages.length - 1 }),
  }),
  ProgressReported: (state, { report }, actor) => ({ reports: report, ...rectified(state, actor) }),
  ProgressCorrected: () => ({}),
  InterimSafetyRecorded: (state, _, actor) => ({
    flags: less(state.flags, 'atRisk'),
    ...rectified(state, actor),
  }),
  MoneyRectified: (state, { fen }, actor) => ({
    rectifiedFen: state.rectifiedFen + fen,
    ...rectified(state, actor),
  }),
  AmountAdjusted: (_, { amountFen }) => ({ amountFen }),
  ExtensionRequested: (state, { until }) => ({
    flags: plus(state.flags, 'extensionPending'),
    extensionUntil: until,
  }),
  DeadlineExtended: (state, { until, document }) => ({
    // What was asked for is not answered by what all are given.
    ...(document === undefined && {
      flags: less(state.flags, 'extensionPending'),
      extensionUntil: undefined,
      extensions: state.extensions + 1,
    }),
    dueOn: until,
    deadline: undefined,
  }),
  ExtensionRefused: ({ flags }) => ({
    flags: less(flags, 'extensionPending'),
    extensionUntil: undefined,
  }),
  CaseSuspended: ({ flags }, { from, until, apart = false }) => ({
    flags: plus(flags, 'suspended'),
    suspendedFrom: from,
    suspendedUntil: until,
    suspendedApart: apart,
    suspensionReviewBy: undefined,
  }),
  SuspensionReviewed: (_, { reviewBy }) => ({ suspensionReviewBy: reviewBy }),
  CaseResumed: (state, { days, dueOn }) => ({
    flags: less(state.flags, 'suspended'),
    suspendedFrom: undefined,
    suspendedUntil: undefined,
    deadline: undefined,
    suspendedDays: state.suspendedDays + (state.suspendedApart ? 0 : days),
    stood: state.stood + days,
    dueOn,
  }),
  RectificationSubmitted: (state, { evidence }, actor) => ({
    status: 'submitted',
    ...unexamined,
    evidenceHash: evidence,
    reviewBy: undefined,
    ...noExtension(state),
    ...rectified(state, actor),
  }),
  SubmissionCountersigned: (state, _, actor) => ({ countersigned: true, ...rectified(state, actor) }),
  RectificationWithdrawn: sentBack,
};
