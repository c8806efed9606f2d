import { type Day, type UnitId } from './values.js';

export type TermUnit = 'working-days' | 'calendar-days' | 'months';

/** How long something may take, such as 30 working days. */
export interface Term {
  n: number;
  unit: TermUnit;
}

/** A term that runs: it ends at 24:00 of `due`, in the deployment's zone. */
export interface Deadline extends Term {
  /** The act's day, which counts for nothing. */
  start: Day;
  /** The rule it rests on, as a key of the policy. */
  basis: string;
  /** The day it never passes, such as the source's. */
  ceiling?: Day;
  /** The last day in time. */
  due: Day;
  /** Whether `due` lies beyond the last published day, so that a notice still to come may move it. */
  provisional: boolean;
}

/** How near the end is: far, near, very near, passed; grey while it does not run. */
export type Light = 'green' | 'blue' | 'yellow' | 'red' | 'grey';

/** The first day of each light; none while suspended. A later light covers an earlier one. */
export interface Turns {
  blueFrom: Day | null;
  yellowFrom: Day | null;
  redFrom: Day | null;
}

/** What a case may wait for. */
export const DUTIES = [
  'accept',
  'return-ruling',
  'dispute-ruling',
  'interim-safety',
  'plan',
  'complete',
  'extension-ruling',
  'suspension-review',
  'suspension-end',
  'review',
  'verify',
  'approve',
  'public-notice',
  'notice-end',
  'objection-ruling',
  'discipline-position',
  'recognition',
  'close',
  'stage-review',
  'look-back-answer',
  'first-action',
  'part',
  'instruction',
  'discipline-reminder',
] as const;
/** Of these there are several at once, each with a day and units of its own. */
const NUMBERED = ['part', 'instruction'] as const;

export type DutyKind = (typeof DUTIES)[number];
type NumberedDuty = (typeof NUMBERED)[number];
/** Such as `verify`, or `part-2`. */
export type DutyName = SingleDuty | `${NumberedDuty}-${number}`;
export type SingleDuty = Exclude<DutyKind, NumberedDuty>;

/** How names of duties are written. */
export const DUTY_NAME = new RegExp(
  `^(?:${DUTIES.filter((kind) => !NUMBERED.some((one) => one === kind)).join('|')}|(?:${NUMBERED.join('|')})-[1-9]\\d{0,4})$`,
);

/** Of which kind a duty is. */
export const kindOf = (name: DutyName): DutyKind => name.replace(/-\d+$/, '') as DutyKind;

/** Something that some units must do, and by when. */
export interface Duty extends Deadline, Turns {
  units: UnitId[];
  /** Why it is yellow earlier than its days say. */
  pressing?: 'failures' | 'stage-late';
  /** The day from which the clock has something to say of it; null: no more. */
  tickOn: Day | null;
}

/** Duties by their names. */
export type Duties = { [N in SingleDuty]?: Duty } & { [N in `${NumberedDuty}-${number}`]: Duty };

/** Which duties an event brought and which it ended. What it brings anew replaces what stood. */
export interface DutyChanges {
  begin?: Duties;
  end?: DutyName[];
}
