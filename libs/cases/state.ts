import { type CaseEvent } from '../contracts/case-events.js';
import { type DutyChanges, type DutyName } from '../contracts/deadline.js';
import { isEnd } from '../contracts/status.js';
import { type Recorded } from '../eventing/event.js';
import { afterwardsFold } from './afterwards/fold.js';
import { assignmentFold } from './assignment/fold.js';
import { type CaseState } from './case-state.js';
import { examinationFold } from './examination/fold.js';
import { type Change, EMPTY, NONE } from './folding.js';
import { intakeFold } from './intake/fold.js';
import { oversightFold } from './oversight/fold.js';
import { rectificationFold } from './rectification/fold.js';
import { timeFold } from './time/fold.js';

/**
 * A case that is not there yet, or a copy. Each field by itself: of ninety that are spread, again and again, the engine
 * makes a new kind of object each time, at fifty times the cost.
 */
const stateOf = (from: Partial<CaseState>): CaseState => ({
  id: from.id ?? '',
  status: from.status,
  endedAt: from.endedAt,
  flags: from.flags ?? NONE,
  basis: from.basis ?? -1,
  round: from.round ?? 1,
  registration: from.registration,
  children: from.children ?? 0,
  mergedFrom: from.mergedFrom,
  adopted: from.adopted ?? false,
  visibility: from.visibility ?? 'normal',
  source: from.source ?? '',
  sources: from.sources ?? [],
  finder: from.finder,
  personsAtRisk: from.personsAtRisk ?? false,
  categories: from.categories ?? [],
  divisions: from.divisions ?? [],
  severity: from.severity ?? 'general',
  rectificationType: from.rectificationType ?? 'immediate',
  sourceDueOn: from.sourceDueOn,
  substantiation: from.substantiation,
  checkers: from.checkers ?? NONE,
  checkerUnits: from.checkerUnits ?? [],
  items: from.items ?? EMPTY,
  assigner: from.assigner,
  leads: from.leads ?? [],
  coUnits: from.coUnits ?? [],
  handler: from.handler,
  begun: from.begun ?? false,
  parts: from.parts ?? EMPTY,
  lastPart: from.lastPart ?? 0,
  route: from.route ?? [],
  closer: from.closer,
  circumstances: from.circumstances ?? [],
  checklist: from.checklist ?? [],
  evidence: from.evidence ?? EMPTY,
  itemEvidence: from.itemEvidence ?? EMPTY,
  absent: from.absent ?? NONE,
  receipts: from.receipts ?? NONE,
  dueOn: from.dueOn ?? '',
  deadline: from.deadline,
  ceilingOn: from.ceilingOn,
  duties: from.duties ?? EMPTY,
  noted: from.noted ?? EMPTY,
  failures: from.failures ?? 0,
  assignedOn: from.assignedOn,
  disputeBy: from.disputeBy,
  findingRuled: from.findingRuled ?? false,
  plan: from.plan ?? 'none',
  stages: from.stages ?? [],
  stagesDone: from.stagesDone ?? 0,
  reviewBy: from.reviewBy,
  reports: from.reports ?? 0,
  amountFen: from.amountFen,
  rectifiedFen: from.rectifiedFen ?? 0,
  extensionUntil: from.extensionUntil,
  extensions: from.extensions ?? 0,
  suspendedFrom: from.suspendedFrom,
  suspendedUntil: from.suspendedUntil,
  suspensionReviewBy: from.suspensionReviewBy,
  suspendedApart: from.suspendedApart ?? false,
  suspendedDays: from.suspendedDays ?? 0,
  stood: from.stood ?? 0,
  returnBy: from.returnBy ?? '',
  final: from.final ?? false,
  returns: from.returns ?? 0,
  termination: from.termination,
  lookBackAnswerBy: from.lookBackAnswerBy,
  supervision: from.supervision ?? EMPTY,
  instructions: from.instructions ?? EMPTY,
  excluded: from.excluded ?? NONE,
  drawSeed: from.drawSeed ?? '',
  checkAll: from.checkAll ?? false,
  objections: from.objections ?? 0,
  evidenceHash: from.evidenceHash,
  supplied: from.supplied ?? NONE,
  countersigned: from.countersigned ?? false,
  absenceAccepted: from.absenceAccepted ?? NONE,
  noticeUntil: from.noticeUntil,
  openObjections: from.openObjections ?? NONE,
  disciplinePosition: from.disciplinePosition,
  passed: from.passed ?? NONE,
  recordedBy: from.recordedBy ?? NONE,
  vouched: from.vouched ?? NONE,
  rectifiers: from.rectifiers ?? NONE,
  reviewers: from.reviewers ?? NONE,
  verifiers: from.verifiers ?? NONE,
  approvers: from.approvers ?? NONE,
  examiners: from.examiners ?? NONE,
  barred: from.barred ?? NONE,
});

export const noCase = stateOf({});

/** Events that more than one phase folds. */
type Twice<All, Seen = never> = All extends [infer First, ...infer Rest]
  ? (keyof First & Seen) | Twice<Rest, keyof First | Seen>
  : never;
type Folds = [
  typeof intakeFold,
  typeof assignmentFold,
  typeof rectificationFold,
  typeof examinationFold,
  typeof afterwardsFold,
  typeof oversightFold,
  typeof timeFold,
];

/** Of two entries for an event the first would be lost without a word: such an event does not compile. */
const changes: { readonly [T in CaseEvent['type']]: T extends Twice<Folds> ? never : Change<T> } = {
  ...intakeFold,
  ...assignmentFold,
  ...rectificationFold,
  ...examinationFold,
  ...afterwardsFold,
  ...oversightFold,
  ...timeFold,
};

export function dutiesAfter(
  standing: CaseState['duties'],
  { begin = {}, end = [] }: DutyChanges,
): CaseState['duties'] {
  const duties = new Map(standing);
  for (const name of end) duties.delete(name);
  for (const [name, duty] of Object.entries(begin)) duties.set(name as DutyName, duty);
  return duties;
}

const endOf = ({ status }: CaseState, { event, meta }: Recorded<CaseEvent>): string | undefined => {
  if (status === undefined || !isEnd(status)) return undefined;
  return (event.type === 'CaseAdopted' ? event.stated.closedOn : undefined) ?? meta.recordedAt;
};

/** Events that change nothing of what an approval would approve: a command that did not see them is not stale. */
const immaterial: ReadonlySet<CaseEvent['type']> = new Set<CaseEvent['type']>([
  'AssignmentAccepted',
  'AssignmentDeemedAccepted',
  'AssignmentReturned',
  'ReturnUpheld',
  'ReturnRejected',
  'FindingDisputed',
  'FindingUpheld',
  'HandlerNamed',
  'PartAccepted',
  'PartReturned',
  'PartPassed',
  'PartRejected',
  'ProgressReported',
  'ProgressCorrected',
  'InterimSafetyRecorded',
  'ExtensionRequested',
  'DeadlineExtended',
  'ExtensionRefused',
  'CaseSuspended',
  'CaseResumed',
  'SuspensionReviewed',
  'SubmissionCountersigned',
  'ReviewEscalated',
  'PublicNoticeEnded',
  'CaseClosed',
  'CaseMerged',
  'MergeUndone',
  'SupervisionIssued',
  'SupervisionLifted',
  'InstructionRecorded',
  'InstructionAnswered',
  'AnswerAccepted',
  'AnswerRejected',
  'PersonExcluded',
  'ExclusionLifted',
  'DeadlinePassed',
  'DeadlineMoved',
  'CallbackRecorded',
  'AccountabilityRecorded',
  'VisibilityChanged',
  'RetentionEnded',
]);

/** The state after one more event. */
export const evolve = (state: CaseState, recorded: Recorded<CaseEvent>): CaseState => fold(state, [recorded]);

/** The state after more events: it is copied once for all of them. */
export function fold(state: CaseState, events: readonly Recorded<CaseEvent>[]): CaseState {
  const next = stateOf(state);
  for (const recorded of events) step(next, recorded);
  return next;
}

function step(state: CaseState, recorded: Recorded<CaseEvent>): void {
  const { stream, event, revision, meta } = recorded;
  // One table entry a name: the entry found under an event's name takes that event.
  const change = changes[event.type] as Change<CaseEvent['type']>;
  const { status } = state;
  Object.assign(state, change(state, event, meta.actor, recorded));
  if (state.status !== status) state.endedAt = endOf(state, recorded);
  if (event.duties) state.duties = dutiesAfter(state.duties, event.duties);
  if (!immaterial.has(event.type)) state.basis = revision;
  state.id = stream.slice('case-'.length);
}
