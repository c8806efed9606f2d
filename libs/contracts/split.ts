import { Equals, IsArray, IsObject } from 'class-validator';
import { type CaseEvent } from './case-events.js';
import { type Item, MOST_LISTED } from './items.js';
import { AreIds, AreParts, type DivisionId, IsCount, IsFen, IsFilled, IsReason, Optional } from './values.js';

/** A part of a problem that becomes a case of its own. What it does not say is as in the whole. */
export class SplitPart {
  /** In thousandths. */
  @IsCount(999, 1) weight!: number;
  /** What is to be done in this part, for whoever works on it; never about a private person. */
  @Optional() @IsFilled(500) taskText?: string;
  @Optional() @AreIds(10) categories?: string[];
  @Optional() @AreIds(20) divisions?: DivisionId[];
  /** Of what is left of the amount in question; without it the part has none. */
  @Optional() @IsFen(1) amountFen?: number;
  @Optional() @IsCount(10_000_000) householdCount?: number;
  /** Of the items that the case lists: each goes to one part, with whatever was listed of it. */
  @Optional() @AreIds(MOST_LISTED) items?: string[];
}

/** Makes several cases of one: weights and amounts of the parts come to exactly those of the whole, which ends. */
export class SplitCase {
  @Equals('SplitCase') readonly type = 'SplitCase';
  /** Two at least. */
  @AreParts(() => SplitPart, 20) parts!: SplitPart[];
  @IsReason() reason!: string;
}

/** Moves what is left over, when the rest is finished, to a case of its own; the case goes on with the rest. */
export class SplitResidual {
  @Equals('SplitResidual') readonly type = 'SplitResidual';
  /** Of the weight of the case, in thousandths. */
  @IsCount(999, 1) weight!: number;
  /** What is left to be done. */
  @IsFilled(500) taskText!: string;
  /** Of what is left of the amount in question. */
  @Optional() @IsFen(1) amountFen?: number;
  @Optional() @IsCount(10_000_000) householdCount?: number;
  /** Items that are left over: none of them settled, and not all that there are. */
  @Optional() @AreIds(MOST_LISTED) items?: string[];
  @IsReason() reason!: string;
}

/** Enters a part as a case: given by the process manager only, after a split. */
export class RegisterPart {
  @Equals('RegisterPart') readonly type = 'RegisterPart';
  /** The registration of the whole with what differs. */
  @IsObject() problem!: Omit<Extract<CaseEvent, { type: 'ProblemRegistered' }>, 'type' | 'caseNumber'>;
  /** What goes to the part, sealed for it already. */
  @Optional() @IsArray() items?: Item[];
}
