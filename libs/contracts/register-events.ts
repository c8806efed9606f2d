import { type Policy } from './register.js';
import { type Role } from './roles.js';
import { type Sealed } from './sealing.js';
import { type Day, type DivisionId, type PersonId, type UnitId } from './values.js';

// What happened to the reference data. `from` is the first day of its effect; what is ended has its last day before it.

export type DivisionEvent =
  | { type: 'DivisionOpened'; name: string; level: string; parent?: DivisionId; from: Day }
  | { type: 'DivisionRenamed'; name: string; level?: string; from: Day }
  /** Lies in another division; without `parent` in none. */
  | { type: 'DivisionMoved'; parent?: DivisionId; from: Day }
  | { type: 'DivisionMerged'; into: DivisionId; from: Day }
  | { type: 'DivisionClosed'; from: Day };

export type UnitEvent =
  | { type: 'UnitOpened'; name: string; division: DivisionId; parent?: UnitId; from: Day }
  | { type: 'UnitRenamed'; name: string; from: Day }
  /** Where it is and below whom, both anew. */
  | { type: 'UnitMoved'; division: DivisionId; parent?: UnitId; from: Day }
  | { type: 'UnitAbolished'; successor: UnitId; from: Day };

/** @typeParam Name as it is stored; the names of a file that is read at the start are texts. */
export type PersonEvent<Name = Sealed> =
  | { type: 'PersonEntered'; name: Name; identityNumber?: Name; from: Day }
  | { type: 'PersonRenamed'; name: Name; identityNumber?: Name; from: Day }
  | { type: 'PersonAppointed'; unit: UnitId; role: Role; from: Day; until?: Day; acting?: true }
  | { type: 'AppointmentEnded'; unit: UnitId; role: Role; from: Day }
  | { type: 'DelegationGiven'; to: PersonId; unit: UnitId; role: Role; from: Day; until: Day }
  | { type: 'DelegationEnded'; to: PersonId; unit: UnitId; role: Role; from: Day }
  | { type: 'LeaveTaken'; from: Day; until: Day }
  | { type: 'LeaveEnded'; from: Day };

export interface PolicyEvent {
  type: 'PolicyPublished';
  /** Of the version, such as `demo@1`; a version never has other rules. */
  id: string;
  policy: Policy;
  from: Day;
}

/** Days off and days worked that a division has besides those of the whole deployment. */
export interface OwnDays {
  division: DivisionId;
  holidays: Day[];
  moved: Day[];
}

export interface CalendarEvent {
  type: 'CalendarPublished';
  /** Of the version, such as `national@2026`. */
  id: string;
  holidays: Day[];
  moved: Day[];
  /** The last published day. */
  until?: Day;
  divisions?: OwnDays[];
  from: Day;
}

export interface SourceEvent {
  type: 'SourceRecorded';
  /** Code of its kind. */
  code: string;
  number: string;
  issuer: string;
  date: Day;
  /** How many problems it names. */
  lines: number;
  dueOn?: Day;
  /** Who will recognise the result. */
  recogniser?: string;
  recogniserUnit?: UnitId;
}

export type BatchEvent =
  | { type: 'BatchOpened'; file: string; rows: number }
  | {
      type: 'BatchClosed';
      registered: number;
      known: number;
      /** Numbers of the rows that were refused, by the reason and the column at fault. */
      refused: { reason: string; column?: string; rows: number[] }[];
    };

/** What happens to each kind of entry; the kind and a hyphen begin the name of its stream. */
export interface RegisterEvents {
  division: DivisionEvent;
  unit: UnitEvent;
  person: PersonEvent;
  policy: PolicyEvent;
  calendar: CalendarEvent;
  source: SourceEvent;
  batch: BatchEvent;
}
export type RegisterKind = keyof RegisterEvents;
export type RegisterEvent = RegisterEvents[RegisterKind];

/** The stored names of each kind. */
export const registerEvents: {
  readonly [K in RegisterKind]: { readonly [T in RegisterEvents[K]['type']]: true };
} = {
  division: {
    DivisionOpened: true,
    DivisionRenamed: true,
    DivisionMoved: true,
    DivisionMerged: true,
    DivisionClosed: true,
  },
  unit: { UnitOpened: true, UnitRenamed: true, UnitMoved: true, UnitAbolished: true },
  person: {
    PersonEntered: true,
    PersonRenamed: true,
    PersonAppointed: true,
    AppointmentEnded: true,
    DelegationGiven: true,
    DelegationEnded: true,
    LeaveTaken: true,
    LeaveEnded: true,
  },
  policy: { PolicyPublished: true },
  calendar: { CalendarPublished: true },
  source: { SourceRecorded: true },
  batch: { BatchOpened: true, BatchClosed: true },
};

export const REGISTER_KINDS = Object.keys(registerEvents) as RegisterKind[];
