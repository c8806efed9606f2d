import { type CaseEvent } from '../contracts/case-events.js';
import { type DutyChanges, type DutyName } from '../contracts/deadline.js';
import { isEnd } from '../contracts/status.js';
import { type Recorded } from '../eventing/event.js';
import { afterwardsFold } from './afterwards/fold.js';
import { assignmentFold } from './assignment/fold.js';
import { type CaseState } from './case-state.js';
import { examinationFold } from './examination/fold.js';
import { type Change, EMPTY, NONE, unexamined } from './folding.js';
import { intakeFold } from './intake/fold.js';
import { oversightFold } from './oversight/fold.js';
import { rectificationFold } from './rectification/fold.js';
import { timeFold } from './time/fold.js';

export const noCase: CaseState = {
  id: '',
  status: undefined,
  endedAt: undefined,
  flags: NONE,
  basis: -1,
  round: 1,
  registration: undefined,
  children: 0,
  mergedFrom: undefined,
  adopted: false,
  visibility: 'normal',
  source: '',
  sources: [],
  finder: undefined,
  personsAtRisk: false,
  categories: [],
  divisions: [],
  severity: 'general',
  rectificationType: 'immediate',
  sourceDueOn: undefined,
  substantiation: undefined,
  checkers: NONE,
  checkerUnits: [],
  items: EMPTY,
  assigner: undefined,
  leads: [],
  coUnits: [],
  handler: undefined,
  begun: false,
  parts: EMPTY,
  lastPart: 0,
  route: [],
  closer: undefined,
  circumstances: [],
  checklist: [],
  evidence: EMPTY,
  itemEvidence: EMPTY,
  absent: NONE,
  receipts: NONE,
  dueOn: '',
  deadline: undefined,
  ceilingOn: undefined,
  duties: EMPTY,
  noted: EMPTY,
  failures: 0,
  assignedOn: undefined,
  disputeBy: undefined,
  findingRuled: false,
  plan: 'none',
  stages: [],
  stagesDone: 0,
  reviewBy: undefined,
  reports: 0,
  amountFen: undefined,
  rectifiedFen: 0,
  extensionUntil: undefined,
  extensions: 0,
  suspendedFrom: undefined,
  suspendedUntil: undefined,
  suspensionReviewBy: undefined,
  suspendedApart: false,
  suspendedDays: 0,
  stood: 0,
  returnBy: '',
  final: false,
  returns: 0,
  termination: undefined,
  lookBackAnswerBy: undefined,
  supervision: EMPTY,
  instructions: EMPTY,
  excluded: NONE,
  drawSeed: '',
  checkAll: false,
  objections: 0,
  ...unexamined,
  rectifiers: NONE,
  reviewers: NONE,
  verifiers: NONE,
  approvers: NONE,
  examiners: NONE,
  barred: NONE,
};

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

/** The state after more events: it is copied once for all of them, as it has some eighty fields. */
export function fold(state: CaseState, events: readonly Recorded<CaseEvent>[]): CaseState {
  const next = { ...state };
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
