import { IsObject, Matches } from 'class-validator';
import { AreParts, IsCount, IsReceipt, type Uuid } from './values.js';

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
