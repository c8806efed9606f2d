import { Equals, IsBoolean } from 'class-validator';
import { AreIds, type Day, IsDay, IsId, IsReason, type UnitId, Optional } from './values.js';

/** Gives the case to a unit. The due day counts from now, not from acceptance. */
export class AssignCase {
  @Equals('AssignCase') readonly type = 'AssignCase';
  /** One lead unit, or joint leads. */
  @AreIds(5) leads!: UnitId[];
  @AreIds(10, 0) coUnits!: UnitId[];
  @IsReason() requirement!: string;
  /** An earlier day than the policy's; without it the policy's, or the source's if that is earlier and not past. */
  @Optional() @IsDay() dueOn?: Day;
  /** After two returns of a round: cannot be returned again. */
  @Optional() @IsBoolean() final?: boolean;
}

export class AcceptAssignment {
  @Equals('AcceptAssignment') readonly type = 'AcceptAssignment';
}

/** Sends the case back before accepting it, on a ground of the policy and in time. */
export class ReturnAssignment {
  @Equals('ReturnAssignment') readonly type = 'ReturnAssignment';
  @IsId() ground!: string;
  @IsReason() reason!: string;
}

/** The unit that returned the case was right: the case is to be assigned anew. */
export class UpholdReturn {
  @Equals('UpholdReturn') readonly type = 'UpholdReturn';
  @IsReason() reason!: string;
}

/** The unit keeps the case. */
export class RejectReturn {
  @Equals('RejectReturn') readonly type = 'RejectReturn';
  @IsReason() reason!: string;
}
