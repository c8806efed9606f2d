import {
  type CaseEvent,
  itemOf,
  placeOf,
  type RouteStep,
  type StepName,
} from '../../contracts/case-events.js';
import { type LedgerRow } from '../../contracts/ledger.js';
import { type DutyChanges, type DutyName } from '../../contracts/deadline.js';
import { type Day, type DivisionId, type PersonId, type UnitId } from '../../contracts/values.js';
import { type Actor, type Recorded, type Stamp } from '../../eventing/event.js';
import { isEnd, type Status } from '../../contracts/status.js';

/** A row, and what the next rows need besides what is shown. */
export type Row = LedgerRow & {
  /** Unit that registered it. */
  finder: UnitId;
  assigner: UnitId | null;
  route: RouteStep[];
  /** Steps passed since the standing submission. */
  passed: StepName[];
  closer: UnitId | null;
  excluded: PersonId[];
  /** The first day on which the clock has something to say of one of its duties. */
  tickOn: Day | null;
  /** The first of its days that lie beyond the published calendar. */
  provisionalOn: Day | null;
  /** Units whose people were named to check the facts, and the one that had them checked. */
  checkerUnits: UnitId[];
  checkedFor: UnitId | null;
  /** Who has which part; null: nobody, since it was returned. */
  partUnits: { part: number; unit: UnitId | null }[];
  /** With whom a case that is merged lay before. */
  heldBefore: UnitId[];
  /** Whom it concerns, as scopes look for it: see `whereabouts`. */
  reach: string[];
  /** The division under which figures count it; null where it lies in several such. */
  place: DivisionId | null;
  /** Since when it is at its end, and whether somebody is sealed in it who was not erased with it: see `retention.ts`. */
  endedOn: Day | null;
  erasable: boolean;
};

/**
 * Whether a change has one of these columns. It is asked of every event, several times: an event changes a handful, and
 * looking for each of these in it would take longer than folding it.
 */
export function touching(names: readonly (keyof Row)[]): (change: Partial<Row>) => boolean {
  const sought: ReadonlySet<string> = new Set(names);
  return (change) => {
    for (const name in change) if (sought.has(name)) return true;
    return false;
  };
}

type Change<T extends CaseEvent['type']> = (
  row: Row,
  event: Extract<CaseEvent, { type: T }>,
  actor: Actor,
) => Partial<Row>;
/** With which a row begins. */
type First = 'ProblemRegistered' | 'CaseAdopted';
type Later = Exclude<CaseEvent['type'], First>;

const desk = ({ route }: Pick<Row, 'route'>, step: RouteStep['step']): UnitId[] =>
  route.filter((one) => one.step === step).map(({ unit }) => unit);

/** A verified case lies at the desk of the next step, and with who closes it when there is none. */
function stepping(row: Row, passed: StepName[], flags = row.flags): Partial<Row> {
  const next = row.route.find(({ step }) => !passed.includes(step));
  const unit = next?.unit ?? row.closer;
  const others = flags.filter((flag) => flag !== 'awaitingRecognition');
  return {
    passed,
    flags: next?.step === 'recognition' ? [...others, 'awaitingRecognition'] : others,
    heldBy: unit === null ? [] : [unit],
  };
}

/** Where a case lies that goes on in a status. */
function holders(row: Row, status: Status): UnitId[] {
  if (status === 'submitted') return desk(row, 'review');
  if (status === 'rectified') return desk(row, 'verify');
  return status === 'verified' ? (stepping(row, row.passed).heldBy ?? []) : row.leads;
}

/** Out of the ledger by another way than closing. */
const ended = (status: Status, endedBy: string): Partial<Row> => ({ status, endedBy, heldBy: [] });

const without = ({ flags }: Pick<Row, 'flags'>, ...gone: string[]): string[] =>
  flags.filter((one) => !gone.includes(one));

/** Somebody is in danger: the flag stands until they are safe. */
const endangered = (row: Pick<Row, 'flags'>): Pick<Row, 'personsAtRisk' | 'flags'> => ({
  personsAtRisk: true,
  flags: [...without(row, 'atRisk'), 'atRisk'],
});

const EXAMINED = ['noticeRunning', 'objectionOpen', 'awaitingRecognition'];

/** What nobody has said of a submission yet. */
const unexamined = {
  passed: [] as StepName[],
  verification: null,
  verifiedAt: null,
  verifiers: [] as PersonId[],
  notice: null,
  objections: 0,
  disciplinePosition: null,
  recognition: null,
};

const sentBack = (row: Row): Partial<Row> => ({
  status: 'rectifying',
  ...unexamined,
  flags: without(row, ...EXAMINED),
  heldBy: row.leads,
});

const attached = (row: Row, { slot, item }: { slot: string; item?: string }): Partial<Row> => ({
  evidence: row.evidence + 1,
  declaredAbsent: row.declaredAbsent.filter((one) => one !== slot && one !== placeOf(slot, item)),
});

/** Other leads and rounds begin without parts. */
const NO_PARTS = { parts: 0, partsPassed: 0, partUnits: [] };

function partOf({ partUnits }: Row, part: number, unit: UnitId | null): Pick<Row, 'parts' | 'partUnits'> {
  const now = [...partUnits.filter((one) => one.part !== part), { part, unit }];
  return { parts: now.length, partUnits: now };
}

const changes: { [T in Later]: Change<T> } = {
  // The fields that can be corrected are columns by the same names.
  RegistrationCorrected: (row, { field, to }) => ({
    [field]: to,
    ...(field === 'personsAtRisk' && endangered(row)),
  }),
  CaseClassified: (row, { categories, severity, rectificationType, route, closer, dueOn }) => ({
    ...{ categories, severity, rectificationType },
    ...(route && closer !== undefined && { route, closer }),
    ...(dueOn !== undefined && { dueOn }),
    ...(route &&
      closer !== undefined &&
      row.status === 'verified' &&
      stepping({ ...row, route, closer }, row.passed)),
  }),
  ItemsListed: (row, { items }) => ({ items: row.items + items.length }),
  FactCheckStarted: (row, { units }, { unit }) => ({
    status: 'checking',
    substantiation: null,
    checkerUnits: [...new Set([...row.checkerUnits, ...units])],
    checkedFor: unit,
    heldBy: units,
  }),
  FactsEstablished: (row, { substantiation, taskText, personsAtRisk }) => ({
    substantiation,
    ...(taskText !== undefined && { taskText }),
    ...(personsAtRisk && endangered(row)),
    ...(substantiation === 'none'
      ? { status: 'unsubstantiated', flags: [], heldBy: [] }
      : { heldBy: row.checkedFor === null ? [] : [row.checkedFor] }),
  }),
  CaseVoided: () => ({ status: 'voided', flags: [], heldBy: [] }),
  ItemsDealt: (row, { items, settled }) => ({
    items: row.items - items.length,
    itemsSettled: settled,
    declaredAbsent: row.declaredAbsent.filter((place) => !items.includes(itemOf(place) ?? '')),
  }),
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
  CaseAbsorbed: (row, { from, sources, atRisk, limits, sourceDueOn, route, closer }) => ({
    ...(sourceDueOn !== undefined &&
      (row.sourceDueOn === null || sourceDueOn < row.sourceDueOn) && { sourceDueOn }),
    ...(route && closer !== undefined && { route, closer }),
    absorbed: [...row.absorbed, from],
    sources: [...row.sources, ...sources],
    excluded: [...new Set([...row.excluded, ...limits.excluded])],
    ...(atRisk && endangered(row)),
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
  AssignmentDeemedAccepted: () => ({ status: 'rectifying' }),
  AssignmentReturned: (row) => ({
    returns: row.returns + 1,
    flags: [...row.flags, 'returnPending'],
    heldBy: assigning(row),
  }),
  ReturnUpheld: (row) => ({
    status: 'registered',
    flags: row.flags.filter((one) => one !== 'returnPending' && one !== 'findingDisputed'),
    ...{ leads: [], coUnits: [], requirement: null, letter: null, dueOn: null, route: [], closer: null },
    handler: null,
    heldBy: assigning(row),
  }),
  ReturnRejected: (row) => ({ flags: without(row, 'returnPending'), heldBy: row.leads }),
  EvidenceAttached: attached,
  EvidenceSupplied: attached,
  EvidenceDeclaredAbsent: (row, { slot, item }) => ({
    declaredAbsent: [...row.declaredAbsent, placeOf(slot, item)],
  }),
  FindingDisputed: (row) => ({ flags: [...row.flags, 'findingDisputed'] }),
  FindingUpheld: (row) => ({ flags: without(row, 'findingDisputed') }),
  FindingAmended: (row, { taskText, amountFen, severity, householdCount, route, closer }) => ({
    flags: without(row, 'findingDisputed'),
    taskText: taskText ?? row.taskText,
    amountFen: amountFen ?? row.amountFen,
    severity: severity ?? row.severity,
    householdCount: householdCount ?? row.householdCount,
    route: route ?? row.route,
    closer: closer ?? row.closer,
  }),
  CaseReassigned: (_, { leads, coUnits, letter, dueOn, route, closer }) => ({
    status: 'assigned',
    ...{ leads, coUnits, letter, dueOn, route, closer },
    handler: null,
    ...NO_PARTS,
    heldBy: leads,
  }),
  CoUnitsChanged: (_, { coUnits, route, closer }) => ({ coUnits, route, closer }),
  HandlerNamed: (_, { person }) => ({ handler: person }),
  PartAssigned: (row, { part, unit }) => partOf(row, part, unit),
  PartAccepted: () => ({}),
  PartReturned: (row, { part }) => partOf(row, part, null),
  PartSubmitted: () => ({}),
  PartPassed: (row) => ({ partsPassed: row.partsPassed + 1 }),
  PartRejected: () => ({}),
  EvidenceWithdrawn: (row) => ({ evidence: row.evidence - 1 }),
  ItemRectified: (_, { settled }) => ({ itemsSettled: settled }),
  ItemExcepted: (_, { settled }) => ({ itemsSettled: settled }),
  PlanSubmitted: (_, { doneStandard, fundsFen }) => ({
    stagesDone: 0,
    doneStandard,
    fundsFen: fundsFen ?? null,
  }),
  PlanApproved: () => ({}),
  PlanRejected: () => ({}),
  StageCompleted: (row, { stage, reviewBy }) => ({
    stagesDone: stage,
    ...(reviewBy !== undefined && {
      status: 'sustaining',
      reviewBy,
      flags: without(row, 'extensionPending'),
    }),
  }),
  StageReviewed: ({ stagesDone }, { outcome, reviewBy }) =>
    outcome === 'holding'
      ? { reviewBy: reviewBy ?? null }
      : { status: 'rectifying', stagesDone: stagesDone - 1, reviewBy: null },
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
  DeadlineExtended: (row, { until, document }) => ({
    ...(document === undefined && {
      flags: without(row, 'extensionPending'),
      extensions: row.extensions + 1,
      extended: row.extended + 1,
    }),
    dueOn: until,
  }),
  ExtensionRefused: (row) => ({ flags: without(row, 'extensionPending') }),
  CaseSuspended: (row, { until }) => ({ flags: [...row.flags, 'suspended'], suspendedUntil: until }),
  CaseResumed: (row, { dueOn }) => ({ flags: without(row, 'suspended'), suspendedUntil: null, dueOn }),
  SuspensionReviewed: () => ({}),
  RectificationSubmitted: (row, { measures, completedOn }) => ({
    status: 'submitted',
    flags: without(row, 'extensionPending'),
    ...unexamined,
    reviewBy: null,
    ...{ measures, completedOn },
    heldBy: desk(row, 'review'),
  }),
  SubmissionCountersigned: () => ({}),
  RectificationWithdrawn: sentBack,
  ReviewEscalated: (row, { unit, level }) => ({
    escalations: row.escalations + 1,
    route: row.route.map((one) => (one.step === 'review' ? { ...one, unit, level } : one)),
    heldBy: [unit],
  }),
  ReviewPassed: (row) => ({
    status: 'rectified',
    passed: [...row.passed, 'review'],
    heldBy: desk(row, 'verify'),
  }),
  RectificationRejected: sentBack,
  VerificationRecorded: (_, __, { person }) => ({ verifiers: [person] }),
  VerificationConfirmed: (row, _, { person }) => ({
    status: 'verified',
    verification: 'passed',
    verifiers: [...row.verifiers, person],
    firstVerification: row.firstVerification ?? 'passed',
    ...stepping(row, [...row.passed, 'verify'], without(row, 'atRisk')),
  }),
  // All of them were settled when the rectification was submitted.
  VerificationFailed: (row, { failed = [] }, { person }) => ({
    ...sentBack(row),
    verification: 'failed',
    verifiers: [person],
    firstVerification: row.firstVerification ?? 'failed',
    itemsSettled: Math.max(row.itemsSettled - failed.length, 0),
  }),
  AbsenceAccepted: () => ({}),
  ClosureApproved: (row) => stepping(row, [...row.passed, 'approve']),
  ClosureRejected: sentBack,
  PublicNoticeStarted: (row, { until }) => ({ notice: until, flags: [...row.flags, 'noticeRunning'] }),
  PublicNoticeEnded: (row) => stepping(row, [...row.passed, 'public-notice'], without(row, 'noticeRunning')),
  ObjectionRaised: (row) => ({
    objections: row.objections + 1,
    flags: [...without(row, 'objectionOpen'), 'objectionOpen'],
  }),
  ObjectionDismissed: (row) => ({
    objections: row.objections - 1,
    flags: row.objections > 1 ? row.flags : without(row, 'objectionOpen'),
  }),
  ObjectionUpheld: sentBack,
  DisciplinePositionStated: (row, { position }) => {
    const others = row.passed.filter((step) => step !== 'discipline-position');
    const passed: StepName[] = position === 'hold' ? others : [...others, 'discipline-position'];
    return { disciplinePosition: position, ...stepping(row, passed) };
  },
  RecognitionRecorded: (row, { result }) => ({
    ...(result === 'recognised' ? stepping(row, [...row.passed, 'recognition']) : sentBack(row)),
    recognition: result,
  }),
  CaseClosed: ({ closures }, { closureNumber }) => ({
    status: 'closed',
    closures: closures + 1,
    closureNumber,
    heldBy: [],
  }),
  CaseReopened: (row, { round, cause, leads, coUnits, dueOn, route, closer, personsAtRisk }) => ({
    status: 'rectifying',
    ...{ round, leads, coUnits, dueOn, route, closer },
    reopened: row.reopened + 1,
    reopenCause: cause,
    reopenCauses: [...new Set([...row.reopenCauses, cause])],
    ...NO_PARTS,
    evidence: 0,
    itemsSettled: 0,
    declaredAbsent: [],
    extensions: 0,
    overdueRung: null,
    flags: row.flags.filter((flag) => flag === 'atRisk'),
    ...(personsAtRisk && endangered({ flags: [] })),
    suspendedUntil: null,
    stagesDone: 0,
    reviewBy: null,
    ...{ endedBy: null, endedAt: null, holdUntil: null, lookBack: null, lookBackAnswerBy: null },
    supervision: [],
    progress: null,
    pending: null,
    measures: null,
    doneStandard: null,
    fundsFen: null,
    completedOn: null,
    ...unexamined,
    closedAt: null,
    closureNumber: null,
    heldBy: leads,
  }),
  CaseTerminated: (_, { ground, holdUntil }) => ({ ...ended('terminated', ground), holdUntil }),
  TerminationHeld: (row, { to }) => ({
    ...{ status: to, endedBy: null, endedAt: null, holdUntil: null },
    heldBy: holders(row, to),
  }),
  CaseTransferredOut: (_, { to }) => ended('transferred-out', to),
  CallbackRecorded: ({ callbacks }, { resolved }) => ({ callbacks: callbacks + 1, callback: resolved }),
  LookBackPassed: () => ({ lookBack: 'passed' }),
  LookBackFailed: (row, { answerBy }) => ({
    lookBack: 'failed',
    lookBackAnswerBy: answerBy,
    heldBy: row.closer === null ? [] : [row.closer],
  }),
  ReopeningRefused: () => ({ lookBackAnswerBy: null, heldBy: [] }),
  RetentionEnded: () => ({}),
  SupervisionIssued: (row, { rung }) => ({ supervision: [...row.supervision, rung] }),
  SupervisionLifted: (row, { rung }) => ({ supervision: row.supervision.filter((one) => one !== rung) }),
  InstructionRecorded: (row) => ({ openInstructions: row.openInstructions + 1 }),
  InstructionAnswered: () => ({}),
  AnswerAccepted: (row) => ({ openInstructions: row.openInstructions - 1 }),
  AnswerRejected: () => ({}),
  PersonExcluded: (row, { person }) => ({
    excluded: [...row.excluded, person],
    handler: row.handler === person ? null : row.handler,
  }),
  ExclusionLifted: ({ excluded }, { person }) => ({ excluded: excluded.filter((one) => one !== person) }),
  AccountabilityRecorded: ({ accountability }, { persons }) => ({
    accountability: accountability + persons.length,
  }),
  VisibilityChanged: (_, { to }) => ({ visibility: to }),
  DeadlinePassed: (_, { rung }) => (rung === undefined ? {} : { overdueRung: rung }),
  DeadlineMoved: (_, { duty, to }) => (duty === 'complete' ? { dueOn: to } : {}),
};

const assigning = ({ assigner }: Row): UnitId[] => (assigner === null ? [] : [assigner]);

/** What it waits for after an event, and when the clock has to look at it next. */
function waiting(
  standing: Row['duties'],
  { begin = {}, end = [] }: DutyChanges,
): Pick<Row, 'duties' | 'tickOn' | 'provisionalOn' | 'blueFrom' | 'yellowFrom' | 'redFrom'> {
  const going = Object.entries({ ...standing, ...begin }).filter(([name]) => !end.includes(name as DutyName));
  const duties: Row['duties'] = Object.fromEntries(going);
  const all = Object.values(duties);
  return {
    duties,
    tickOn: earliest(all.map(({ tickOn }) => tickOn)),
    provisionalOn: earliest(all.map(({ due, provisional }) => (provisional ? due : null))),
    blueFrom: earliest(all.map(({ blueFrom }) => blueFrom)),
    yellowFrom: earliest(all.map(({ yellowFrom }) => yellowFrom)),
    redFrom: earliest(all.map(({ redFrom }) => redFrom)),
  };
}

function earliest(days: readonly (Day | null)[]): Day | null {
  return days.reduce((first, day) => (first === null || (day !== null && day < first) ? day : first), null);
}

/** The row after an event. Pure; never judges. */
export function foldRow(row: Row | undefined, recorded: Recorded<CaseEvent, Stamp>, ordinal: number): Row {
  return { ...(row as Row), ...changeOf(row, recorded, ordinal) };
}

/** What an event changes of the row: all of it, where it is the registration. */
export function changeOf(
  row: Row | undefined,
  recorded: Recorded<CaseEvent, Stamp>,
  ordinal: number,
): Partial<Row> {
  const { event, revision, meta } = recorded;
  if (event.type === 'ProblemRegistered' || event.type === 'CaseAdopted')
    return registered(recorded, event, ordinal);
  if (!row) throw new Error(`${event.type} stands before the registration`);
  // One table entry a name: the entry found under an event's name takes that event.
  const change = (changes[event.type] as Change<Later>)(row, event, meta.actor);
  const at = meta.recordedAt;
  // It was made for this event and nobody has it yet: it is completed in its place, as every event of the log passes here.
  if (change.heldBy !== undefined && change.heldBy.join() !== row.heldBy.join()) change.heldSince = at;
  if (change.status !== undefined) change.open = isOpen(change.status);
  stamp(change, event.type, row, meta);
  if (event.duties) Object.assign(change, waiting(row.duties, event.duties));
  change.changedAt = at;
  change.revision = revision;
  return change;
}

/** Who assigned it, and when it came to what it has come to: neither is said by the event itself. */
function stamp(change: Partial<Row>, type: Later, { assigner }: Row, { actor, recordedAt }: Stamp): void {
  switch (type) {
    case 'CaseAssigned':
      change.assigner = actor.unit;
      break;
    case 'CaseReopened':
      change.assigner = assigner ?? actor.unit;
      break;
    case 'CaseTerminated':
    case 'CaseTransferredOut':
      change.endedAt = recordedAt;
      break;
    case 'VerificationConfirmed':
    case 'VerificationFailed':
      change.verifiedAt = recordedAt;
      break;
    case 'CaseClosed':
      change.closedAt = recordedAt;
  }
}

const isOpen = (status: Status): boolean => !isEnd(status);

function registered(
  { stream, revision, meta }: Recorded<CaseEvent, Stamp>,
  event: Extract<CaseEvent, { type: First }>,
  ordinal: number,
): Row {
  const { source, location } = event;
  const stated = event.type === 'CaseAdopted' ? event.stated : undefined;
  const closed = stated?.status === 'closed';
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
    taskText: event.taskText ?? null,
    problemType: event.problemType ?? null,
    knownSince: event.knownSince ?? null,
    fundDocument: event.fundDocument ?? null,
    fiscalYear: event.fiscalYear ?? null,
    principal: event.principal ?? null,
    visibility: event.visibility ?? 'normal',
    circularId: event.circularId ?? null,
    campaignId: event.campaignId ?? null,
    frame: event.frame ?? null,
    batch: event.batch ?? null,
    remark: event.remark ?? null,
    adopted: stated !== undefined,
    statedStatus: stated?.status ?? null,
    statedClosedOn: stated?.closedOn ?? null,
    statedDueOn: stated?.dueOn ?? null,
    statedUnit: stated?.unit ?? null,
    statedClosureNumber: stated?.closureNumber ?? null,
    substantiation: null,
    items: 0,
    itemsSettled: 0,
    status: closed ? 'closed' : 'registered',
    flags: event.personsAtRisk && !closed ? ['atRisk'] : [],
    leads: [],
    coUnits: [],
    handler: null,
    parts: 0,
    partsPassed: 0,
    requirement: null,
    letter: null,
    dueOn: null,
    returns: 0,
    extensions: 0,
    extended: 0,
    suspendedUntil: null,
    stagesDone: 0,
    reviewBy: null,
    evidence: 0,
    declaredAbsent: [],
    reports: 0,
    progress: null,
    pending: null,
    measures: null,
    doneStandard: null,
    fundsFen: null,
    completedOn: null,
    escalations: 0,
    ...unexamined,
    firstVerification: null,
    closures: 0,
    closedAt: null,
    closureNumber: null,
    round: 1,
    reopened: 0,
    reopenCause: null,
    reopenCauses: [],
    ...{ endedBy: null, endedAt: null, holdUntil: null, callbacks: 0, callback: null },
    ...{ lookBack: null, lookBackAnswerBy: null, accountability: 0 },
    supervision: [],
    openInstructions: 0,
    open: !closed,
    duties: {},
    ...{ blueFrom: null, yellowFrom: null, redFrom: null },
    overdueRung: null,
    heldBy: closed ? [] : [meta.actor.unit],
    heldSince: meta.recordedAt,
    registeredAt: meta.recordedAt,
    changedAt: meta.recordedAt,
    finder: meta.actor.unit,
    assigner: null,
    route: [],
    closer: closed ? meta.actor.unit : null,
    excluded: event.limits?.excluded ?? [],
    heldBefore: [],
    tickOn: null,
    provisionalOn: null,
    ...(event.duties && waiting({}, event.duties)),
    checkerUnits: [],
    checkedFor: null,
    partUnits: [],
    reach: [],
    place: null,
    endedOn: null,
    erasable: false,
  };
}
