import { type Day } from './values.js';

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
