import { type CaseEvent, type RouteStep, type Slot, type StepName } from '../contracts/case-events.js';
import { type RectificationType, type Severity } from '../contracts/intake.js';
import { type Status } from '../contracts/status.js';
import { type Day, type DivisionId, type PersonId, type UnitId, type Uuid } from '../contracts/values.js';
import { type Actor, type Recorded } from '../eventing/event.js';
import { type Decided } from '../eventing/handle.js';

export const FLAGS = ['returnPending', 'extensionPending', 'suspended', 'atRisk'] as const;
export type Flag = (typeof FLAGS)[number];

type Persons = ReadonlySet<PersonId>;

/** A leader's instruction: who carries it out, which unit gave it, how it stands. */
export interface Instruction {
  lead: UnitId;
  by: UnitId;
  standing: 'open' | 'answered' | 'accepted';
}

export type Registration = Omit<Extract<CaseEvent, { type: 'ProblemRegistered' }>, 'type'>;

/** What decisions need to know of a case, and no more. */
export interface CaseState extends Decided {
  status: Status | undefined;
  flags: ReadonlySet<Flag>;
  round: number;
  /** What was registered, as corrected and classified since. */
  registration: Registration | undefined;
  /** Code of its kind of source. */
  source: string;
  /** Unit that registered it. */
  finder: UnitId | undefined;
  personsAtRisk: boolean;
  categories: readonly string[];
  divisions: readonly DivisionId[];
  severity: Severity;
  rectificationType: RectificationType;
  sourceDueOn: Day | undefined;
  assigner: UnitId | undefined;
  leads: readonly UnitId[];
  coUnits: readonly UnitId[];
  route: readonly RouteStep[];
  closer: UnitId | undefined;
  checklist: readonly Slot[];
  /** Evidence of this round that was not withdrawn, and the slot of each. */
  evidence: ReadonlyMap<Uuid, string>;
  /** Uploads that were ever used in the case. */
  receipts: ReadonlySet<Uuid>;
  dueOn: Day;
  plan: 'none' | 'submitted' | 'approved';
  /** Reports of progress so far. */
  reports: number;
  /** In fen: in question, and put right of it. */
  amountFen: number | undefined;
  rectifiedFen: number;
  /** The day that was asked for. */
  extensionUntil: Day | undefined;
  /** Extensions granted in this round. */
  extensions: number;
  /** Since when it is suspended. */
  suspendedFrom: Day | undefined;
  /** Whether the days of this suspension are not counted with the others. */
  suspendedApart: boolean;
  /** Working days that it was suspended in this round, but for those apart. */
  suspendedDays: number;
  returnBy: Day;
  final: boolean;
  /** Returns of this round. */
  returns: number;
  /** Rungs that stand in this round. */
  supervision: ReadonlySet<string>;
  /** By number. */
  instructions: ReadonlyMap<number, Instruction>;
  /** To whom the case does not exist. */
  excluded: Persons;
  /** Steps passed since the standing submission. */
  passed: ReadonlySet<StepName>;
  /** Who recorded the verification that waits for its second person. */
  recordedBy: Persons;
  /** Whoever verified or approved the standing submission. */
  vouched: Persons;
  /** Whoever rectified for a responsible unit, in any round. */
  rectifiers: Persons;
  /** Whoever acted in this round, passing or rejecting. */
  reviewers: Persons;
  verifiers: Persons;
  approvers: Persons;
  /** Whoever verified or approved what turned out false. */
  barred: Persons;
}

const NONE: ReadonlySet<never> = new Set<never>();
const NO_EVIDENCE: ReadonlyMap<Uuid, string> = new Map();
const NO_INSTRUCTIONS: CaseState['instructions'] = new Map();

export const noCase: CaseState = {
  status: undefined,
  flags: NONE,
  basis: -1,
  round: 1,
  registration: undefined,
  source: '',
  finder: undefined,
  personsAtRisk: false,
  categories: [],
  divisions: [],
  severity: 'general',
  rectificationType: 'immediate',
  sourceDueOn: undefined,
  assigner: undefined,
  leads: [],
  coUnits: [],
  route: [],
  closer: undefined,
  checklist: [],
  evidence: NO_EVIDENCE,
  receipts: NONE,
  dueOn: '',
  plan: 'none',
  reports: 0,
  amountFen: undefined,
  rectifiedFen: 0,
  extensionUntil: undefined,
  extensions: 0,
  suspendedFrom: undefined,
  suspendedApart: false,
  suspendedDays: 0,
  returnBy: '',
  final: false,
  returns: 0,
  supervision: NONE,
  instructions: NO_INSTRUCTIONS,
  excluded: NONE,
  passed: NONE,
  recordedBy: NONE,
  vouched: NONE,
  rectifiers: NONE,
  reviewers: NONE,
  verifiers: NONE,
  approvers: NONE,
  barred: NONE,
};

/** Whoever an act counts for: a delegate inherits the limits of who they stand in for. */
export function bearers(actor: Actor): PersonId[] {
  return actor.onBehalfOf === undefined ? [actor.person] : [actor.person, actor.onBehalfOf];
}

/** The first step of the route that has not been passed. */
export function nextStep(state: CaseState): StepName | undefined {
  return state.route.find(({ step }) => !state.passed.has(step))?.step;
}

export function deskOf(state: CaseState, step: StepName): UnitId | undefined {
  return state.route.find((one) => one.step === step)?.unit;
}

function plus<T>(set: ReadonlySet<T>, ...more: T[]): ReadonlySet<T> {
  return more.every((one) => set.has(one)) ? set : new Set([...set, ...more]);
}

function less<T>(set: ReadonlySet<T>, ...gone: T[]): ReadonlySet<T> {
  return gone.some((one) => set.has(one)) ? new Set([...set].filter((one) => !gone.includes(one))) : set;
}

function standing(
  { instructions }: CaseState,
  n: number,
  now: Instruction['standing'],
): Pick<CaseState, 'instructions'> {
  const found = instructions.get(n);
  return {
    instructions: found ? new Map([...instructions, [n, { ...found, standing: now }]]) : instructions,
  };
}

type Change<T extends CaseEvent['type']> = (
  state: CaseState,
  event: Extract<CaseEvent, { type: T }>,
  actor: Actor,
) => Partial<CaseState>;

const sentBack = { status: 'rectifying', passed: NONE, recordedBy: NONE, vouched: NONE } as const;

/** Whoever acts for a responsible unit is a rectifier from then on. */
const rectified = (state: CaseState, actor: Actor): Pick<CaseState, 'rectifiers'> => ({
  rectifiers: plus(state.rectifiers, ...bearers(actor)),
});

const changes: { [T in CaseEvent['type']]: Change<T> } = {
  ProblemRegistered: (__, { type: _, ...registration }, { unit }) => {
    const { categories, divisions, severity, rectificationType, sourceDueOn, ...event } = registration;
    return {
      registration,
      status: 'registered',
      ...{ categories, divisions, severity, rectificationType, sourceDueOn },
      source: event.source.code,
      finder: unit,
      personsAtRisk: event.personsAtRisk,
      amountFen: event.amountFen,
      flags: event.personsAtRisk ? new Set(['atRisk'] as const) : NONE,
    };
  },
  CaseAssigned: (_, { leads, coUnits, dueOn, route, closer, checklist, returnBy, final }, { unit }) => ({
    status: 'assigned',
    assigner: unit,
    ...{ leads, coUnits, dueOn, route, closer, checklist, returnBy, final },
  }),
  AssignmentAccepted: (state, _, actor) => ({ status: 'rectifying', ...rectified(state, actor) }),
  AssignmentReturned: (state) => ({ flags: plus(state.flags, 'returnPending'), returns: state.returns + 1 }),
  ReturnUpheld: ({ flags }) => ({
    status: 'registered',
    flags: less(flags, 'returnPending'),
    ...{ leads: [], coUnits: [], route: [], closer: undefined, checklist: [] },
  }),
  ReturnRejected: ({ flags }) => ({ flags: less(flags, 'returnPending') }),
  EvidenceAttached: (state, { slot, file }, actor) => ({
    evidence: new Map([...state.evidence, [file.receipt, slot]]),
    receipts: plus(state.receipts, file.receipt),
    ...rectified(state, actor),
  }),
  EvidenceWithdrawn: (state, { receipt }) => ({
    evidence: new Map([...state.evidence].filter(([attached]) => attached !== receipt)),
  }),
  PlanSubmitted: (state, _, actor) => ({ plan: 'submitted', ...rectified(state, actor) }),
  PlanApproved: (state, _, actor) => ({
    plan: 'approved',
    reviewers: plus(state.reviewers, ...bearers(actor)),
  }),
  PlanRejected: (state, _, actor) => ({ plan: 'none', reviewers: plus(state.reviewers, ...bearers(actor)) }),
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
  DeadlineExtended: (state, { until }) => ({
    flags: less(state.flags, 'extensionPending'),
    extensionUntil: undefined,
    extensions: state.extensions + 1,
    dueOn: until,
  }),
  ExtensionRefused: ({ flags }) => ({
    flags: less(flags, 'extensionPending'),
    extensionUntil: undefined,
  }),
  CaseSuspended: ({ flags }, { from, apart = false }) => ({
    flags: plus(flags, 'suspended'),
    suspendedFrom: from,
    suspendedApart: apart,
  }),
  CaseResumed: (state, { days, dueOn }) => ({
    flags: less(state.flags, 'suspended'),
    suspendedFrom: undefined,
    suspendedDays: state.suspendedDays + (state.suspendedApart ? 0 : days),
    dueOn,
  }),
  RectificationSubmitted: (state, _, actor) => ({
    status: 'submitted',
    passed: NONE,
    // Who has finished needs no more time.
    flags: less(state.flags, 'extensionPending'),
    extensionUntil: undefined,
    ...rectified(state, actor),
  }),
  RectificationWithdrawn: () => sentBack,
  ReviewPassed: (state, _, actor) => ({
    status: 'rectified',
    passed: plus(state.passed, 'review'),
    reviewers: plus(state.reviewers, ...bearers(actor)),
  }),
  RectificationRejected: (state, _, actor) => ({
    ...sentBack,
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
    flags: less(state.flags, 'atRisk'),
    passed: plus(state.passed, 'verify'),
    recordedBy: NONE,
    vouched: plus(state.vouched, ...bearers(actor)),
    verifiers: plus(state.verifiers, ...bearers(actor)),
  }),
  VerificationFailed: (state, _, actor) => ({
    ...sentBack,
    verifiers: plus(state.verifiers, ...bearers(actor)),
  }),
  ClosureApproved: (state, _, actor) => ({
    passed: plus(state.passed, 'approve'),
    vouched: plus(state.vouched, ...bearers(actor)),
    approvers: plus(state.approvers, ...bearers(actor)),
  }),
  ClosureRejected: (state, _, actor) => ({
    ...sentBack,
    approvers: plus(state.approvers, ...bearers(actor)),
  }),
  CaseClosed: () => ({ status: 'closed' }),
  CaseReopened: (state, { round, cause, leads, coUnits, dueOn, route, closer, checklist }) => ({
    status: 'rectifying',
    ...{ round, leads, coUnits, dueOn, route, closer, checklist },
    returns: 0,
    final: false,
    evidence: NO_EVIDENCE,
    plan: 'none',
    extensions: 0,
    suspendedDays: 0,
    supervision: NONE,
    passed: NONE,
    recordedBy: NONE,
    vouched: NONE,
    reviewers: NONE,
    verifiers: NONE,
    approvers: NONE,
    barred: cause === 'false-rectification' ? plus(state.barred, ...state.vouched) : state.barred,
  }),
  SupervisionIssued: ({ supervision }, { rung }) => ({ supervision: plus(supervision, rung) }),
  SupervisionLifted: ({ supervision }, { rung }) => ({ supervision: less(supervision, rung) }),
  InstructionRecorded: ({ instructions }, { instruction, lead }, { unit }) => ({
    instructions: new Map([...instructions, [instruction, { lead, by: unit, standing: 'open' }]]),
  }),
  InstructionAnswered: (state, { instruction }) => standing(state, instruction, 'answered'),
  AnswerAccepted: (state, { instruction }) => standing(state, instruction, 'accepted'),
  AnswerRejected: (state, { instruction }) => standing(state, instruction, 'open'),
  PersonExcluded: ({ excluded }, { person }) => ({ excluded: plus(excluded, person) }),
};

/** Events that change what an approval would approve; a command that did not see the last of them is stale. */
const immaterial: ReadonlySet<CaseEvent['type']> = new Set<CaseEvent['type']>([
  'AssignmentAccepted',
  'AssignmentReturned',
  'ReturnUpheld',
  'ReturnRejected',
  'ProgressReported',
  'ProgressCorrected',
  'InterimSafetyRecorded',
  'ExtensionRequested',
  'DeadlineExtended',
  'ExtensionRefused',
  'CaseSuspended',
  'CaseResumed',
  'CaseClosed',
  'SupervisionIssued',
  'SupervisionLifted',
  'InstructionRecorded',
  'InstructionAnswered',
  'AnswerAccepted',
  'AnswerRejected',
  'PersonExcluded',
]);

export function evolve(state: CaseState, { event, revision, meta }: Recorded<CaseEvent>): CaseState {
  // One table entry a name: the entry found under an event's name takes that event.
  const change = changes[event.type] as Change<CaseEvent['type']>;
  const basis = immaterial.has(event.type) ? state.basis : revision;
  return { ...state, ...change(state, event, meta.actor), basis };
}
