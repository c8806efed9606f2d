import { Equals } from 'class-validator';
import {
  AreCases,
  type Day,
  IsCase,
  IsDay,
  IsId,
  IsReason,
  Optional,
  type PersonId,
  type Uuid,
} from './values.js';

/** So many cases are asked for at once. */
export const MOST_RETAINED = 200;

/** Says that the time is over for which the case kept its personal data, which is erased then: given by the system only, once two administrators have decided it. */
export class EndRetention {
  @Equals('EndRetention') readonly type = 'EndRetention';
  /** In which they did. */
  @IsCase() request!: Uuid;
  @IsId() askedBy!: PersonId;
  @IsId() approvedBy!: PersonId;
}

/** Asks that the personal data of cases be erased whose time of retention is over: of these, or of those due longest. */
export class AskRetention {
  @Optional() @AreCases(MOST_RETAINED) cases?: Uuid[];
  /** Those that were due on this day, at most 200. */
  @Optional() @IsDay() dueBy?: Day;
  /** Names nobody. */
  @IsReason() reason!: string;
}

/** A case that ended so long ago. Nothing of what it is about. */
export interface Ended {
  case: Uuid;
  caseNumber: string;
  endedOn: Day;
  /** Persons, free texts and files whose keys would be destroyed; those erased before are among them. */
  holders: number;
}

/**
 * Query for cases at their end in which something is sealed (EndedPage), those that ended first first: at the end since
 * `endedBy` or longer, waiting for nobody, and sharing nobody who is sealed in them with a case that has not ended so
 * long ago. For administrators, who read no case: numbers and days only.
 */
export class EndedLongAgo {
  readonly type = 'EndedLongAgo';
  constructor(
    readonly endedBy: Day,
    readonly today: Day,
    readonly limit: number,
    readonly narrowed: {
      /** None but these. */
      only?: readonly Uuid[];
      /** None of these. */
      except?: readonly Uuid[];
      /** None that ended after this day. */
      until?: Day;
      /** From the page before. */
      after?: string;
    } = {},
  ) {}
}

export interface EndedPage {
  cases: Ended[];
  /** For the next page; absent on the last. */
  next?: string;
}

/** A case whose time of retention is over. */
export interface DueCase extends Ended {
  /** The first day on which it was. */
  dueOn: Day;
}

/** By which rule cases are due; absent where the policy in force has none, and nothing ever is. */
export interface RetentionRule {
  /** The version of the policy. */
  policy: string;
  /** Whole years after the end of a case. */
  years: number;
}

export interface RetentionDue {
  on: Day;
  rule?: RetentionRule;
  cases: DueCase[];
  next?: string;
}

/** What came of a case that was asked for: `left-out`: it was not due any more. */
export const RETENTION_OUTCOMES = ['erased', 'left-out'] as const;
export type RetentionOutcome = (typeof RETENTION_OUTCOMES)[number];

/** Of a request for many cases. */
export interface RetentionAsked {
  /** As it stood when it was asked; whether they are due is asked again when it is approved. */
  rule: RetentionRule;
  dueBy?: Day;
  /** How many were asked for, are erased, and were left out. */
  asked: number;
  erased: number;
  leftOut: number;
  /** Each of them; not in a list of requests. */
  cases?: (DueCase & { outcome?: RetentionOutcome })[];
}
