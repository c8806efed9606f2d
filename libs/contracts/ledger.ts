import { type Status } from './status.js';
import { type Duties, type DutyName, type Light } from './deadline.js';
import { type LookBackOutcome, type Resolved } from './afterwards.js';
import { type Caller } from './envelope.js';
import {
  type RectificationType,
  type Severity,
  type Source,
  type Substantiation,
  type Visibility,
} from './intake.js';
import { type Day, type DivisionId, type PersonId, type UnitId, type Uuid } from './values.js';

/** A case as the ledger shows it. Days are of the deployment's zone, instants ISO 8601 UTC. */
export interface LedgerRow {
  id: Uuid;
  revision: number;
  /** 序号: the ordinal of the registration. */
  seq: number;
  caseNumber: string;
  source: string;
  sourceDocument: string | null;
  sourceLine: string | null;
  sourcePart: string | null;
  /** Its own source, then those of cases that were merged into it. */
  sources: Source[];
  intakeNumber: string | null;
  foundOn: Day | null;
  foundBy: string | null;
  divisions: DivisionId[];
  address: string | null;
  latitudeE7: number | null;
  longitudeE7: number | null;
  datum: string | null;
  categories: string[];
  severity: Severity;
  rectificationType: RectificationType;
  description: string;
  basis: string | null;
  amountFen: number | null;
  /** Put right of it. */
  rectifiedFen: number;
  householdCount: number | null;
  occurredFrom: Day | null;
  occurredTo: Day | null;
  sourceDueOn: Day | null;
  personsAtRisk: boolean;
  /** In thousandths; what was split off stands in the rows of the parts. */
  weight: number;
  /** What the county works from, where that is not the description. */
  taskText: string | null;
  problemType: string | null;
  knownSince: Day | null;
  fundDocument: string | null;
  fiscalYear: number | null;
  principal: string | null;
  visibility: Visibility;
  circularId: string | null;
  campaignId: string | null;
  frame: string | null;
  batch: string | null;
  remark: string | null;
  /** From an old ledger, which says this of it: 未经本系统核实. */
  adopted: boolean;
  statedStatus: string | null;
  statedClosedOn: Day | null;
  statedDueOn: Day | null;
  statedUnit: string | null;
  statedClosureNumber: string | null;
  /** 是否属实, once the facts are established. */
  substantiation: Substantiation | null;
  /** 户数/项数: listed, and of them rectified or excepted in this round. */
  items: number;
  itemsSettled: number;
  /** The case that it was a part of. */
  parent: Uuid | null;
  /** Cases that were merged into it. */
  absorbed: Uuid[];
  /** The case that goes on for it. */
  mergedInto: Uuid | null;
  status: Status;
  flags: string[];
  leads: UnitId[];
  coUnits: UnitId[];
  /** Who handles it for the lead. */
  handler: PersonId | null;
  /** Parts given, and those of them that are passed. */
  parts: number;
  partsPassed: number;
  requirement: string | null;
  letter: string | null;
  dueOn: Day | null;
  returns: number;
  /** Extensions granted in this round, and in all rounds. */
  extensions: number;
  extended: number;
  suspendedUntil: Day | null;
  /** Stages of the plan that are completed. */
  stagesDone: number;
  /** While it is sustained: the day of the next review. */
  reviewBy: Day | null;
  /** Files attached in this round. */
  evidence: number;
  /** Slots of which this round says that there is no evidence; where it says so of one item: slot and item, a space between. */
  declaredAbsent: string[];
  /** Reports of progress so far. */
  reports: number;
  /** The last report; empty: nothing has changed. */
  progress: string | null;
  pending: string | null;
  measures: string | null;
  /** Of the plan that stands. */
  doneStandard: string | null;
  fundsFen: number | null;
  completedOn: Day | null;
  /** passed, failed, or null while none stands. */
  verification: string | null;
  verifiedAt: string | null;
  /** Who stood on the spot, as far as it is recorded since the standing submission. */
  verifiers: PersonId[];
  /** passed or failed: what the first verification of all came to. */
  firstVerification: string | null;
  /** How often a review was handed to the level above. */
  escalations: number;
  /** The last day of the public notice of the standing submission. */
  notice: Day | null;
  /** Objections that wait for their ruling. */
  objections: number;
  /** no-objection, hold, or null while none stands. */
  disciplinePosition: string | null;
  /** 来源认定: recognised, not-recognised, or null while none stands. */
  recognition: string | null;
  /** How often it was struck off by the road of this system. */
  closures: number;
  closedAt: string | null;
  closureNumber: string | null;
  round: number;
  reopened: number;
  /** Of the last reopening; and of all, each once. */
  reopenCause: string | null;
  reopenCauses: string[];
  /** How it ended otherwise than by closing: the ground of a termination, or whom it was transferred to. */
  endedBy: string | null;
  endedAt: string | null;
  /** The last day on which a termination may be held. */
  holdUntil: Day | null;
  /** Callbacks so far, and whether the last of them says that the problem is resolved. */
  callbacks: number;
  callback: Resolved | null;
  /** Of this round. */
  lookBack: LookBackOutcome | null;
  /** While a failed look-back waits for its answer: the last day for it. */
  lookBackAnswerBy: Day | null;
  /** Persons held to account. */
  accountability: number;
  /** Rungs that stand in this round. */
  supervision: string[];
  /** Instructions without an accepted answer. */
  openInstructions: number;
  /** Whether it is still on its way: at no end. */
  open: boolean;
  /** What it waits for, by when, and the days at which the light of each turns. */
  duties: Duties;
  /** The first day of each light: of its duties the one that presses most. */
  blueFrom: Day | null;
  yellowFrom: Day | null;
  redFrom: Day | null;
  /** The highest rung of the ladder that has come due for being late. */
  overdueRung: string | null;
  /** Units at whose desk the case lies now. */
  heldBy: UnitId[];
  heldSince: string;
  registeredAt: string;
  changedAt: string;
}

/**
 * What a list is narrowed to: texts by column, as they stand in an address, such as `{ status: 'rectifying,submitted',
 * dueOn: '..2026-03-31' }`. `libs/ledger/asking/filters.ts` says how each column is asked for.
 */
export type LedgerFilter = Readonly<Record<string, string>>;

/** By what the ledger can be put in order; with `-` before it the other way round. */
export const LEDGER_SORTS = ['seq', 'foundOn', 'dueOn', 'amountFen', 'heldSince', 'closedAt'] as const;
export type LedgerSort = (typeof LEDGER_SORTS)[number];
export type LedgerOrder = LedgerSort | `-${LedgerSort}`;

/** Query for a page of the ledger (LedgerPage). */
export class LedgerList {
  readonly type = 'LedgerList';
  constructor(
    readonly caller: Caller,
    readonly filter: LedgerFilter,
    readonly limit: number,
    readonly order: LedgerOrder = '-seq',
    /** From the page before, with the same filter and order. */
    readonly after?: string,
  ) {}
}

export interface LedgerPage {
  rows: ListedRow[];
  /** For the next page; absent on the last. */
  next?: string;
}

/** A row with what depends on the day it is looked at. */
export type ListedRow = LedgerRow & {
  /** Of the duty that presses most; null where nothing is waited for. */
  light: Light | null;
  /** That duty. */
  lightOf: DutyName | null;
  /** Full days in the present hands. */
  heldDays: number;
};

/** Query for a page (LedgerPage) of the cases in which all words of a text stand, newest first. */
export class SearchCases {
  readonly type = 'SearchCases';
  constructor(
    readonly caller: Caller,
    readonly text: string,
    readonly filter: LedgerFilter,
    readonly limit: number,
    readonly after?: string,
  ) {}
}

/** Query for what a caller has to do (WorkGroup[]): the first cases of each group. */
export class MyWork {
  readonly type = 'MyWork';
  constructor(
    readonly caller: Caller,
    readonly limit: number,
  ) {}
}

/** Cases that wait for the same thing. `filter` and `order` list all of them. */
export interface WorkGroup {
  name: string;
  filter: LedgerFilter;
  order: LedgerOrder;
  cases: number;
  rows: ListedRow[];
}

/** Query for how many cases a filter lists (LedgerCount). */
export class CountCases {
  readonly type = 'CountCases';
  constructor(
    readonly caller: Caller,
    readonly filter: LedgerFilter,
    /** Counted no further than this. */
    readonly most: number,
  ) {}
}

export interface LedgerCount {
  cases: number;
  /** In thousandths. */
  weight: number;
  /** Whether there are more, which were not counted. */
  more: boolean;
}

/**
 * Query for how many cases that are under way name somebody as their handler (number): for administrators, who see none
 * of them.
 */
export class CountInHand {
  readonly type = 'CountInHand';
  constructor(readonly person: PersonId) {}
}

/** Cases that a rule is about: those that are so in everything that is said. */
export interface Touched {
  source?: string;
  category?: string;
  severity?: Severity;
  rectificationType?: RectificationType;
}

/** Query for how many cases that are under way some rules are about (TouchedCases): for administrators, as CountInHand. */
export class CountTouched {
  readonly type = 'CountTouched';
  constructor(readonly rules: readonly Touched[]) {}
}

export interface TouchedCases {
  /** Of each rule, in their order. */
  each: number[];
  /** Of any of them. */
  any: number;
}

/** Query for one case (LedgerRow and, where it could not be read on, the revision it halted at), or null. */
export class LedgerCase {
  readonly type = 'LedgerCase';
  constructor(
    readonly caller: Caller,
    readonly caseId: Uuid,
  ) {}
}

export type LedgerDetail = ListedRow & { haltedAt: number | null };

/** Query for one case as it was at the end of a day, or behind an ordinal of the log (LedgerCaseThen), or null. */
export class LedgerCaseAsOf {
  readonly type = 'LedgerCaseAsOf';
  constructor(
    readonly caller: Caller,
    readonly caseId: Uuid,
    readonly then: { day: Day } | { ordinal: number },
  ) {}
}

/** Its light and its days are those of `asOf`. */
export type LedgerCaseThen = LedgerDetail & { asOf: Day };

export const FIGURE_GROUPS = ['division', 'category', 'source'] as const;

/** Of what figures are asked. */
export interface FiguresAsked {
  /** Instead of the division of the caller's unit. */
  division?: DivisionId;
  /** The first of their categories; of several one, with commas. */
  category?: string;
  source?: string;
  by?: (typeof FIGURE_GROUPS)[number];
  /** At the end of this day. */
  asOf?: Day;
}

/** Query for figures (Figures) of the caller's division, or another. */
export class LedgerFigures {
  readonly type = 'LedgerFigures';
  constructor(
    readonly caller: Caller,
    readonly asked: FiguresAsked = {},
  ) {}
}

/** What cases come to. */
export interface Sum {
  cases: number;
  /** In thousandths. */
  weight: number;
  amountFen: number;
  rectifiedFen: number;
}

export interface Figure extends Sum {
  name: string;
  /** Lists exactly these cases; absent in figures of a day that is over. */
  filter?: LedgerFilter;
}

/** A share, by weight; nothing of it is said without how many cases it is made of. */
export interface Rate {
  name: string;
  numerator: Figure;
  denominator: Figure;
  /** Cases of the denominator. */
  n: number;
  /** In thousandths; null where there is nothing to divide by. */
  value: number | null;
  /** Fewer than ten cases: too few to compare. */
  few: boolean;
}

export interface FigureGroup {
  /** A division, a category or a source. */
  key: string;
  figures: Figure[];
  rates: Rate[];
}

export interface Figures {
  division: DivisionId;
  figures: Figure[];
  rates: Rate[];
  /** Of what is on its way, as of today. */
  lights?: Figure[];
  ageing?: Figure[];
  groups?: FigureGroup[];
  asOf?: Day;
  /** Restricted cases, those that are kept from somebody and those of several places are not in figures of the past. */
  plainOnly?: true;
}

/** Query that waits until the ledger has a revision of a case that the caller may see, at most `ms`; answers whether it has (boolean). */
export class LedgerReached {
  readonly type = 'LedgerReached';
  constructor(
    readonly caller: Caller,
    readonly caseId: Uuid,
    readonly revision: number,
    readonly ms: number,
  ) {}
}
