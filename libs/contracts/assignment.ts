import { Equals, IsBoolean, IsIn } from 'class-validator';
import { SEVERITIES, type Severity } from './intake.js';
import {
  AreIds,
  AreReceipts,
  type Day,
  IsCount,
  IsDay,
  IsFen,
  IsId,
  IsReason,
  type PersonId,
  type UnitId,
  type Uuid,
  Optional,
} from './values.js';

/** Gives the case to a unit. The due day counts from now, not from acceptance. */
export class AssignCase {
  @Equals('AssignCase') readonly type = 'AssignCase';
  /** One lead unit, or joint leads. */
  @AreIds(5) leads!: UnitId[];
  @AreIds(10, 0) coUnits!: UnitId[];
  @IsReason() requirement!: string;
  /** An earlier day than the policy's; without it the policy's, or the source's if that is earlier and not past. */
  @Optional() @IsDay() dueOn?: Day;
  /** What holds of the case, by the policy's list: some slots are wanted only then. */
  @Optional() @AreIds(20, 0) circumstances?: string[];
  /** After two returns of a round: cannot be returned again. */
  @Optional() @IsBoolean() final?: boolean;
}

/** A responsible unit takes the case on and begins to rectify. */
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

/** Says that the finding itself is wrong (事实异议): in time, and once in a round. The work goes on meanwhile. */
export class DisputeFinding {
  @Equals('DisputeFinding') readonly type = 'DisputeFinding';
  @IsReason() grounds!: string;
  /** Of uploads of this person for this case, which prove it. */
  @Optional() @AreReceipts(20) receipts?: Uuid[];
}

/** The finding stands as it is. */
export class UpholdFinding {
  @Equals('UpholdFinding') readonly type = 'UpholdFinding';
  @IsReason() reason!: string;
}

/** The finding was wrong in part: at least one of its facts is another. */
export class AmendFinding {
  @Equals('AmendFinding') readonly type = 'AmendFinding';
  @IsReason() reason!: string;
  /** What there is to put right, as it reads from now on. */
  @Optional() @IsReason() taskText?: string;
  /** Not less than is put right already. */
  @Optional() @IsFen() amountFen?: number;
  /** Graver, it adds steps to the route; less grave, it takes none away. */
  @Optional() @IsIn(SEVERITIES) severity?: Severity;
  @Optional() @IsCount(10_000_000) householdCount?: number;
}

/** Gives the case to other leads within the round; they have to accept it. What was proven so far stays. */
export class ReassignCase {
  @Equals('ReassignCase') readonly type = 'ReassignCase';
  /** One lead unit, or joint leads. */
  @AreIds(5) leads!: UnitId[];
  @AreIds(10, 0) coUnits!: UnitId[];
  @IsReason() reason!: string;
  /** A later day, no later than the round could have been given at its assignment; without it the day stays. */
  @Optional() @IsDay() dueOn?: Day;
}

/** Says anew which units help the lead. */
export class ChangeCoUnits {
  @Equals('ChangeCoUnits') readonly type = 'ChangeCoUnits';
  /** All of them from now on. */
  @AreIds(10, 0) coUnits!: UnitId[];
  @IsReason() reason!: string;
}

/** Says which of its people handles the case for the lead unit. */
export class NameHandler {
  @Equals('NameHandler') readonly type = 'NameHandler';
  @IsId() person!: PersonId;
  @Optional() @IsReason() reason?: string;
}
