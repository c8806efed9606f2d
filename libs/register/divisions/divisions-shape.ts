import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { Refusal } from '../../contracts/refusal.js';
import { type Day, type DivisionId, AreIds, IsDay, IsFilled, IsId } from '../../contracts/values.js';
import { codeOf, StartFault } from '../../platform/fault.js';
import { validated } from '../../platform/validated.js';

class LevelEntry {
  @IsId() id!: string;
  @IsFilled(100) title!: string;
}

class RootEntry {
  @IsId() id!: DivisionId;
  @IsFilled(100) name!: string;
  @IsId() level!: string;
}

/** A piece of a code: a cell or its first characters, or the same text in every row. */
export class CodePart {
  @IsOptional() @IsFilled(100) column?: string;
  @IsOptional() @IsInt() @Min(1) @Max(64) first?: number;
  @IsOptional() @IsFilled(64) text?: string;
}

export class FileEntry {
  /** Path within the folder. */
  @IsFilled(200) file!: string;
  @IsId() level!: string;
  /** Column of the name. */
  @IsFilled(100) name!: string;
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => CodePart) id!: CodePart[];
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => CodePart) parent!: CodePart[];
}

/** `divisions.yaml`: which files hold the divisions, and how their rows are read. */
export class DivisionsFile {
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => LevelEntry) levels!: LevelEntry[];
  @IsDefined() @ValidateNested() @Type(() => RootEntry) root!: RootEntry;
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => FileEntry) files!: FileEntry[];
  /** Path of the successions within the folder. Without it nobody may be an orphan. */
  @IsOptional() @IsFilled(200) successions?: string;
}

class Resolution {
  @IsFilled(1000) reason!: string;
  /** Whether a published source says so. */
  @IsBoolean() confirmed!: boolean;
}

export class OpenedEntry extends Resolution {
  @IsId() id!: DivisionId;
  @IsFilled(100) name!: string;
  @IsId() level!: string;
  @IsId() parent!: DivisionId;
  @IsOptional() @IsDay() opened?: Day;
}

export class AttachedEntry extends Resolution {
  /** The parent that orphans name and no file has. */
  @IsId() missing!: DivisionId;
  /** Their parent instead. */
  @IsId() to!: DivisionId;
}

export class ClosedEntry extends Resolution {
  @IsId() id!: DivisionId;
  /** The first day without it. Where the day is not known the division stays open until somebody enters it. */
  @IsOptional() @IsDay() closed?: Day;
  @AreIds(20) successors!: DivisionId[];
}

/** `successions.yaml`: what is decided about parents that no file has. */
export class Successions {
  @IsArray() @ValidateNested({ each: true }) @Type(() => OpenedEntry) opened: OpenedEntry[] = [];
  @IsArray() @ValidateNested({ each: true }) @Type(() => AttachedEntry) attached: AttachedEntry[] = [];
  @IsArray() @ValidateNested({ each: true }) @Type(() => ClosedEntry) closed: ClosedEntry[] = [];
}

class UnitRule {
  @IsId() level!: string;
  /** For divisions whose name ends in one of these; absent for all. */
  @IsOptional() @ArrayMinSize(1) @IsString({ each: true }) ends?: string[];
  /** `{name}` is the division's. */
  @IsFilled(100) @Matches(/^[^{}]*(?:\{name\}[^{}]*)?$/) name!: string;
}

/** `units.yaml`: for each level the first rule that fits makes the unit; a level without a rule has no units. */
export class UnitsFile {
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => UnitRule) units!: UnitRule[];
}

/**
 * A file's text, whose bytes that are no UTF-8 become U+FFFD.
 * @throws StartFault where the file cannot be read
 */
export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartFault(`${file} cannot be read (${codeOf(error)}).`, { cause: error });
  }
}

/** @throws StartFault naming the file, and the line or the field */
export async function readYaml<C extends object>(file: string, Shape: new () => C): Promise<C> {
  const text = await textOf(file);
  try {
    return validated(Shape, parse(text));
  } catch (error) {
    throw wrongFile(file, error);
  }
}

/** What is said of a file, and where in it; a fault that says it already stays as it is. */
export function wrongFile(about: string, error: unknown): StartFault {
  if (error instanceof StartFault) return error;
  const fields = error instanceof Refusal ? error.details.errors : undefined;
  const detail = fields?.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new StartFault(`${about} is wrong: ${detail ?? (error as Error).message}`, { cause: error });
}
