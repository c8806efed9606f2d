import { type CaseEvent, type RouteStep, type Slot, type StepName } from '../contracts/case-events.js';
import { type RectificationType, type Severity } from '../contracts/intake.js';
import { type Status } from '../contracts/status.js';
import { type Day, type DivisionId, type PersonId, type UnitId, type Uuid } from '../contracts/values.js';
import { type Actor, type Recorded } from '../eventing/event.js';
import { type Decided } from '../eventing/handle.js';

export type Flag = 'returnPending';

type Persons = ReadonlySet<PersonId>;

/** What decisions need to know of a case, and no more. */
export interface CaseState extends Decided {
  status: Status | undefined;
  flags: ReadonlySet<Flag>;
  round: number;
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
  /** Slots with evidence of this round. */
  filled: ReadonlySet<string>;
  receipts: ReadonlySet<Uuid>;
  returnBy: Day;
  final: boolean;
  /** Returns of this round. */
  returns: number;
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

export const noCase: CaseState = {
  status: undefined,
  flags: NONE,
  basis: -1,
  round: 1,
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
  filled: NONE,
  receipts: NONE,
  returnBy: '',
  final: false,
  returns: 0,
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

type Change<T extends CaseEvent['type']> = (
  state: CaseState,
  event: Extract<CaseEvent, { type: T }>,
  actor: Actor,
) => Partial<CaseState>;

const sentBack = { status: 'rectifying', passed: NONE, recordedBy: NONE, vouched: NONE } as const;

const changes: { [T in CaseEvent['type']]: Change<T> } = {
  ProblemRegistered: (_, { categories, divisions, severity, rectificationType, sourceDueOn }) => ({
    status: 'registered',
    ...{ categories, divisions, severity, rectificationType, sourceDueOn },
  }),
  CaseAssigned: (_, { leads, coUnits, route, closer, checklist, returnBy, final }, { unit }) => ({
    status: 'assigned',
    assigner: unit,
    ...{ leads, coUnits, route, closer, checklist, returnBy, final },
  }),
  AssignmentAccepted: (state, _, actor) => ({
    status: 'rectifying',
    rectifiers: plus(state.rectifiers, ...bearers(actor)),
  }),
  AssignmentReturned: (state) => ({ flags: plus(state.flags, 'returnPending'), returns: state.returns + 1 }),
  ReturnUpheld: () => ({
    status: 'registered',
    flags: NONE,
    ...{ leads: [], coUnits: [], route: [], closer: undefined, checklist: [] },
  }),
  ReturnRejected: () => ({ flags: NONE }),
  EvidenceAttached: (state, { slot, file }, actor) => ({
    filled: plus(state.filled, slot),
    receipts: plus(state.receipts, file.receipt),
    rectifiers: plus(state.rectifiers, ...bearers(actor)),
  }),
  RectificationSubmitted: (state, _, actor) => ({
    status: 'submitted',
    passed: NONE,
    rectifiers: plus(state.rectifiers, ...bearers(actor)),
  }),
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
  CaseReopened: (state, { round, cause, leads, coUnits, route, closer, checklist }) => ({
    status: 'rectifying',
    ...{ round, leads, coUnits, route, closer, checklist },
    returns: 0,
    final: false,
    filled: NONE,
    passed: NONE,
    recordedBy: NONE,
    vouched: NONE,
    reviewers: NONE,
    verifiers: NONE,
    approvers: NONE,
    barred: cause === 'false-rectification' ? plus(state.barred, ...state.vouched) : state.barred,
  }),
};

/** Events that change what an approval would approve; a command that did not see the last of them is stale. */
const immaterial: ReadonlySet<CaseEvent['type']> = new Set<CaseEvent['type']>([
  'AssignmentAccepted',
  'AssignmentReturned',
  'ReturnUpheld',
  'ReturnRejected',
  'CaseClosed',
]);

export function evolve(state: CaseState, { event, revision, meta }: Recorded<CaseEvent>): CaseState {
  // One table entry a name: the entry found under an event's name takes that event.
  const change = changes[event.type] as Change<CaseEvent['type']>;
  const basis = immaterial.has(event.type) ? state.basis : revision;
  return { ...state, ...change(state, event, meta.actor), basis };
}
