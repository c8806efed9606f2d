import { IsObject, Matches } from 'class-validator';
import {
  AreParts,
  type Day,
  IsCount,
  IsId,
  IsReason,
  IsReceipt,
  type PersonId,
  type Uuid,
} from './values.js';

/** At most this many cases are decided in one batch. */
export const MOST_CASES = 500;

/** A case of a batch, and its revision as it was seen. */
export class BatchCase {
  @IsReceipt() case!: Uuid;
  @IsCount(1_000_000_000) seen!: number;
}

/** One decision on many cases: carried out as one command for each. */
export class DecideMany {
  /** In kebab case, as in its address. */
  @Matches(/^[a-z]+(?:-[a-z]+){0,5}$/) command!: string;
  @AreParts(() => BatchCase, MOST_CASES) cases!: BatchCase[];
  /** What the command says, of each case alike. */
  @IsObject() body!: object;
}

/** Gives the cases that somebody has in hand at the caller's unit to another of its handlers. */
export class HandOver {
  /** Who leaves. */
  @IsId() person!: PersonId;
  /** Who goes on. */
  @IsId() to!: PersonId;
  /** Stands in the history of each case. */
  @IsReason() reason!: string;
}

/** What somebody has in hand, the cases due first first. */
export interface InHand {
  person: PersonId;
  cases: { case: Uuid; caseNumber: string; status: string; dueOn: Day | null }[];
  /** There are more than are told, and than one hand-over takes. */
  more: boolean;
}

/** What became of a case of a batch. */
export interface BatchResult {
  case: Uuid;
  /** `waiting` until it was its turn. */
  status: 'waiting' | 'done' | 'refused';
  code?: string;
  revision?: number;
}

export interface Batch {
  batch: Uuid;
  command: string;
  done: boolean;
  results: BatchResult[];
}
