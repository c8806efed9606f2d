import { Equals } from 'class-validator';
import {
  AreReceipts,
  type Day,
  IsCount,
  IsDay,
  IsId,
  IsReason,
  IsText,
  Optional,
  type UnitId,
  type Uuid,
} from './values.js';

const IsPartNumber = (): PropertyDecorator => IsCount(1_000_000, 1);

/** Gives a unit a share of the case, with a duty and a day of its own. The lead stays answerable for the whole. */
export class AssignPart {
  @Equals('AssignPart') readonly type = 'AssignPart';
  /** A part that was not submitted yet and is given anew; without it, one part more. */
  @Optional() @IsPartNumber() part?: number;
  /** A lead, a co-unit or a unit in the division of the lead. */
  @IsId() unit!: UnitId;
  @IsReason() duty!: string;
  /** No later than the case. */
  @IsDay() dueOn!: Day;
}

/** The unit takes on the part that it was given. */
export class AcceptPart {
  @Equals('AcceptPart') readonly type = 'AcceptPart';
  /** Which part of the case, counted from 1. */
  @IsPartNumber() part!: number;
}

/** Sends a part back before accepting it: the lead gives it anew, or does it itself. */
export class ReturnPart {
  @Equals('ReturnPart') readonly type = 'ReturnPart';
  @IsPartNumber() part!: number;
  @IsReason() reason!: string;
}

/** Says that the part is done, and by what it shows. */
export class SubmitPart {
  @Equals('SubmitPart') readonly type = 'SubmitPart';
  @IsPartNumber() part!: number;
  @IsReason() result!: string;
  /** Of uploads of this person for this case. */
  @Optional() @AreReceipts(20) receipts?: Uuid[];
}

/** The lead takes the part for done. */
export class PassPart {
  @Equals('PassPart') readonly type = 'PassPart';
  @IsPartNumber() part!: number;
  @Optional() @IsText(2000) opinion?: string;
}

/** The part is not done yet: its unit goes on with it. */
export class RejectPart {
  @Equals('RejectPart') readonly type = 'RejectPart';
  @IsPartNumber() part!: number;
  @IsReason() reason!: string;
}
