import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsTimeZone,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { type Role, ROLES } from '../contracts/roles.js';
import { type Day, IsDay, IsId, IsText } from '../contracts/values.js';

/** The form of a seed file: what is read is this and nothing else. */
class DivisionEntry {
  @IsId() id!: string;
  @IsText(100) name!: string;
  @IsId() level!: string;
  @IsOptional() @IsId() parent?: string;
}

class UnitEntry {
  @IsId() id!: string;
  @IsText(100) name!: string;
  @IsId() division!: string;
  @IsOptional() @IsId() parent?: string;
}

class AppointmentEntry {
  @IsId() unit!: string;
  @IsIn(ROLES) role!: Role;
}

class PersonEntry {
  @IsId() id!: string;
  @IsText(100) name!: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => AppointmentEntry) appointments!: AppointmentEntry[];
}

class CalendarEntry {
  @Matches(/^[a-z0-9-]+@\d+$/) id!: string;
  @IsArray() @IsDay({ each: true }) holidays!: Day[];
  @IsArray() @IsDay({ each: true }) moved!: Day[];
}

class PolicyEntry {
  @Matches(/^[a-z0-9-]+@\d+$/) id!: string;
  @IsObject() sources!: object;
  @IsObject() categories!: object;
  @IsArray() checklist!: object[];
  @IsObject() circumstances!: object;
  @IsObject() completion!: object;
  @IsObject() desks!: object;
  @IsArray() routes!: object[];
  @IsObject() returnGrounds!: object;
  @IsInt() @Min(0) @Max(10) extensions!: number;
  @IsObject() moneyMethods!: object;
  @IsObject() suspension!: object;
  @IsObject() terminationGrounds!: object;
  @IsArray() countersigned!: unknown[];
  @IsObject() sampling!: object;
  @IsObject() ladder!: object;
  @IsObject() accountability!: object;
  @IsObject() ranks!: object;
}

const LABEL = /\{n\}/;

/** Labels of numbers: `{n}` the number, `{year}` its year. */
class NumbersEntry {
  @Matches(LABEL) case!: string;
  @Matches(LABEL) letter!: string;
  @Matches(LABEL) closure!: string;
  @Matches(LABEL) referral!: string;
}

export class SeedFile {
  /** Made-up people and problems: keys are made where none are given, and time may be moved. */
  @IsOptional() @IsBoolean() demo?: boolean;
  @IsTimeZone() zone!: string;
  @IsDefined() @ValidateNested() @Type(() => NumbersEntry) numbers!: NumbersEntry;
  @IsDefined() @ValidateNested() @Type(() => CalendarEntry) calendar!: CalendarEntry;
  @IsDefined() @ValidateNested() @Type(() => PolicyEntry) policy!: PolicyEntry;
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => DivisionEntry) divisions!: DivisionEntry[];
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => UnitEntry) units!: UnitEntry[];
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => PersonEntry) persons!: PersonEntry[];
}
