import { Equals, IsBoolean, IsIn } from 'class-validator';
import { Shortcoming } from './examination.js';
import { IsPersonal, type Sealed } from './sealing.js';
import {
  AreIds,
  AreParts,
  AreReceipts,
  type Day,
  IsDay,
  IsFilled,
  IsId,
  IsReason,
  IsReceipt,
  Optional,
  type UnitId,
  type Uuid,
} from './values.js';

export const REOPEN_CAUSES = [
  'false-rectification',
  'relapse',
  'new-damage',
  'new-evidence',
  'petitioner',
] as const;
export type ReopenCause = (typeof REOPEN_CAUSES)[number];

/** Takes a case up again that has ended, in a new round. */
export class ReopenCase {
  @Equals('ReopenCase') readonly type = 'ReopenCase';
  @IsIn(REOPEN_CAUSES) cause!: ReopenCause;
  @IsReason() reason!: string;
  /** An earlier day than the policy's. */
  @Optional() @IsDay() dueOn?: Day;
  /** Other units than before; needed where the case was never assigned. */
  @Optional() @AreIds(5) leads?: UnitId[];
  @Optional() @AreIds(10, 0) coUnits?: UnitId[];
  /** People are at risk now. */
  @Optional() @Equals(true) personsAtRisk?: true;
}

/** Ends a case that can no longer be rectified, on a ground of the policy and by a collective decision. */
export class TerminateCase {
  @Equals('TerminateCase') readonly type = 'TerminateCase';
  @IsId() ground!: string;
  @IsReason() reason!: string;
  /** Number of the minutes of the collective decision. */
  @IsFilled(200) minutes!: string;
  /** What the ground rests on. */
  @IsFilled(200) document!: string;
}

/** An inspector does not let a termination pass: the case goes on where it stood. */
export class HoldTermination {
  @Equals('HoldTermination') readonly type = 'HoldTermination';
  @IsReason() reason!: string;
}

/** Hands a case to a body that is not in this ledger. */
export class TransferOut {
  @Equals('TransferOut') readonly type = 'TransferOut';
  /** The body, by its name. */
  @IsFilled(200) to!: string;
  /** The letter by which it is handed over. */
  @IsFilled(200) document!: string;
  @IsReason() reason!: string;
}

export const RESOLVED = ['yes', 'partly', 'no'] as const;
export type Resolved = (typeof RESOLVED)[number];
export const SATISFIED = ['yes', 'neutral', 'no'] as const;
export type Satisfied = (typeof SATISFIED)[number];
export const CALLBACK_CHANNELS = ['phone', 'visit', 'message', 'letter'] as const;
export type CallbackChannel = (typeof CALLBACK_CHANNELS)[number];

/** What those concerned say of the result, asked by somebody who had no part in it (回访). */
export class RecordCallback {
  @Equals('RecordCallback') readonly type = 'RecordCallback';
  @IsIn(RESOLVED) resolved!: Resolved;
  @IsIn(SATISFIED) satisfied!: Satisfied;
  /** Whether what they demand is lawful. */
  @IsBoolean() lawful!: boolean;
  @IsIn(CALLBACK_CHANNELS) channel!: CallbackChannel;
  @IsDay() on!: Day;
  @Optional() @IsPersonal('text', 2000) note?: Sealed;
}

export const LOOK_BACK_OUTCOMES = ['passed', 'failed'] as const;
export type LookBackOutcome = (typeof LOOK_BACK_OUTCOMES)[number];

/** What was found of a closed case on the spot, by somebody who had no part in it (回头看). */
export class RecordLookBack {
  @Equals('RecordLookBack') readonly type = 'RecordLookBack';
  /** The draw by which the case was chosen. */
  @Optional() @IsReceipt() draw?: Uuid;
  @IsReason() place!: string;
  @IsDay() visitedOn!: Day;
  @IsReason() findings!: string;
  /** Uploads of this person for this case. */
  @AreReceipts(20) photos!: Uuid[];
  @IsIn(LOOK_BACK_OUTCOMES) outcome!: LookBackOutcome;
  /** What is wrong, where it failed. */
  @Optional() @AreParts(() => Shortcoming, 50) reasons?: Shortcoming[];
}

/** The case stays closed although a look-back failed. */
export class RefuseReopening {
  @Equals('RefuseReopening') readonly type = 'RefuseReopening';
  @IsReason() reason!: string;
}
