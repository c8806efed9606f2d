import {
  type CaseEvent,
  itemOf,
  type Limits,
  placeOf,
  type RouteStep,
  type Slot,
  type StepName,
  type Upload,
} from '../contracts/case-events.js';
import { type Deadline, type Duty, type DutyChanges, type DutyName } from '../contracts/deadline.js';
import {
  type Correctable,
  type RectificationType,
  type Severity,
  type Source,
  type Substantiation,
  type Visibility,
} from '../contracts/intake.js';
import { type ItemKind } from '../contracts/items.js';
import { type DisciplinePosition } from '../contracts/examination-positions.js';
import { type Shortcoming } from '../contracts/examination.js';
import { type Stage } from '../contracts/rectification.js';
import { type Status } from '../contracts/status.js';
import {
  type Day,
  type DivisionId,
  type PersonId,
  type PlainValue,
  type UnitId,
  type Uuid,
} from '../contracts/values.js';
import { type Actor, type Recorded } from '../eventing/event.js';
import { type Decided } from '../eventing/handle.js';

export const FLAGS = [
  'returnPending',
  'findingDisputed',
  'extensionPending',
  'suspended',
  'atRisk',
  'noticeRunning',
  'objectionOpen',
  'awaitingRecognition',
] as const;
export type Flag = (typeof FLAGS)[number];

type Persons = ReadonlySet<PersonId>;

/** A leader's instruction: who carries it out, which unit gave it, how it stands. */
export interface Instruction {
  /** The last day for its answer. */
  dueOn: Day;
  lead: UnitId;
  by: UnitId;
  standing: 'open' | 'answered' | 'accepted';
}

/** One of the households, projects or payments that the problem consists of. */
export interface ListedItem {
  kind: ItemKind;
  division?: DivisionId;
  /** How it was settled in this round. */
  settled?: 'rectified' | 'excepted';
}

/** A file in a slot of the checklist. */
export interface Proof {
  slot: string;
  sha256: string;
}

/** A share of the case: who has it, how it stands, and who ever submitted it. */
export interface Part {
  unit: UnitId;
  dueOn: Day;
  standing: 'assigned' | 'returned' | 'accepted' | 'submitted' | 'passed';
  submitters: Persons;
}

export type Registration = Omit<Extract<CaseEvent, { type: 'ProblemRegistered' }>, 'type'>;

/** What decisions need to know of a case, and no more. */
export interface CaseState extends Decided {
  id: Uuid;
  status: Status | undefined;
  flags: ReadonlySet<Flag>;
  round: number;
  /** What was registered, as corrected and classified since; its weight is what was not split off. */
  registration: Registration | undefined;
  /** Parts that became cases of their own. */
  children: number;
  /** Where it stood before it was merged. */
  mergedFrom: Status | undefined;
  /** Whether it came from an old ledger. */
  adopted: boolean;
  visibility: Visibility;
  /** Code of its kind of source. */
  source: string;
  /** Where it was written down: its own source, then those of cases that were merged into it. */
  sources: readonly Source[];
  /** Unit that registered it, or the whole that it is a part of. */
  finder: UnitId | undefined;
  personsAtRisk: boolean;
  categories: readonly string[];
  divisions: readonly DivisionId[];
  severity: Severity;
  rectificationType: RectificationType;
  sourceDueOn: Day | undefined;
  /** How far it is so, since the facts were established. */
  substantiation: Substantiation | undefined;
  /** Who was named to check the facts last, and every unit that ever did. */
  checkers: Persons;
  checkerUnits: readonly UnitId[];
  /** By id. */
  items: ReadonlyMap<string, ListedItem>;
  assigner: UnitId | undefined;
  leads: readonly UnitId[];
  coUnits: readonly UnitId[];
  /** Who handles it for the lead. */
  handler: PersonId | undefined;
  /** Whether anything was done about it since the leads have it. */
  begun: boolean;
  /** By number; those of an earlier round or of other leads are void. */
  parts: ReadonlyMap<number, Part>;
  /** The number that was given last, void or not. */
  lastPart: number;
  route: readonly RouteStep[];
  closer: UnitId | undefined;
  /** What was said to hold of it when it was assigned last: some slots depend on it. */
  circumstances: readonly string[];
  checklist: readonly Slot[];
  /** Evidence of this round that was not withdrawn, by receipt. */
  evidence: ReadonlyMap<Uuid, Proof>;
  /** What this round says that there is no evidence of, as `placeOf` names it; and where an approver accepted it. */
  absent: ReadonlySet<string>;
  absenceAccepted: ReadonlySet<string>;
  /** Which item a file shows, for slots that are wanted for each. */
  itemEvidence: ReadonlyMap<Uuid, string>;
  /** Uploads that were used in the case and are not used again. */
  receipts: ReadonlySet<Uuid>;
  dueOn: Day;
  /** How it came about; undefined once it was set by hand. */
  deadline: Deadline | undefined;
  /** The last day that extensions may reach. */
  ceilingOn: Day | undefined;
  /** What it waits for, and by when. */
  duties: ReadonlyMap<DutyName, Duty>;
  /** Of which days the clock has said that they passed, and when it speaks of them again. */
  noted: ReadonlyMap<DutyName, { due: Day; next: Day | null }>;
  /** How often it was sent back after a verification or before the closing, in this round. */
  failures: number;
  /** The day from which the terms of the round count. */
  assignedOn: Day | undefined;
  disputeBy: Day | undefined;
  /** Whether a dispute of the finding was ruled on in this round. */
  findingRuled: boolean;
  plan: 'none' | 'submitted' | 'approved';
  /** Of the plan, and how many of them are completed. */
  stages: readonly Stage[];
  stagesDone: number;
  /** While it is sustained: the day of the next review. */
  reviewBy: Day | undefined;
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
  suspendedUntil: Day | undefined;
  /** The day of its next review, once it was reviewed. */
  suspensionReviewBy: Day | undefined;
  /** Whether the days of this suspension are not counted with the others. */
  suspendedApart: boolean;
  /** Working days that it was suspended in this round, but for those apart. */
  suspendedDays: number;
  /** All that the clock stood since the assignment. */
  stood: number;
  returnBy: Day;
  final: boolean;
  /** Returns of this round. */
  returns: number;
  /** A termination that may still be held: until when, and in which status it stood. */
  termination: { holdUntil: Day; from: Status } | undefined;
  /** While a failed look-back waits for its answer: the last day for it. */
  lookBackAnswerBy: Day | undefined;
  /** Rungs that stand in this round, and who issued each. */
  supervision: ReadonlyMap<string, Pick<Actor, 'unit' | 'role'>>;
  /** By number. */
  instructions: ReadonlyMap<number, Instruction>;
  /** To whom the case does not exist. */
  excluded: Persons;
  /** Evidence that came after the standing submission, by receipt. */
  supplied: ReadonlySet<Uuid>;
  /** Hash of the evidence of the standing submission, with what came after it. */
  evidenceHash: string | undefined;
  /** Whether the principal answers for the standing submission. */
  countersigned: boolean;
  /** From which the items to be looked at are drawn. */
  drawSeed: string;
  /** A verification failed in this round: the next one looks at every item. */
  checkAll: boolean;
  /** The last day of the public notice. */
  noticeUntil: Day | undefined;
  /** Objections so far; and the numbers of those that wait for their ruling. */
  objections: number;
  openObjections: ReadonlySet<number>;
  disciplinePosition: DisciplinePosition | undefined;
  /** Steps passed since the standing submission. */
  passed: ReadonlySet<StepName>;
  /** Who recorded the verification that waits for its second person. */
  recordedBy: Persons;
  /** Whoever verified, approved or closed on the standing submission. */
  vouched: Persons;
  /** Whoever rectified for a responsible unit, in any round. */
  rectifiers: Persons;
  /** Whoever acted in this round, passing or rejecting. */
  reviewers: Persons;
  verifiers: Persons;
  approvers: Persons;
  /** Whoever reviewed, verified, approved or closed in a round that has ended. */
  examiners: Persons;
  /** Whoever verified, approved or closed what turned out false. */
  barred: Persons;
}

const NONE: ReadonlySet<never> = new Set<never>();
const AT_RISK: CaseState['flags'] = new Set(['atRisk'] as const);
const NO_EVIDENCE: CaseState['evidence'] = new Map();
const NO_ITEM_EVIDENCE: CaseState['itemEvidence'] = new Map();
const NO_ITEMS: CaseState['items'] = new Map();
const NO_PARTS: CaseState['parts'] = new Map();
const NO_LIMITS: Limits = { rectifiers: [], barred: [], excluded: [] };
const NO_SUPERVISION: CaseState['supervision'] = new Map();
const NO_INSTRUCTIONS: CaseState['instructions'] = new Map();

/** What nobody has said of a submission yet. */
const unexamined = {
  evidenceHash: undefined,
  supplied: NONE,
  countersigned: false,
  absenceAccepted: NONE,
  noticeUntil: undefined,
  openObjections: NONE,
  disciplinePosition: undefined,
  passed: NONE,
  recordedBy: NONE,
  vouched: NONE,
} as const;

export const noCase: CaseState = {
  id: '',
  status: undefined,
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
  items: NO_ITEMS,
  assigner: undefined,
  leads: [],
  coUnits: [],
  handler: undefined,
  begun: false,
  parts: NO_PARTS,
  lastPart: 0,
  route: [],
  closer: undefined,
  circumstances: [],
  checklist: [],
  evidence: NO_EVIDENCE,
  itemEvidence: NO_ITEM_EVIDENCE,
  absent: NONE,
  receipts: NONE,
  dueOn: '',
  deadline: undefined,
  ceilingOn: undefined,
  duties: new Map(),
  noted: new Map(),
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
  supervision: NO_SUPERVISION,
  instructions: NO_INSTRUCTIONS,
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

/** Whoever an act counts for: a delegate inherits the limits of who they stand in for. */
export function bearers(actor: Actor): PersonId[] {
  return actor.onBehalfOf === undefined ? [actor.person] : [actor.person, actor.onBehalfOf];
}

/** Whether a leader's instruction has no accepted answer yet. */
export const isInstructed = ({ instructions }: CaseState): boolean =>
  [...instructions.values()].some(({ standing }) => standing !== 'accepted');

/** The first step of the route that has not been passed. */
export function nextStep({ route, passed }: Pick<CaseState, 'route' | 'passed'>): StepName | undefined {
  return route.find(({ step }) => !passed.has(step))?.step;
}

export function deskOf(state: CaseState, step: StepName): UnitId | undefined {
  return state.route.find((one) => one.step === step)?.unit;
}

/** Units that have a part of the case. Who returned one has it no more. */
export function partUnits({ parts }: CaseState): UnitId[] {
  return [...parts.values()].filter(({ standing }) => standing !== 'returned').map(({ unit }) => unit);
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

function settled({ items }: CaseState, id: string, how: ListedItem['settled']): Pick<CaseState, 'items'> {
  const found = items.get(id);
  return { items: found ? new Map([...items, [id, { ...found, settled: how }]]) : items };
}

/** Items that turned out not to be put right are to be settled again. */
function opened({ items }: CaseState, failed: readonly string[]): CaseState['items'] {
  if (failed.length === 0) return items;
  return new Map([...items].map(([id, item]) => [id, failed.includes(id) ? unsettled(item) : item]));
}

const unsettled = ({ settled: _, ...item }: ListedItem): ListedItem => item;

/** These files show nothing any more. Those of `again` may be attached anew: nothing was said against them. */
function without(
  { evidence, receipts }: CaseState,
  gone: ReadonlySet<Uuid>,
  again: readonly Uuid[],
): Pick<CaseState, 'evidence' | 'receipts'> {
  return {
    evidence: new Map([...evidence].filter(([receipt]) => !gone.has(receipt))),
    receipts: less(receipts, ...again),
  };
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

/** A problem that was entered: at the desk of the unit that did. */
function begun(registration: Registration, unit: UnitId): Partial<CaseState> {
  const { categories, divisions, severity, rectificationType, sourceDueOn, personsAtRisk } = registration;
  return {
    ...{ registration, categories, divisions, severity, rectificationType, sourceDueOn },
    status: 'registered',
    visibility: registration.visibility ?? 'normal',
    finder: registration.finder ?? unit,
    source: registration.source.code,
    sources: [registration.source, ...(registration.furtherSources ?? [])],
    ...limited(noCase, registration.limits),
    personsAtRisk,
    amountFen: registration.amountFen,
    flags: personsAtRisk ? AT_RISK : NONE,
  };
}

/** What a registration says in one of its fields. */
export function correctable(registration: Registration, field: Correctable): PlainValue | undefined {
  return field === 'address' ? registration.location?.address : registration[field];
}

/** The registration with one field put right. */
export function corrected(
  { location, ...registration }: Registration,
  field: Correctable,
  to: PlainValue | undefined,
): Registration {
  if (field !== 'address') return { ...registration, ...(location && { location }), [field]: to };
  return { ...registration, location: { place: location?.place, address: to as string | undefined } };
}

/** Instructions that were not carried out go with the case: to the first lead, from units that answer no more. */
function handedOn(
  { instructions }: CaseState,
  leads: readonly UnitId[],
  coUnits: readonly UnitId[],
): Pick<CaseState, 'instructions'> {
  const [lead] = leads;
  const leaves = (one: Instruction): boolean =>
    one.standing !== 'accepted' && ![...leads, ...coUnits].includes(one.lead);
  if (lead === undefined || ![...instructions.values()].some(leaves)) return { instructions };
  return {
    instructions: new Map([...instructions].map(([n, one]) => [n, leaves(one) ? { ...one, lead } : one])),
  };
}

function withPart({ parts }: CaseState, n: number, now: Partial<Part>): Pick<CaseState, 'parts'> {
  const found = parts.get(n);
  return { parts: found ? new Map([...parts, [n, { ...found, ...now }]]) : parts };
}

type Change<T extends CaseEvent['type']> = (
  state: CaseState,
  event: Extract<CaseEvent, { type: T }>,
  actor: Actor,
  recorded: Recorded,
) => Partial<CaseState>;

/** Nothing that was said of the submission stands any more, nor the papers that came after it. */
const sentBack = (state: CaseState) =>
  ({
    status: 'rectifying',
    ...without(state, state.supplied, [...state.supplied]),
    ...unexamined,
    flags: less(state.flags, 'noticeRunning', 'objectionOpen', 'awaitingRecognition'),
  }) as const;

/** The steps that are passed now. Once only the recognition is left, the case waits for its source. */
function stepping(
  { route, flags }: CaseState,
  passed: CaseState['passed'],
): Pick<CaseState, 'passed' | 'flags'> {
  const waits = nextStep({ route, passed }) === 'recognition';
  return { passed, flags: (waits ? plus<Flag> : less<Flag>)(flags, 'awaitingRecognition') };
}

/** An objection has its ruling. */
function ruled({ flags, openObjections }: CaseState, objection: number): Partial<CaseState> {
  const open = less(openObjections, objection);
  return { openObjections: open, flags: open.size > 0 ? flags : less(flags, 'objectionOpen') };
}

/** What an assignment and a reopening fix for the round. */
const fixedBy = ({
  leads,
  coUnits,
  dueOn,
  deadline,
  ceilingOn,
  route,
  closer,
  checklist,
  assignedOn,
  disputeBy,
}: Pick<
  Extract<CaseEvent, { type: 'CaseAssigned' }>,
  | 'leads'
  | 'coUnits'
  | 'dueOn'
  | 'deadline'
  | 'ceilingOn'
  | 'route'
  | 'closer'
  | 'checklist'
  | 'assignedOn'
  | 'disputeBy'
>): Partial<CaseState> => ({
  ...{ leads, coUnits, dueOn, deadline, ceilingOn, route, closer, checklist, assignedOn, disputeBy },
});

/** Whoever acts for a responsible unit is a rectifier from then on. */
const rectified = (state: CaseState, actor: Actor): Pick<CaseState, 'rectifiers' | 'begun'> => ({
  rectifiers: plus(state.rectifiers, ...bearers(actor)),
  begun: true,
});

/** Who has finished needs no more time. */
const noExtension = ({ flags }: CaseState): Pick<CaseState, 'flags' | 'extensionUntil'> => ({
  flags: less(flags, 'extensionPending'),
  extensionUntil: undefined,
});

const examinersOf = (state: CaseState): Persons =>
  plus(state.examiners, ...state.reviewers, ...state.verifiers, ...state.approvers);

/** A slot has a file more. */
const filled = (
  state: CaseState,
  { slot, file, item }: { slot: string; file: Upload; item?: string },
): Partial<CaseState> => ({
  evidence: new Map([...state.evidence, [file.receipt, { slot, sha256: file.sha256 }]]),
  absent: less(state.absent, slot, placeOf(slot, item)),
  itemEvidence:
    item === undefined ? state.itemEvidence : new Map([...state.itemEvidence, [file.receipt, item]]),
  receipts: plus(state.receipts, file.receipt),
});

/** The photos of a look-back are used up. */
const shown = (
  { receipts }: CaseState,
  { photos }: { photos: readonly Upload[] },
): Pick<CaseState, 'receipts'> => ({ receipts: plus(receipts, ...photos.map(({ receipt }) => receipt)) });

/** Somebody is in danger: the flag stands until they are safe. */
const endangered = (flags: CaseState['flags']): Pick<CaseState, 'personsAtRisk' | 'flags'> => ({
  personsAtRisk: true,
  flags: plus(flags, 'atRisk'),
});

/** Whom another case's history keeps out is kept out here. */
const limited = (
  state: Pick<CaseState, keyof Limits>,
  { rectifiers, barred, excluded }: Limits = NO_LIMITS,
): Pick<CaseState, keyof Limits> => ({
  rectifiers: plus(state.rectifiers, ...rectifiers),
  barred: plus(state.barred, ...barred),
  excluded: plus(state.excluded, ...excluded),
});

export const weightOf = ({ registration }: CaseState): number => registration?.weight ?? 0;

/** Of days that may not be fixed. */
export const earlier = (one: Day | undefined, other: Day | undefined): Day | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;

const weighing = ({ registration }: CaseState, weight: number): Pick<CaseState, 'registration'> => ({
  registration: registration && { ...registration, weight },
});

const changes: { [T in CaseEvent['type']]: Change<T> } = {
  ProblemRegistered: (_, { type: __, ...registration }, { unit }) => begun(registration, unit),
  CaseAdopted: (_, { type: __, stated, file: ___, ...registration }, { unit }) => ({
    ...begun(registration, unit),
    adopted: true,
    // Who took its closing over answers for it.
    ...(stated.status === 'closed' && { status: 'closed', flags: NONE, closer: unit }),
  }),
  RegistrationCorrected: ({ registration, flags }, { field, to }) => ({
    registration: registration && corrected(registration, field, to ?? undefined),
    ...(field === 'sourceDueOn' && { sourceDueOn: to === null ? undefined : String(to) }),
    ...(field === 'personsAtRisk' && endangered(flags)),
  }),
  CaseClassified: (
    state,
    { categories, severity, rectificationType, route, closer, checklist, dueOn, deadline, ceilingOn },
  ) => ({
    ...{ categories, severity, rectificationType },
    registration: state.registration && { ...state.registration, categories, severity, rectificationType },
    ...(route && closer !== undefined && { route, closer }),
    // What was added may come before the recognition that it waited for.
    ...(route && state.status === 'verified' && stepping({ ...state, route }, state.passed)),
    ...(checklist && { checklist }),
    // How it came about goes with the day: sustained has no ceiling.
    ...(dueOn !== undefined && { dueOn, deadline, ceilingOn }),
  }),
  ItemsListed: ({ items }, { items: listed }) => ({
    items: new Map([
      ...items,
      ...listed.map(
        ({ id, kind, division }) => [id, { kind, ...(division !== undefined && { division }) }] as const,
      ),
    ]),
  }),
  ItemsDealt: ({ items, absent }, { items: dealt }) => {
    const gone = new Set<string | undefined>(dealt);
    return {
      items: new Map([...items].filter(([id]) => !gone.has(id))),
      absent: new Set([...absent].filter((place) => !gone.has(itemOf(place)))),
    };
  },
  FactCheckStarted: ({ checkerUnits }, { checkers, units }) => ({
    status: 'checking',
    substantiation: undefined,
    checkers: new Set(checkers),
    checkerUnits: [...new Set([...checkerUnits, ...units])],
  }),
  FactsEstablished: (
    { registration, receipts, flags },
    { substantiation, photos, taskText, personsAtRisk },
  ) => ({
    substantiation,
    receipts: plus(receipts, ...photos.map(({ receipt }) => receipt)),
    registration: taskText === undefined ? registration : registration && { ...registration, taskText },
    ...(personsAtRisk && endangered(flags)),
    // What is not so endangers nobody.
    ...(substantiation === 'none' && { status: 'unsubstantiated', flags: NONE }),
  }),
  CaseVoided: () => ({ status: 'voided', flags: NONE }),
  CaseSplit: (state, { children }) => ({
    status: 'split',
    // Whoever is at risk is so in a part now.
    flags: NONE,
    children: state.children + children.length,
    ...weighing(state, 0),
    // What was put right stays where it was.
    ...(state.amountFen !== undefined && { amountFen: state.rectifiedFen }),
  }),
  ResidualSplit: (state, { child }) => ({
    children: state.children + 1,
    ...weighing(state, weightOf(state) - child.weight),
    ...(state.amountFen !== undefined && { amountFen: state.amountFen - (child.amountFen ?? 0) }),
  }),
  CaseMerged: ({ status }) => ({ status: 'merged', mergedFrom: status }),
  CaseAbsorbed: (state, { sources, atRisk, limits, sourceDueOn, route, closer, checklist }) => ({
    sources: [...state.sources, ...sources],
    sourceDueOn: earlier(state.sourceDueOn, sourceDueOn),
    ...(route && { route }),
    ...(closer !== undefined && { closer }),
    ...(checklist && { checklist }),
    ...(atRisk && endangered(state.flags)),
    ...limited(state, limits),
  }),
  MergeUndone: (_, { status }) => ({ status, mergedFrom: undefined }),
  CaseAssigned: (state, { returnBy, final, circumstances = [], ...terms }, { unit }) => ({
    status: 'assigned',
    assigner: unit,
    ...{ returnBy, final, circumstances, stood: 0, ...fixedBy(terms) },
    ...handedOn(state, terms.leads, terms.coUnits),
  }),
  AssignmentDeemedAccepted: () => ({ status: 'rectifying', begun: false }),
  AssignmentAccepted: (state, _, actor) => ({
    status: 'rectifying',
    ...rectified(state, actor),
    begun: false,
  }),
  AssignmentReturned: (state) => ({ flags: plus(state.flags, 'returnPending'), returns: state.returns + 1 }),
  ReturnUpheld: ({ flags }) => ({
    status: 'registered',
    // With the case goes what its units had against it.
    flags: less(flags, 'returnPending', 'findingDisputed'),
    ...{ leads: [], coUnits: [], handler: undefined, route: [], closer: undefined, checklist: [] },
  }),
  ReturnRejected: ({ flags }) => ({ flags: less(flags, 'returnPending') }),
  FindingDisputed: ({ flags, receipts }, { files }) => ({
    flags: plus(flags, 'findingDisputed'),
    receipts: plus(receipts, ...files.map(({ receipt }) => receipt)),
  }),
  FindingUpheld: ({ flags }) => ({ flags: less(flags, 'findingDisputed'), findingRuled: true }),
  FindingAmended: (state, { taskText, amountFen, severity, householdCount, route, closer }) => ({
    flags: less(state.flags, 'findingDisputed'),
    findingRuled: true,
    registration: state.registration && {
      ...state.registration,
      ...(taskText !== undefined && { taskText }),
      ...(amountFen !== undefined && { amountFen }),
      ...(severity !== undefined && { severity }),
      ...(householdCount !== undefined && { householdCount }),
    },
    amountFen: amountFen ?? state.amountFen,
    severity: severity ?? state.severity,
    route: route ?? state.route,
    closer: closer ?? state.closer,
  }),
  CaseReassigned: (state, { leads, coUnits, dueOn, returnBy, disputeBy, route, closer }) => ({
    status: 'assigned',
    ...{ leads, coUnits, dueOn, returnBy, disputeBy, route, closer },
    ...(dueOn !== state.dueOn && { deadline: undefined }),
    // Their plan and their parts were those of the units before.
    handler: undefined,
    plan: 'none',
    parts: NO_PARTS,
    ...handedOn(state, leads, coUnits),
  }),
  CoUnitsChanged: (state, { coUnits, route, closer }) => ({
    ...{ coUnits, route, closer },
    ...handedOn(state, state.leads, coUnits),
  }),
  HandlerNamed: (_, { person }) => ({ handler: person }),
  PartAssigned: ({ parts, lastPart }, { part, unit, dueOn }) => ({
    begun: true,
    parts: new Map([
      ...parts,
      [part, { unit, dueOn, standing: 'assigned', submitters: parts.get(part)?.submitters ?? NONE }],
    ]),
    lastPart: Math.max(lastPart, part),
  }),
  PartAccepted: (state, { part }, actor) => ({
    ...withPart(state, part, { standing: 'accepted' }),
    ...rectified(state, actor),
  }),
  PartReturned: (state, { part }) => withPart(state, part, { standing: 'returned' }),
  PartSubmitted: (state, { part, files }, actor) => ({
    ...withPart(state, part, {
      standing: 'submitted',
      submitters: plus(state.parts.get(part)?.submitters ?? NONE, ...bearers(actor)),
    }),
    receipts: plus(state.receipts, ...files.map(({ receipt }) => receipt)),
    ...rectified(state, actor),
  }),
  PartPassed: (state, { part }) => withPart(state, part, { standing: 'passed' }),
  PartRejected: (state, { part }) => withPart(state, part, { standing: 'accepted' }),
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
  CaseReopened: (state, { round, cause, personsAtRisk, ...terms }, { unit }) => ({
    status: 'rectifying',
    ...{ round, ...fixedBy(terms) },
    ...handedOn(state, terms.leads, terms.coUnits),
    begun: false,
    failures: 0,
    findingRuled: false,
    parts: NO_PARTS,
    assigner: state.assigner ?? unit,
    // Whatever waited when it ended waits no more, but who is at risk still is.
    flags: state.flags.has('atRisk') ? AT_RISK : NONE,
    ...(personsAtRisk && endangered(NONE)),
    termination: undefined,
    lookBackAnswerBy: undefined,
    examiners: examinersOf(state),
    returns: 0,
    final: false,
    evidence: NO_EVIDENCE,
    itemEvidence: NO_ITEM_EVIDENCE,
    items: new Map([...state.items].map(([id, item]) => [id, unsettled(item)])),
    absent: NONE,
    checkAll: false,
    plan: 'none',
    stages: [],
    stagesDone: 0,
    reviewBy: undefined,
    extensionUntil: undefined,
    extensions: 0,
    suspendedFrom: undefined,
    suspendedDays: 0,
    stood: 0,
    supervision: NO_SUPERVISION,
    ...unexamined,
    reviewers: NONE,
    verifiers: NONE,
    approvers: NONE,
    barred: cause === 'false-rectification' ? plus(state.barred, ...state.vouched) : state.barred,
  }),
  CaseTerminated: ({ status = 'assigned' }, { holdUntil }) => ({
    status: 'terminated',
    termination: { holdUntil, from: status },
  }),
  TerminationHeld: (_, { to }) => ({ status: to, termination: undefined }),
  CaseTransferredOut: () => ({ status: 'transferred-out' }),
  CallbackRecorded: () => ({}),
  LookBackPassed: shown,
  LookBackFailed: (state, event) => ({ ...shown(state, event), lookBackAnswerBy: event.answerBy }),
  ReopeningRefused: () => ({ lookBackAnswerBy: undefined }),
  SupervisionIssued: ({ supervision }, { rung }, { unit, role }) => ({
    supervision: new Map([...supervision, [rung, { unit, role }]]),
  }),
  SupervisionLifted: ({ supervision }, { rung }) => ({
    supervision: new Map([...supervision].filter(([standing]) => standing !== rung)),
  }),
  InstructionRecorded: ({ instructions }, { instruction, lead, dueOn }, { unit }) => ({
    instructions: new Map([...instructions, [instruction, { dueOn, lead, by: unit, standing: 'open' }]]),
  }),
  InstructionAnswered: (state, { instruction }) => standing(state, instruction, 'answered'),
  AnswerAccepted: (state, { instruction }) => standing(state, instruction, 'accepted'),
  AnswerRejected: (state, { instruction }) => standing(state, instruction, 'open'),
  PersonExcluded: ({ excluded, handler }, { person }) => ({
    excluded: plus(excluded, person),
    handler: handler === person ? undefined : handler,
  }),
  ExclusionLifted: ({ excluded }, { person }) => ({ excluded: less(excluded, person) }),
  AccountabilityRecorded: () => ({}),
  VisibilityChanged: (_, { to }) => ({ visibility: to }),
  DeadlinePassed: ({ noted }, { duty, due, duties }) => ({
    noted: new Map([...noted, [duty, { due, next: duties?.begin?.[duty]?.tickOn ?? null }]]),
  }),
  DeadlineMoved: (_, { duty, to }) => (duty === 'complete' ? { dueOn: to } : {}),
};

function dutiesAfter(
  standing: CaseState['duties'],
  { begin = {}, end = [] }: DutyChanges,
): CaseState['duties'] {
  const duties = new Map(standing);
  for (const name of end) duties.delete(name);
  for (const [name, duty] of Object.entries(begin)) duties.set(name as DutyName, duty);
  return duties;
}

/** Events that change what an approval would approve; a command that did not see the last of them is stale. */
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
  Object.assign(state, change(state, event, meta.actor, recorded));
  if (event.duties) state.duties = dutiesAfter(state.duties, event.duties);
  if (!immaterial.has(event.type)) state.basis = revision;
  state.id = stream.slice('case-'.length);
}
