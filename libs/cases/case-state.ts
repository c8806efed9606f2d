import { type CaseEvent, type RouteStep, type Slot, type StepName } from '../contracts/case-events.js';
import { type Deadline, type Duty, type DutyName } from '../contracts/deadline.js';
import { type DisciplinePosition } from '../contracts/examination-positions.js';
import {
  type RectificationType,
  type Severity,
  type Source,
  type Substantiation,
  type Visibility,
} from '../contracts/intake.js';
import { type ItemKind } from '../contracts/items.js';
import { type Stage } from '../contracts/rectification.js';
import { type Status } from '../contracts/status.js';
import { type Day, type DivisionId, type PersonId, type UnitId, type Uuid } from '../contracts/values.js';
import { type Actor } from '../eventing/event.js';
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
  /** Since when it is at its end: an instant, or the day that an old ledger states. */
  endedAt: string | undefined;
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

export const weightOf = ({ registration }: CaseState): number => registration?.weight ?? 0;
