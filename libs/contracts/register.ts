import { type Slot, type StepName } from './case-events.js';
import { type Term } from './deadline.js';
import { type RectificationType, type Severity } from './intake.js';
import { type Role } from './roles.js';
import { type Day, type DivisionId, type PersonId, type UnitId } from './values.js';

export interface Division {
  id: DivisionId;
  name: string;
  level: string;
  parent?: DivisionId;
  /** The division that carries it on since it was merged; what lay in this one lies in that. */
  successor?: DivisionId;
}

export interface Unit {
  id: UnitId;
  name: string;
  division: DivisionId;
  /** Level of its division. */
  level: string;
  /** The unit above. */
  parent?: UnitId;
  /** The unit that carries it on since it was abolished. */
  successor?: UnitId;
}

export interface Appointment {
  unit: UnitId;
  role: Role;
}

/** Somebody stands in for somebody else in one of their posts. */
export interface Delegation extends Appointment {
  from: PersonId;
}

/** A person as of the register's day: only what is in effect then. */
export interface Person {
  id: PersonId;
  name: string;
  /** Acting appointments among them. */
  appointments: readonly Appointment[];
  /** Posts of others that this person fills for them. */
  delegations: readonly Delegation[];
  /** Reads, but does not act. */
  onLeave: boolean;
}

/** A document that brings problems, as it was recorded. */
export interface SourceDocument {
  /** The day it sets. */
  dueOn?: Day;
  /** The unit at which its results are recognised, where that is one of the register's. */
  recogniserUnit?: UnitId;
}

/** Which unit takes a step (see `Policy.routes`). */
export type Desk =
  /** The first lead itself. */
  | 'lead'
  /** The first above the first lead that is not responsible. */
  | 'above'
  /** Another unit of the lead's division that is not responsible; of several the first by id. */
  | 'beside'
  /** The unit that registered the case; of a recognition the one that the source's document names. */
  | 'finder'
  /** The first above the first lead, of this level. */
  | { level: string };

/** A slot of a checklist as the policy has it. */
export interface SlotRule extends Slot {
  /** Wanted only where one of these holds: `at-risk`, `source:PT` (a source's code), or a circumstance of the policy. */
  when?: string | readonly string[];
}

/** Terms of completion of one kind of rectification and severity. */
export interface Completion {
  firstAction: Term;
  /** Until when a plan is due, where one is needed. */
  plan?: Term;
  done: Term;
  /** With all extensions; without one, the plan decides. */
  ceiling?: Term;
  /** How often what is sustained is reviewed. */
  review?: Term;
}

/** A term that depends on the source's code; `other` of every other source. */
export type BySource = Readonly<Record<string, Term>> & { readonly other: Term };

/** For how long each desk may keep a case. */
export interface DeskTerms {
  accept: BySource;
  return: BySource;
  returnRuling: Term;
  interimSafety: Term;
  dispute: Term;
  disputeRuling: Term;
  review: Term;
  verification: Readonly<Record<Severity, Term>>;
  approval: Term;
  publicNotice: Term;
  objection: Term;
  extensionRuling: Term;
  disciplinePosition: Term;
  recognitionReminder: Term;
  instruction: Term;
  suspensionReview: Term;
  lookBackAnswer: Term;
  terminationHold: Term;
}

/** The steps of cases to which `when` applies; what it does not name, it does not ask. */
export interface RouteRule {
  when?: {
    severities?: readonly Severity[];
    categories?: readonly string[];
    sources?: readonly string[];
    /** Of the first lead. */
    levels?: readonly string[];
  };
  steps: readonly { step: StepName; by: Desk }[];
}

/** A kind of source. */
export interface SourceRule {
  title: string;
  /** The facts are checked before the case is assigned. */
  factCheck?: boolean;
  /** The unit concerned found it itself. */
  selfFound?: boolean;
  /** Who speaks through it is a private person: petitioner and wording are sealed. */
  personal?: boolean;
  /** Its cases are completed in this term, where the type and severity give more. */
  done?: Term;
  /** Extensions that one round of its cases may have, where the policy gives more. */
  extensions?: number;
  /** By how much one of them moves the due day at most. */
  extendedBy?: Term;
}

/** A kind of problem. */
export interface CategoryRule {
  title: string;
  /** Besides that of every case. */
  checklist: readonly SlotRule[];
  /** As of a source. */
  done?: Term;
  /** Its money is made good: nothing is submitted while some of the amount in question is not put right. */
  madeGood?: boolean;
}

/** A version of the deployment's rules. */
export interface Policy {
  /** Such as `demo@1`. */
  id: string;
  /** By code. */
  sources: Readonly<Record<string, SourceRule>>;
  categories: Readonly<Record<string, CategoryRule>>;
  /** Wanted in every case. */
  checklist: readonly SlotRule[];
  /** What may be said of a case when it is assigned, for slots that depend on it. */
  circumstances: Readonly<Record<string, string>>;
  completion: Readonly<Record<RectificationType, Readonly<Record<Severity, Completion>>>>;
  desks: DeskTerms;
  /** All that apply are united, in the order of `StepName`; of the same step the last one says by whom. */
  routes: readonly RouteRule[];
  returnGrounds: Readonly<Record<string, string>>;
  /** Grounds that people name and that are none: the reason why. */
  refusedReturnGrounds?: Readonly<Record<string, string>>;
  /** Extensions that one round may have. */
  extensions: number;
  /** How money is put right. */
  moneyMethods: Readonly<Record<string, string>>;
  /**
   * In working days: the most that all suspensions of a round last together, and one on each ground. A ground without
   * `most` lasts as long as somebody else takes, and stands apart from what the others last together.
   */
  suspension: {
    most: number;
    grounds: Readonly<Record<string, { title: string; most?: number }>>;
    /** As `refusedReturnGrounds`. */
    refused?: Readonly<Record<string, string>>;
  };
  terminationGrounds: Readonly<Record<string, string>>;
  /** Severities whose submission the principal countersigns; no step of its examination is passed before. */
  countersigned: readonly Severity[];
  /** Of many items, how many a verification looks at: at least so many, or this share in percent; all where severe. */
  sampling: { least: number; percent: number; allOf: readonly Severity[] };
  /**
   * Rungs of supervision (督办), from the mildest; `by`: only this role may issue and lift it. `overdue`: due when so
   * many working days have passed since the due day.
   */
  ladder: Readonly<Record<string, { title: string; by?: Role; overdue?: number }>>;
  /** Forms of accountability: what may be done to whom. */
  accountability: Readonly<Record<string, { title: string; form: string }>>;
  /** Ranks of those held to account. */
  ranks: Readonly<Record<string, string>>;
  /**
   * For how many whole years after its end a case keeps its personal data; then it is due for erasure, which two
   * administrators decide. Without it nothing is ever due.
   */
  retention?: number;
}

/** Working days, without the program's sets: see the room `calendar`. */
export interface CalendarVersion {
  id: string;
  holidays: ReadonlySet<Day>;
  moved: ReadonlySet<Day>;
  /** The last published day. */
  until?: Day;
}

/** The reference data as it stands on a day. Lookups cost nothing; the whole is replaced, never changed. */
export interface Register {
  /** IANA time zone of the deployment: days begin and end in it. */
  zone: string;
  /** The day of which it is the register. */
  today: Day;
  policy: Policy;
  /** Of the whole deployment. */
  calendar: CalendarVersion;
  /** Of a division, with holidays of its own. */
  calendarOf: (division: DivisionId) => CalendarVersion;
  unit: (id: UnitId) => Unit | undefined;
  /** Open units of this very division, by id. */
  unitsIn: (division: DivisionId) => readonly Unit[];
  /** The unit that carries on what this one did: itself while it stands. */
  present: (id: UnitId) => UnitId;
  /** The units that this one carries on, itself among them. */
  carried: (id: UnitId) => readonly UnitId[];
  division: (id: DivisionId) => Division | undefined;
  /** Divisions that lie in no other. */
  roots: readonly DivisionId[];
  person: (id: PersonId) => Person | undefined;
  persons: readonly Person[];
  /** The document of a kind of source that has this number, however that is written. */
  source: (code: string, number: string) => SourceDocument | undefined;
  /** Whether `outer` is `inner` or one of the divisions it lies in, as divisions stand now. */
  covers: (outer: DivisionId, inner: DivisionId) => boolean;
  /** The division and all that lie in it, closed ones that were merged into them included. */
  within: (division: DivisionId) => readonly DivisionId[];
}

/** Query for the Register. */
export class CurrentRegister {
  readonly type = 'CurrentRegister';
}

export const SERIES = ['case', 'letter', 'closure', 'referral'] as const;
export type Series = (typeof SERIES)[number];

/** Query for a number as a label (string). The same owner gets the same number again; gaps are allowed. */
export class TakeNumber {
  readonly type = 'TakeNumber';
  constructor(
    readonly series: Series,
    readonly owner: string,
    readonly on: Day,
  ) {}
}
