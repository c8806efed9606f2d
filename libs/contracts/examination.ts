import { Equals, IsIn } from 'class-validator';
import {
  AreIds,
  AreParts,
  AreReceipts,
  type Day,
  IsDay,
  IsId,
  IsReason,
  IsReceipt,
  IsText,
  type Uuid,
  Optional,
} from './values.js';

export const VERIFICATION_METHODS = ['on-site', 'video', 'on-paper'] as const;
export type VerificationMethod = (typeof VERIFICATION_METHODS)[number];

/** What is wrong, tied to a slot of the checklist. */
export class Shortcoming {
  @IsId() slot!: string;
  @IsReason() reason!: string;
}

export const AreShortcomings = (): PropertyDecorator => AreParts(() => Shortcoming, 50);

/** Asks the level above to review: where one person has several posts, accounts are not shared. */
export class EscalateReview {
  @Equals('EscalateReview') readonly type = 'EscalateReview';
  @IsReason() reason!: string;
}

/** The principal (第一责任人) answers for the submission in person, once. */
export class CountersignSubmission {
  @Equals('CountersignSubmission') readonly type = 'CountersignSubmission';
  @Optional() @IsText(2000) opinion?: string;
}

/** Says why there is no evidence for a slot of the checklist. An approver accepts it by name. */
export class DeclareAbsent {
  @Equals('DeclareAbsent') readonly type = 'DeclareAbsent';
  @IsId() slot!: string;
  /** Of a slot that is wanted for each item: for which item there is none; without it, for none of them. */
  @Optional() @IsId() item?: string;
  @IsReason() reason!: string;
}

/** Fills a slot that is due at the closing, after the submission. What was approved before is approved without it. */
export class SupplyEvidence {
  @Equals('SupplyEvidence') readonly type = 'SupplyEvidence';
  @IsId() slot!: string;
  /** Of an upload of this person for this case. */
  @IsReceipt() receipt!: Uuid;
  /** For a slot that is wanted for each item: which item it shows. */
  @Optional() @IsId() item?: string;
  @Optional() @IsText(500) note?: string;
}

/** Accepts that a slot has no evidence. */
export class AcceptAbsence {
  @Equals('AcceptAbsence') readonly type = 'AcceptAbsence';
  @IsId() slot!: string;
  /** As it was declared. */
  @Optional() @IsId() item?: string;
  @Optional() @IsText(2000) opinion?: string;
}

/** The review of the responsible unit's own level finds the proof complete. */
export class PassReview {
  @Equals('PassReview') readonly type = 'PassReview';
  @Optional() @IsText(2000) opinion?: string;
}

/** The review sends the case back. */
export class RejectRectification {
  @Equals('RejectRectification') readonly type = 'RejectRectification';
  @AreShortcomings() reasons!: Shortcoming[];
}

/** What one verifier saw. A second person confirms it. */
export class RecordVerification {
  @Equals('RecordVerification') readonly type = 'RecordVerification';
  @IsIn(VERIFICATION_METHODS) method!: VerificationMethod;
  @IsReason() place!: string;
  @IsDay() visitedOn!: Day;
  @IsReason() findings!: string;
  /** Uploads of the verifier for this case. */
  @AreReceipts(20, 0) photos!: Uuid[];
  /** Of a case with items: those looked at and found right, all that were drawn among them. */
  @Optional() @AreIds(1000) checked?: string[];
}

/** The second verifier stands for what the first recorded. */
export class ConfirmVerification {
  @Equals('ConfirmVerification') readonly type = 'ConfirmVerification';
}

/** A verifier found the problem not put right. */
export class FailVerification {
  @Equals('FailVerification') readonly type = 'FailVerification';
  @AreShortcomings() reasons!: Shortcoming[];
  /** Of a case with items: those that are not put right. */
  @Optional() @AreIds(1000) failed?: string[];
}

/** The approver agrees to closing. */
export class ApproveClosure {
  @Equals('ApproveClosure') readonly type = 'ApproveClosure';
  @Optional() @IsText(2000) opinion?: string;
}

/** The approver, or who would close the case, sends it back. */
export class RejectClosure {
  @Equals('RejectClosure') readonly type = 'RejectClosure';
  @AreShortcomings() reasons!: Shortcoming[];
}

/** Strikes the problem off (销号). */
export class CloseCase {
  @Equals('CloseCase') readonly type = 'CloseCase';
  @Optional() @IsText(2000) opinion?: string;
}
