import { Equals, IsIn } from 'class-validator';
import { AreReceipts, IsCount, IsReason, Optional, type Uuid } from './values.js';

export const STAGE_OUTCOMES = ['holding', 'slipping'] as const;
export type StageOutcome = (typeof STAGE_OUTCOMES)[number];

/** Says that a stage of the approved plan is done; the last one of a sustained rectification begins its term of trial. */
export class CompleteStage {
  @Equals('CompleteStage') readonly type = 'CompleteStage';
  /** Which stage of the plan, counted from 1. */
  @IsCount(20, 1) stage!: number;
  @IsReason() result!: string;
  /** Uploads of this person for this case. */
  @Optional() @AreReceipts(20, 0) receipts?: Uuid[];
}

/** Looks whether what was rectified is being kept up. */
export class ReviewStage {
  @Equals('ReviewStage') readonly type = 'ReviewStage';
  @IsIn(STAGE_OUTCOMES) outcome!: StageOutcome;
  @IsReason() findings!: string;
}
