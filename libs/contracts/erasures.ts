import { Matches } from 'class-validator';
import { type RetentionAsked } from './retention.js';
import { IsCase, IsCount, IsFilled, IsId, IsReason, Optional, type PersonId, type Uuid } from './values.js';

/** A path in an event's data. */
const FIELD = /^[A-Za-z]\w{0,63}(?:\.(?:[A-Za-z]\w{0,63}|\d{1,4})){0,9}$/;

/** Asks for an erasure: of whoever a sealed text of a case belongs to, or of a person of the register. */
export class AskErasure {
  @Optional() @IsCase() case?: Uuid;
  /** Of the event in which the text stands, and its path there, as the history names it. */
  @Optional() @IsCount(1_000_000_000) revision?: number;
  @Optional() @Matches(FIELD) field?: string;
  @Optional() @IsId() person?: PersonId;
  /** Names nobody. */
  @IsReason() reason!: string;
  /** The law and its article, or the document. */
  @IsFilled(200) legalGround!: string;
}

/** Ends a request without an erasure. */
export class EndErasure {
  @IsReason() reason!: string;
}

/** Tells the register that a person's name was erased: what it keeps opened is gone from then on. */
export class ForgetName {
  constructor(readonly person: PersonId) {}
}

export const ERASURE_STATES = ['requested', 'approved', 'erased', 'refused', 'withdrawn'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

export interface ErasureStep {
  state: ErasureState;
  /** Of `erased`, who approved it. */
  by: PersonId;
  role: string;
  /** ISO 8601 in UTC, in milliseconds. */
  at: string;
  reason?: string;
}

export interface ErasureRequest {
  request: Uuid;
  state: ErasureState;
  /** What is erased: whoever a text of a case belongs to, or a person of the register, on which legal ground; or `retention`. */
  case?: Uuid;
  person?: PersonId;
  revision?: number;
  field?: string;
  legalGround?: string;
  /** Texts of the same holder that are erased together; of cases whose time of retention is over, all that are sealed in them. */
  texts: number;
  retention?: RetentionAsked;
  history: ErasureStep[];
}
