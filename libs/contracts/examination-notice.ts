import { Equals, IsIn } from 'class-validator';
import { AreShortcomings, type Shortcoming } from './examination.js';
import { IsPersonal, type Sealed } from './sealing.js';
import { IsCount, IsFilled, IsPart, IsReason, IsText, Optional } from './values.js';

export const OBJECTORS = ['public', 'petitioner', 'inspector'] as const;
export type ObjectorKind = (typeof OBJECTORS)[number];

/** Makes the result public (公示), for as long as the policy says. */
export class StartPublicNotice {
  @Equals('StartPublicNotice') readonly type = 'StartPublicNotice';
  /** Where it can be read: a notice board, a paper. */
  @IsFilled(200) place!: string;
  @Optional() @IsText(2000) url?: string;
  /** As published. */
  @IsFilled(4000) text!: string;
}

/** The days of a public notice are over and nobody's objection is open. */
export class EndPublicNotice {
  @Equals('EndPublicNotice') readonly type = 'EndPublicNotice';
}

/** Who objects, as far as they said. */
export class Objector {
  @IsPersonal('name', 100) name!: Sealed;
  @Optional() @IsPersonal('phone', 50) phone?: Sealed;
}

/** Somebody objects: from outside while the result is public, an inspector from the submission on. */
export class RaiseObjection {
  @Equals('RaiseObjection') readonly type = 'RaiseObjection';
  /** Inspectors speak for themselves; for anybody else somebody at a desk writes it down. */
  @IsIn(OBJECTORS) by!: ObjectorKind;
  @IsPersonal('text', 2000) text!: Sealed;
  @Optional() @IsPart(() => Objector) objector?: Objector;
}

/** An objection is not justified. */
export class DismissObjection {
  @Equals('DismissObjection') readonly type = 'DismissObjection';
  /** Which objection of the case, counted from 1. */
  @IsCount(1_000_000, 1) objection!: number;
  @IsReason() reason!: string;
}

/** An objection is justified: the case goes back to be rectified. */
export class UpholdObjection {
  @Equals('UpholdObjection') readonly type = 'UpholdObjection';
  /** Which objection of the case, counted from 1. */
  @IsCount(1_000_000, 1) objection!: number;
  @AreShortcomings() reasons!: Shortcoming[];
}
