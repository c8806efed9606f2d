import { Equals, IsBoolean, NotEquals } from 'class-validator';
import {
  AreParts,
  type Day,
  IsCount,
  IsDay,
  IsFen,
  IsFilled,
  IsId,
  IsReason,
  IsReceipt,
  IsText,
  MOST_FEN,
  type Uuid,
  Optional,
} from './values.js';

/** A stage of a plan: what will be done by when. */
export class Stage {
  @IsFilled(500) goal!: string;
  @IsDay() until!: Day;
}

/** Lays down how a phased or sustained rectification will go. The plan before it, if one stands, is replaced. */
export class SubmitPlan {
  @Equals('SubmitPlan') readonly type = 'SubmitPlan';
  @IsReason() measures!: string;
  /** By what it will be known to be done. */
  @IsReason() doneStandard!: string;
  @AreParts(() => Stage, 20) stages!: Stage[];
  @Optional() @IsFen() fundsFen?: number;
}

/** The plan is good: the rectification goes by it. */
export class ApprovePlan {
  @Equals('ApprovePlan') readonly type = 'ApprovePlan';
  @Optional() @IsText(2000) opinion?: string;
}

/** The plan will not do: another is to be submitted. */
export class RejectPlan {
  @Equals('RejectPlan') readonly type = 'RejectPlan';
  @IsReason() reason!: string;
}

/** Tells how far it is. Without a text nothing has changed, which is worth saying too. */
export class ReportProgress {
  @Equals('ReportProgress') readonly type = 'ReportProgress';
  @Optional() @IsReason() text?: string;
  /** Why it is not done yet, and what comes next. */
  @Optional() @IsReason() pending?: string;
}

/** Mends an earlier report; both are kept. */
export class CorrectProgress {
  @Equals('CorrectProgress') readonly type = 'CorrectProgress';
  /** Which report of the case, counted from 1. */
  @IsCount(1_000_000, 1) report!: number;
  @IsReason() text!: string;
  @IsReason() reason!: string;
}

/** The people at risk are out of danger for the time being: moved, supported, fenced off. */
export class RecordInterimSafety {
  @Equals('RecordInterimSafety') readonly type = 'RecordInterimSafety';
  @IsReason() measures!: string;
  /** People brought to safety. */
  @IsCount(1_000_000) persons!: number;
  @IsDay() doneOn!: Day;
}

/** Puts an uploaded file into a slot of the checklist. */
export class AttachEvidence {
  @Equals('AttachEvidence') readonly type = 'AttachEvidence';
  @IsId() slot!: string;
  /** Of an upload of this person for this case. */
  @IsReceipt() receipt!: Uuid;
  /** For a slot that is wanted for each item: which item it shows. */
  @Optional() @IsId() item?: string;
  @Optional() @IsText(500) note?: string;
}

/** Takes back a file that was attached by mistake; it stays on record. */
export class WithdrawEvidence {
  @Equals('WithdrawEvidence') readonly type = 'WithdrawEvidence';
  @IsReceipt() receipt!: Uuid;
  @IsReason() reason!: string;
}

/** Money that was put right, by one of the policy's methods: an amount more, never a new total; less takes a wrong entry back. */
export class RecordMoney {
  @Equals('RecordMoney') readonly type = 'RecordMoney';
  @IsId() method!: string;
  /** Below nothing: so much of what was entered is not so. */
  @IsFen(-MOST_FEN) @NotEquals(0) fen!: number;
  /** Number of the voucher. */
  @IsFilled(200) voucher!: string;
}

/** The amount in question turned out to be another. */
export class AdjustAmount {
  @Equals('AdjustAmount') readonly type = 'AdjustAmount';
  @IsFen() amountFen!: number;
  @IsReason() reason!: string;
  /** The finding that says so. */
  @IsFilled(200) document!: string;
}

/** Asks for more time, before the time is over. */
export class RequestExtension {
  @Equals('RequestExtension') readonly type = 'RequestExtension';
  @IsDay() until!: Day;
  @IsReason() reason!: string;
}

/** Gives the time that was asked for, or less. */
export class GrantExtension {
  @Equals('GrantExtension') readonly type = 'GrantExtension';
  /** An earlier day than the one asked for. */
  @Optional() @IsDay() until?: Day;
  @Optional() @IsText(2000) opinion?: string;
}

/** More time for a case on a ground that concerns many, such as a flood: none of its extensions is used up. */
export class ExtendMany {
  @Equals('ExtendMany') readonly type = 'ExtendMany';
  @IsDay() until!: Day;
  @IsReason() reason!: string;
  /** The decision that all of them rest on. */
  @IsFilled(200) document!: string;
}

/** Gives no more time: the due day stays. */
export class RefuseExtension {
  @Equals('RefuseExtension') readonly type = 'RefuseExtension';
  @IsReason() reason!: string;
}

/** Stops the clock, on a ground of the policy and to a day. */
export class SuspendCase {
  @Equals('SuspendCase') readonly type = 'SuspendCase';
  @IsId() ground!: string;
  @IsDay() until!: Day;
  /** What the ground rests on. */
  @IsFilled(200) document!: string;
  @IsReason() reason!: string;
}

/** Says whether the ground of a suspension still holds; where it does not, the clock goes on. */
export class ReviewSuspension {
  @Equals('ReviewSuspension') readonly type = 'ReviewSuspension';
  @IsBoolean() holds!: boolean;
  @IsReason() reason!: string;
}

/** The clock goes on; the days that it stood are added to the due day. */
export class ResumeCase {
  @Equals('ResumeCase') readonly type = 'ResumeCase';
  @IsReason() reason!: string;
}

/** Takes the submission back before it is reviewed. */
export class WithdrawRectification {
  @Equals('WithdrawRectification') readonly type = 'WithdrawRectification';
  @IsReason() reason!: string;
}

/** Says that the problem is put right and hands in the proof, which is frozen by it. */
export class SubmitRectification {
  @Equals('SubmitRectification') readonly type = 'SubmitRectification';
  @Equals('completed') result!: 'completed';
  @IsReason() measures!: string;
  @IsDay() completedOn!: Day;
}
