import { Equals } from 'class-validator';
import { type Day, IsDay, IsId, IsReason, IsReceipt, IsText, type Uuid, Optional } from './values.js';

/** Puts an uploaded file into a slot of the checklist. */
export class AttachEvidence {
  @Equals('AttachEvidence') readonly type = 'AttachEvidence';
  @IsId() slot!: string;
  /** Of an upload of this person for this case. */
  @IsReceipt() receipt!: Uuid;
  @Optional() @IsText(500) note?: string;
}

/** Says that the problem is put right and hands in the proof, which is frozen by it. */
export class SubmitRectification {
  @Equals('SubmitRectification') readonly type = 'SubmitRectification';
  @Equals('completed') result!: 'completed';
  @IsReason() measures!: string;
  @IsDay() completedOn!: Day;
}
