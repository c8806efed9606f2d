import { type Slot, type StepName } from './case-events.js';
import { type RectificationType, type Severity } from './intake.js';
import { type Role } from './roles.js';
import { type Day, type DivisionId, type PersonId, type UnitId } from './values.js';

export interface Division {
  id: DivisionId;
  name: string;
  level: string;
  parent?: DivisionId;
}

export interface Unit {
  id: UnitId;
  name: string;
  division: DivisionId;
  /** Level of its division. */
  level: string;
  /** The unit above. */
  parent?: UnitId;
}

export interface Appointment {
  unit: UnitId;
  role: Role;
}

export interface Person {
  id: PersonId;
  name: string;
  appointments: readonly Appointment[];
}

/** Which unit takes a step: the lead itself, the first above it that is not responsible, or the one of a level. */
export type Desk = 'lead' | 'above' | { level: string };

/** A version of the deployment's rules. */
export interface Policy {
  /** Such as `demo@1`. */
  id: string;
  categories: Readonly<Record<string, { title: string; checklist: readonly Slot[] }>>;
  /** Working days from assignment to completion. */
  completion: Readonly<Record<RectificationType, Readonly<Record<Severity, number>>>>;
  /** Working days in which a unit may return an assignment. */
  returnDays: number;
  returnGrounds: Readonly<Record<string, string>>;
  /** Extensions that one round may have. */
  extensions: number;
  /** How money is put right. */
  moneyMethods: Readonly<Record<string, string>>;
  /** In working days: the most that all suspensions of a round last together, and one on each ground. */
  suspension: {
    most: number;
    grounds: Readonly<Record<string, { title: string; most: number }>>;
  };
  /** Rungs of supervision (督办), from the mildest; `by`: only this role may issue and lift it. */
  ladder: Readonly<Record<string, { title: string; by?: Role }>>;
  routes: Readonly<Record<Severity, readonly { step: StepName; by: Desk }[]>>;
}

/** Working days, without the program's sets: see the room `calendar`. */
export interface CalendarVersion {
  id: string;
  holidays: ReadonlySet<Day>;
  moved: ReadonlySet<Day>;
}

/** The reference data as it stands at a moment. Lookups cost nothing; the whole is replaced, never changed. */
export interface Register {
  /** IANA time zone of the deployment: days begin and end in it. */
  zone: string;
  policy: Policy;
  calendar: CalendarVersion;
  unit: (id: UnitId) => Unit | undefined;
  division: (id: DivisionId) => Division | undefined;
  person: (id: PersonId) => Person | undefined;
  persons: readonly Person[];
  /** Whether `outer` is `inner` or one of the divisions it lies in. */
  covers: (outer: DivisionId, inner: DivisionId) => boolean;
  /** The division and all that lie in it. */
  within: (division: DivisionId) => readonly DivisionId[];
}

/** Query for the Register. */
export class CurrentRegister {
  readonly type = 'CurrentRegister';
}

export const SERIES = ['case', 'letter', 'closure'] as const;
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
