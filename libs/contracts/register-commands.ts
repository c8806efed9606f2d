import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  Equals,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { applyDecorators } from './decorators.js';
import { type Caller } from './envelope.js';
import { type RegisterKind } from './register-events.js';
import { type Role, ROLES } from './roles.js';
import { IsPersonal, type Sealed } from './sealing.js';
import {
  AreParts,
  type Day,
  type DivisionId,
  IsCount,
  IsDay,
  IsFilled,
  IsId,
  IsSource,
  IsVersion,
  Optional,
  type PersonId,
  type UnitId,
} from './values.js';

const AreDays = (): PropertyDecorator =>
  applyDecorators(IsArray(), ArrayMaxSize(1000), ArrayUnique(), IsDay({ each: true }));

/** Enters a division that is new. */
export class OpenDivision {
  @Equals('OpenDivision') readonly type = 'OpenDivision';
  @IsFilled(100) name!: string;
  @IsId() level!: string;
  /** The division it lies in. */
  @Optional() @IsId() parent?: DivisionId;
  @IsDay() from!: Day;
}

/** Gives a division another name and, where it has risen, another level. */
export class RenameDivision {
  @Equals('RenameDivision') readonly type = 'RenameDivision';
  @IsFilled(100) name!: string;
  @Optional() @IsId() level?: string;
  @IsDay() from!: Day;
}

/** Puts a division, and all that lies in it, into another one. */
export class MoveDivision {
  @Equals('MoveDivision') readonly type = 'MoveDivision';
  @Optional() @IsId() parent?: DivisionId;
  @IsDay() from!: Day;
}

/** Ends a division; what lay in it lies in its successor. */
export class MergeDivision {
  @Equals('MergeDivision') readonly type = 'MergeDivision';
  @IsId() into!: DivisionId;
  @IsDay() from!: Day;
}

/** Ends a division that nothing lies in any more. */
export class CloseDivision {
  @Equals('CloseDivision') readonly type = 'CloseDivision';
  @IsDay() from!: Day;
}

/** Enters a unit that is new. */
export class OpenUnit {
  @Equals('OpenUnit') readonly type = 'OpenUnit';
  @IsFilled(100) name!: string;
  @IsId() division!: DivisionId;
  /** The unit above. */
  @Optional() @IsId() parent?: UnitId;
  @IsDay() from!: Day;
}

/** Gives a unit another name. */
export class RenameUnit {
  @Equals('RenameUnit') readonly type = 'RenameUnit';
  @IsFilled(100) name!: string;
  @IsDay() from!: Day;
}

/** Says anew in which division a unit is and which one is above it. */
export class MoveUnit {
  @Equals('MoveUnit') readonly type = 'MoveUnit';
  @IsId() division!: DivisionId;
  @Optional() @IsId() parent?: UnitId;
  @IsDay() from!: Day;
}

/** Ends a unit; its successor carries on its cases. */
export class AbolishUnit {
  @Equals('AbolishUnit') readonly type = 'AbolishUnit';
  @IsId() successor!: UnitId;
  @IsDay() from!: Day;
}

/** Enters a person, who holds no post yet. Nobody else has the identity number, whatever they are called. */
export class EnterPerson {
  @Equals('EnterPerson') readonly type = 'EnterPerson';
  @IsPersonal('name', 100) name!: Sealed;
  @Optional() @IsPersonal('identity-number', 30) identityNumber?: Sealed;
  @IsDay() from!: Day;
}

/** Gives a person another name and, where it was not known or wrong, an identity number. */
export class RenamePerson {
  @Equals('RenamePerson') readonly type = 'RenamePerson';
  @IsPersonal('name', 100) name!: Sealed;
  @Optional() @IsPersonal('identity-number', 30) identityNumber?: Sealed;
  @IsDay() from!: Day;
}

/** Appoints a person to a role at a unit, for good or until a day. */
export class AppointPerson {
  @Equals('AppointPerson') readonly type = 'AppointPerson';
  @IsId() unit!: UnitId;
  @IsIn(ROLES) role!: Role;
  @IsDay() from!: Day;
  /** The last day. */
  @Optional() @IsDay() until?: Day;
  /** Fills the post for the time being. */
  @Optional() @Equals(true) acting?: true;
}

/** Takes a post from a person: from this day on it is not theirs. */
export class EndAppointment {
  @Equals('EndAppointment') readonly type = 'EndAppointment';
  @IsId() unit!: UnitId;
  @IsIn(ROLES) role!: Role;
  @IsDay() from!: Day;
}

/** Lets somebody else fill a post of this person for a time. */
export class GiveDelegation {
  @Equals('GiveDelegation') readonly type = 'GiveDelegation';
  @IsId() to!: PersonId;
  @IsId() unit!: UnitId;
  @IsIn(ROLES) role!: Role;
  @IsDay() from!: Day;
  /** The last day. */
  @IsDay() until!: Day;
}

/** Ends a delegation before its time: from this day on it does not stand. */
export class EndDelegation {
  @Equals('EndDelegation') readonly type = 'EndDelegation';
  @IsId() to!: PersonId;
  @IsId() unit!: UnitId;
  @IsIn(ROLES) role!: Role;
  @IsDay() from!: Day;
}

/** The person is away: reads, and commands nothing. */
export class TakeLeave {
  @Equals('TakeLeave') readonly type = 'TakeLeave';
  @IsDay() from!: Day;
  /** The last day. */
  @IsDay() until!: Day;
}

/** The person is back on this day, before the leave is over. */
export class EndLeave {
  @Equals('EndLeave') readonly type = 'EndLeave';
  @IsDay() from!: Day;
}

/** Publishes a version of the deployment's rules. */
export class PublishPolicy {
  @Equals('PublishPolicy') readonly type = 'PublishPolicy';
  @IsVersion() id!: string;
  /** As in a seed file, terms as texts such as `30wd`. */
  @IsObject() policy!: object;
  @IsDay() from!: Day;
}

/** The days of one division. */
export class DaysOfDivision {
  @IsId() division!: DivisionId;
  @AreDays() holidays!: Day[];
  @AreDays() moved!: Day[];
}

/** Publishes a version of the working days. */
export class PublishCalendar {
  @Equals('PublishCalendar') readonly type = 'PublishCalendar';
  @IsVersion() id!: string;
  /** Days off between Monday and Friday. */
  @AreDays() holidays!: Day[];
  /** Saturdays and Sundays that are worked. */
  @AreDays() moved!: Day[];
  /** The last published day. */
  @Optional() @IsDay() until?: Day;
  /** Divisions with days of their own; what lies in them has these too. */
  @Optional() @AreParts(() => DaysOfDivision, 200) divisions?: DaysOfDivision[];
  @IsDay() from!: Day;
}

/** Records a document that brings problems. */
export class RecordSource {
  @Equals('RecordSource') readonly type = 'RecordSource';
  /** Of its kind, one of the policy's. */
  @IsSource() code!: string;
  @IsFilled(100) number!: string;
  @IsFilled(200) issuer!: string;
  @IsDay() date!: Day;
  /** How many problems it names. */
  @IsCount(1_000_000, 1) lines!: number;
  /** The day it sets. */
  @Optional() @IsDay() dueOn?: Day;
  /** Who will recognise the result. */
  @Optional() @IsFilled(200) recogniser?: string;
  /** The unit at which that is recorded: the recogniser itself, where it is one of the register's. */
  @Optional() @IsId() recogniserUnit?: UnitId;
}

/** Begins an import. */
export class OpenBatch {
  @Equals('OpenBatch') readonly type = 'OpenBatch';
  /** SHA-256 of the file, in hex. */
  @Matches(/^[0-9a-f]{64}$/) file!: string;
  @IsCount(10_000_000, 1) rows!: number;
}

/** Rows that were refused for one reason; what stood in them is not told. A row may be refused for several. */
export class RefusedRows {
  @IsFilled(200) reason!: string;
  /** At fault, as in the header; without it, the row as a whole. */
  @Optional() @IsFilled(500) column?: string;
  /** As a spreadsheet counts them: the header is row 1. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(5000)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(10_000_000, { each: true })
  rows!: number[];
}

/** Ends an import with its manifest: registered, known before and refused rows are all of its rows. */
export class CloseBatch {
  @Equals('CloseBatch') readonly type = 'CloseBatch';
  @IsCount(10_000_000) registered!: number;
  @IsCount(10_000_000) known!: number;
  @Optional() @AreParts(() => RefusedRows, 200) refused?: RefusedRows[];
}

/** The envelope of every command on the register. Answers a RegisterReceipt. The body is validated. */
export class OnRegister {
  constructor(
    readonly kind: RegisterKind,
    readonly id: string,
    readonly body: object,
    readonly caller: Caller,
    readonly about: { idempotencyKey: string; correlationId: string; traceparent?: string },
  ) {}
}

export interface RegisterReceipt {
  id: string;
  revision: number;
  /** Whether this very command had been carried out before. */
  repeated: boolean;
}
