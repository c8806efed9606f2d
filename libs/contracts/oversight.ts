import { Equals, IsIn } from 'class-validator';
import { VISIBILITIES, type Visibility } from './intake.js';
import { IsPersonal, type Sealed } from './sealing.js';
import {
  AreIds,
  AreParts,
  type Day,
  IsCount,
  IsDay,
  IsFilled,
  IsId,
  IsReason,
  IsText,
  Optional,
  type PersonId,
  type UnitId,
} from './values.js';

/** Presses a case on, on a rung of the policy's ladder (督办). */
export class IssueSupervision {
  @Equals('IssueSupervision') readonly type = 'IssueSupervision';
  @IsId() rung!: string;
  @IsReason() demand!: string;
  @IsDay() answerBy!: Day;
}

/** Takes a rung of the round off again. */
export class LiftSupervision {
  @Equals('LiftSupervision') readonly type = 'LiftSupervision';
  @IsId() rung!: string;
  @IsReason() reason!: string;
}

/** A leader's word on a case (批示), as it was written, given to a unit to carry out. */
export class RecordInstruction {
  @Equals('RecordInstruction') readonly type = 'RecordInstruction';
  /** The leader's office, never a private name. */
  @IsFilled(100) from!: string;
  @IsReason() original!: string;
  @IsId() lead!: UnitId;
  @IsDay() dueOn!: Day;
}

const IsInstruction = (): PropertyDecorator => IsCount(1000, 1);

/** The unit says how the instruction was carried out. */
export class AnswerInstruction {
  @Equals('AnswerInstruction') readonly type = 'AnswerInstruction';
  /** Which instruction of the case, counted from 1. */
  @IsInstruction() instruction!: number;
  @IsReason() answer!: string;
}

/** The answer will do: the instruction is carried out. */
export class AcceptAnswer {
  @Equals('AcceptAnswer') readonly type = 'AcceptAnswer';
  @IsInstruction() instruction!: number;
  @Optional() @IsText(2000) opinion?: string;
}

/** The instruction is to be answered again. */
export class RejectAnswer {
  @Equals('RejectAnswer') readonly type = 'RejectAnswer';
  @IsInstruction() instruction!: number;
  @IsReason() reason!: string;
}

/** Somebody has nothing to do with this case any more (回避): to them it does not exist. */
export class ExcludePerson {
  @Equals('ExcludePerson') readonly type = 'ExcludePerson';
  @IsId() person!: PersonId;
  @IsReason() reason!: string;
}

/** The reason why somebody was kept out of the case is gone, or was none: they know of it again. */
export class LiftExclusion {
  @Equals('LiftExclusion') readonly type = 'LiftExclusion';
  @IsId() person!: PersonId;
  @IsReason() reason!: string;
}

/** Somebody who was held to account: what was done, and in which rank they stood. */
export class HeldToAccount {
  /** Forms of accountability of the policy. */
  @AreIds(10) actions!: string[];
  /** A rank of the policy. */
  @IsId() rank!: string;
  @IsPersonal('name', 50) name!: Sealed;
  /** Where they worked, in words: it need be no unit of the register. */
  @IsFilled(200) unit!: string;
  @IsDay() on!: Day;
  @Optional() @IsFilled(200) document?: string;
}

/** Enters who was held to account (追责问责), each person once. */
export class RecordAccountability {
  @Equals('RecordAccountability') readonly type = 'RecordAccountability';
  @AreParts(() => HeldToAccount, 20) persons!: HeldToAccount[];
}

/** Says who may see the case from now on. */
export class ChangeVisibility {
  @Equals('ChangeVisibility') readonly type = 'ChangeVisibility';
  @IsIn(VISIBILITIES) to!: Visibility;
  @IsReason() reason!: string;
}
