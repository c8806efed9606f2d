import { type CaseEvent, type RouteStep } from '../contracts/case-events.js';
import { type LedgerRow } from '../contracts/ledger.js';
import { type PersonId, type UnitId } from '../contracts/values.js';
import { type Recorded } from '../eventing/event.js';

/** A row, and what the next rows need besides what is shown. */
export type Row = LedgerRow & {
  assigner: UnitId | null;
  route: RouteStep[];
  closer: UnitId | null;
  excluded: PersonId[];
  /** With whom a case that is merged lay before. */
  heldBefore: UnitId[];
};

type Change<T extends CaseEvent['type']> = (row: Row, event: Extract<CaseEvent, { type: T }>) => Partial<Row>;
type Later = Exclude<CaseEvent['type'], 'ProblemRegistered'>;

const desk = ({ route }: Pick<Row, 'route'>, step: RouteStep['step']): UnitId[] =>
  route.filter((one) => one.step === step).map(({ unit }) => unit);

/** The desk that a verified case lies at: who approves, then who closes. */
const closing = (row: Row): UnitId[] => (row.closer === null ? [] : [row.closer]);

const without = ({ flags }: Row, flag: string): string[] => flags.filter((one) => one !== flag);

const sentBack = (row: Row): Partial<Row> => ({
  status: 'rectifying',
  verification: null,
  verifiedAt: null,
  heldBy: row.leads,
});

const changes: { [T in Later]: Change<T> } = {
  CaseSplit: (row) => ({
    status: 'split',
    flags: [],
    // All of it stands in the rows of the parts now, but for the money that was put right.
    weight: 0,
    amountFen: row.amountFen === null ? null : row.rectifiedFen,
    heldBy: [],
  }),
  ResidualSplit: (row, { child }) => ({
    weight: row.weight - child.weight,
    amountFen: row.amountFen === null ? null : row.amountFen - (child.amountFen ?? 0),
  }),
  CaseMerged: (row, { into }) => ({
    status: 'merged',
    mergedInto: into,
    heldBy: [],
    heldBefore: row.heldBy,
  }),
  CaseAbsorbed: (row, { from, sources, atRisk, limits }) => ({
    absorbed: [...row.absorbed, from],
    sources: [...row.sources, ...sources],
    excluded: [...new Set([...row.excluded, ...limits.excluded])],
    ...(atRisk && { personsAtRisk: true, flags: [...without(row, 'atRisk'), 'atRisk'] }),
  }),
  MergeUndone: (row, { status }) => ({
    status,
    mergedInto: null,
    heldBy: row.heldBefore,
    heldBefore: [],
  }),
  CaseAssigned: (row, { leads, coUnits, requirement, letter, dueOn, route, closer }) => ({
    status: 'assigned',
    ...{ leads, coUnits, requirement, letter, dueOn, route, closer },
    heldBy: leads,
  }),
  AssignmentAccepted: () => ({ status: 'rectifying' }),
  AssignmentReturned: (row) => ({
    returns: row.returns + 1,
    flags: [...row.flags, 'returnPending'],
    heldBy: assigning(row),
  }),
  ReturnUpheld: (row) => ({
    status: 'registered',
    flags: without(row, 'returnPending'),
    ...{ leads: [], coUnits: [], requirement: null, letter: null, dueOn: null, route: [], closer: null },
    heldBy: assigning(row),
  }),
  ReturnRejected: (row) => ({ flags: without(row, 'returnPending'), heldBy: row.leads }),
  EvidenceAttached: (row) => ({ evidence: row.evidence + 1 }),
  EvidenceWithdrawn: (row) => ({ evidence: row.evidence - 1 }),
  PlanSubmitted: () => ({}),
  PlanApproved: () => ({}),
  PlanRejected: () => ({}),
  ProgressReported: (_, { report, text, pending }) => ({
    reports: report,
    progress: text ?? '',
    pending: pending ?? null,
  }),
  ProgressCorrected: ({ reports }, { report, text }) => (report === reports ? { progress: text } : {}),
  InterimSafetyRecorded: (row) => ({ flags: without(row, 'atRisk') }),
  MoneyRectified: (row, { fen }) => ({ rectifiedFen: row.rectifiedFen + fen }),
  AmountAdjusted: (_, { amountFen }) => ({ amountFen }),
  ExtensionRequested: (row) => ({ flags: [...row.flags, 'extensionPending'] }),
  DeadlineExtended: (row, { until }) => ({
    flags: without(row, 'extensionPending'),
    extensions: row.extensions + 1,
    dueOn: until,
  }),
  ExtensionRefused: (row) => ({ flags: without(row, 'extensionPending') }),
  CaseSuspended: (row, { until }) => ({ flags: [...row.flags, 'suspended'], suspendedUntil: until }),
  CaseResumed: (row, { dueOn }) => ({ flags: without(row, 'suspended'), suspendedUntil: null, dueOn }),
  RectificationSubmitted: (row, { measures, completedOn }) => ({
    status: 'submitted',
    flags: without(row, 'extensionPending'),
    verification: null,
    verifiedAt: null,
    ...{ measures, completedOn },
    heldBy: desk(row, 'review'),
  }),
  RectificationWithdrawn: sentBack,
  ReviewPassed: (row) => ({ status: 'rectified', heldBy: desk(row, 'verify') }),
  RectificationRejected: sentBack,
  VerificationRecorded: () => ({}),
  VerificationConfirmed: (row) => ({
    status: 'verified',
    flags: without(row, 'atRisk'),
    verification: 'passed',
    heldBy: closing(row),
  }),
  VerificationFailed: (row) => ({ ...sentBack(row), verification: 'failed' }),
  ClosureApproved: () => ({}),
  ClosureRejected: sentBack,
  CaseClosed: (_, { closureNumber }) => ({ status: 'closed', closureNumber, heldBy: [] }),
  CaseReopened: (row, { round, cause, leads, coUnits, dueOn, route, closer }) => ({
    status: 'rectifying',
    ...{ round, leads, coUnits, dueOn, route, closer },
    reopened: row.reopened + 1,
    reopenCause: cause,
    evidence: 0,
    extensions: 0,
    supervision: [],
    progress: null,
    pending: null,
    measures: null,
    completedOn: null,
    verification: null,
    verifiedAt: null,
    closedAt: null,
    closureNumber: null,
    heldBy: leads,
  }),
  SupervisionIssued: (row, { rung }) => ({ supervision: [...row.supervision, rung] }),
  SupervisionLifted: (row, { rung }) => ({ supervision: row.supervision.filter((one) => one !== rung) }),
  InstructionRecorded: (row) => ({ openInstructions: row.openInstructions + 1 }),
  InstructionAnswered: () => ({}),
  AnswerAccepted: (row) => ({ openInstructions: row.openInstructions - 1 }),
  AnswerRejected: () => ({}),
  PersonExcluded: (row, { person }) => ({ excluded: [...row.excluded, person] }),
};

const assigning = ({ assigner }: Row): UnitId[] => (assigner === null ? [] : [assigner]);

/** The row after an event. Pure; never judges. */
export function foldRow(row: Row | undefined, recorded: Recorded<CaseEvent>, ordinal: number): Row {
  return { ...(row as Row), ...changeOf(row, recorded, ordinal) };
}

/** What an event changes of the row: all of it, where it is the registration. */
export function changeOf(row: Row | undefined, recorded: Recorded<CaseEvent>, ordinal: number): Partial<Row> {
  const { event, revision, meta } = recorded;
  if (event.type === 'ProblemRegistered') return registered(recorded, event, ordinal);
  if (!row) throw new Error(`${event.type} stands before the registration`);
  // One table entry a name: the entry found under an event's name takes that event.
  const changed = (changes[event.type] as Change<Later>)(row, event);
  const at = meta.recordedAt;
  const moved = changed.heldBy !== undefined && changed.heldBy.join() !== row.heldBy.join();
  return {
    ...changed,
    ...(event.type === 'CaseAssigned' && { assigner: meta.actor.unit }),
    ...((event.type === 'VerificationConfirmed' || event.type === 'VerificationFailed') && {
      verifiedAt: at,
    }),
    ...(event.type === 'CaseClosed' && { closedAt: at }),
    ...(moved && { heldSince: at }),
    changedAt: at,
    revision,
  };
}

function registered(
  { stream, revision, meta }: Recorded,
  event: Extract<CaseEvent, { type: 'ProblemRegistered' }>,
  ordinal: number,
): Row {
  const { source, location } = event;
  return {
    id: stream.slice('case-'.length),
    revision,
    seq: ordinal,
    caseNumber: event.caseNumber,
    source: source.code,
    sources: [source, ...(event.furtherSources ?? [])],
    sourceDocument: source.document ?? null,
    sourceLine: source.line ?? null,
    sourcePart: source.part ?? null,
    intakeNumber: event.intakeNumber ?? null,
    foundOn: event.foundOn ?? null,
    foundBy: event.foundBy ?? null,
    divisions: event.divisions,
    address: location?.address ?? null,
    latitudeE7: location?.place?.latitudeE7 ?? null,
    longitudeE7: location?.place?.longitudeE7 ?? null,
    datum: location?.place?.datum ?? null,
    categories: event.categories,
    severity: event.severity,
    rectificationType: event.rectificationType,
    description: event.description,
    basis: event.basis ?? null,
    amountFen: event.amountFen ?? null,
    rectifiedFen: 0,
    householdCount: event.householdCount ?? null,
    occurredFrom: event.occurredFrom ?? null,
    occurredTo: event.occurredTo ?? null,
    sourceDueOn: event.sourceDueOn ?? null,
    personsAtRisk: event.personsAtRisk,
    weight: event.weight,
    parent: event.parent ?? null,
    absorbed: [],
    mergedInto: null,
    status: 'registered',
    flags: event.personsAtRisk ? ['atRisk'] : [],
    leads: [],
    coUnits: [],
    requirement: null,
    letter: null,
    dueOn: null,
    returns: 0,
    extensions: 0,
    suspendedUntil: null,
    evidence: 0,
    reports: 0,
    progress: null,
    pending: null,
    measures: null,
    completedOn: null,
    verification: null,
    verifiedAt: null,
    closedAt: null,
    closureNumber: null,
    round: 1,
    reopened: 0,
    reopenCause: null,
    supervision: [],
    openInstructions: 0,
    heldBy: [meta.actor.unit],
    heldSince: meta.recordedAt,
    registeredAt: meta.recordedAt,
    changedAt: meta.recordedAt,
    assigner: null,
    route: [],
    closer: null,
    excluded: event.limits?.excluded ?? [],
    heldBefore: [],
  };
}
