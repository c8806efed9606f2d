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
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { type Role, ROLES } from '../../contracts/roles.js';
import { AreIds, type Day, type DivisionId, IsDay, isId, IsId, IsText } from '../../contracts/values.js';
import { codeOf, StartFault } from '../../platform/fault.js';
import { validated } from '../../platform/validated.js';
import { type LoadedDivisions, readDivisions } from '../divisions/divisions-file.js';
import { readYaml, wrongFile } from '../divisions/divisions-shape.js';
import { readUnits } from '../divisions/divisions-units.js';
import { AreOwnDays, type OwnDays } from '../calendars/own-days.js';
import { policyOf } from '../policy/policy.js';
import { publishedDays } from '../calendars/published-days.js';

/** The form of a seed when all files that it names are read in: what is read is this and nothing else. */
class DivisionEntry {
  @IsId() id!: string;
  @IsText(100) name!: string;
  @IsId() level!: string;
  @IsOptional() @IsId() parent?: string;
  @IsOptional() @IsDay() opened?: Day;
  /** The first day without it. */
  @IsOptional() @IsDay() closed?: Day;
  /** Who took its place. */
  @IsOptional() @AreIds(20) successors?: DivisionId[];
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
  @IsOptional() @IsText(30) identityNumber?: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => AppointmentEntry) appointments!: AppointmentEntry[];
}

class CalendarEntry {
  @Matches(/^[a-z0-9-]+@\d+$/) id!: string;
  @IsArray() @IsDay({ each: true }) holidays!: Day[];
  @IsArray() @IsDay({ each: true }) moved!: Day[];
  /** The last day that is settled; without it all are. */
  @IsOptional() @IsDay() until?: Day;
  @IsOptional() @AreOwnDays() divisions?: Record<DivisionId, OwnDays>;
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
  @IsOptional() @IsObject() refusedReturnGrounds?: object;
  @IsInt() @Min(0) @Max(10) extensions!: number;
  @IsObject() moneyMethods!: object;
  @IsObject() suspension!: object;
  @IsObject() terminationGrounds!: object;
  @IsArray() countersigned!: unknown[];
  @IsObject() sampling!: object;
  @IsObject() ladder!: object;
  @IsObject() accountability!: object;
  @IsObject() ranks!: object;
  @IsOptional() @IsInt() @Min(1) @Max(100) retention?: number;
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
  @IsDefined() @IsObject() @ValidateNested() @Type(() => NumbersEntry) numbers!: NumbersEntry;
  @IsDefined() @IsObject() @ValidateNested() @Type(() => CalendarEntry) calendar!: CalendarEntry;
  @IsDefined() @IsObject() @ValidateNested() @Type(() => PolicyEntry) policy!: PolicyEntry;
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => DivisionEntry) divisions!: DivisionEntry[];
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => UnitEntry) units!: UnitEntry[];
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => PersonEntry) persons!: PersonEntry[];
}

/** Files that hold one list of a seed. */
class DivisionsList {
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => DivisionEntry) divisions!: DivisionEntry[];
}
class UnitsList {
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => UnitEntry) units!: UnitEntry[];
}
class PersonsList {
  @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => PersonEntry) persons!: PersonEntry[];
}

/**
 * A deployment as its seed file says it, with all that the files say that it names: see docs/how-to/write-a-deployment.md.
 * @throws StartFault where a file is missing or malformed, saying which, and where in it
 */
export async function readSeedFile(file: string): Promise<SeedFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new StartFault(`The seed file ${file} cannot be read (${codeOf(error)}): set SEED.`, {
      cause: error,
    });
  }
  let about = `The seed file ${file}`;
  try {
    const folder = dirname(file);
    const raw = await likened(parse(text), folder);
    if (!isObject(raw)) throw new Error('it must name zone, numbers, calendar, policy and so on');
    const loaded =
      isFolder(raw.divisions) && raw.divisions.besides === undefined
        ? await readDivisions(join(folder, raw.divisions.folder))
        : undefined;
    const seed = validated(SeedFile, await gathered(raw, folder, loaded));
    if (loaded) seed.divisions = [...loaded.divisions];
    about = fileIn(raw.policy, folder) ?? about;
    policyOf(seed.policy, new Set(seed.divisions.map(({ level }) => level)));
    return seed;
  } catch (error) {
    throw wrongFile(about, error);
  }
}

type Loose = Record<string, unknown>;

/** `like: hunan.yaml` stands for all that a seed in the same folder says and this one does not. */
async function likened(raw: unknown, folder: string): Promise<unknown> {
  if (!isObject(raw) || raw.like === undefined) return raw;
  const { like, ...own } = raw;
  if (typeof like !== 'string' || like !== basename(like))
    throw new Error('like names a seed in the same folder');
  return { ...(parse(await readFile(join(folder, like), 'utf8')) as object), ...own };
}

async function gathered(raw: Loose, folder: string, loaded: LoadedDivisions | undefined): Promise<Loose> {
  const policy = fileIn(raw.policy, folder);
  const divisions = fileIn(raw.divisions, folder);
  const persons = fileIn(raw.persons, folder);
  return {
    ...raw,
    calendar: calendarIn(raw.calendar),
    ...(policy !== undefined && { policy: await readYaml(policy, PolicyEntry) }),
    ...(divisions !== undefined && { divisions: (await readYaml(divisions, DivisionsList)).divisions }),
    // The others were checked when they were read: tens of thousands, checked again, would take a second.
    ...(loaded && { divisions: loaded.divisions.slice(0, 1) }),
    ...(persons !== undefined && { persons: (await readYaml(persons, PersonsList)).persons }),
    units: await unitsIn(raw.units, folder, loaded),
  };
}

/** Units made from rules for each division, and those that are listed `besides`; or a list alone. */
async function unitsIn(
  value: unknown,
  folder: string,
  loaded: LoadedDivisions | undefined,
): Promise<unknown> {
  if (isFolder(value)) {
    if (!loaded) throw new Error('units of a folder need divisions of a folder');
    const made = await readUnits(join(folder, value.folder), loaded);
    const besides = await unitsIn(value.besides ?? [], folder, loaded);
    if (!Array.isArray(besides)) throw new Error('units.besides needs a list, or a file that has one');
    return [...made, ...(besides as unknown[])];
  }
  const file = fileIn(value, folder);
  return file === undefined ? value : (await readYaml(file, UnitsList)).units;
}

/** `published` stands for the days that are published, as far as they are. */
function calendarIn(value: unknown): unknown {
  if (!isObject(value) || !('published' in value)) return value;
  const { published, divisions, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`calendar.${other} cannot stand beside calendar.published`);
  if (!isId(published)) throw new Error('calendar.published is no name for a calendar');
  const { holidays, moved, until } = publishedDays();
  const id = `${published}@${until.slice(0, 'yyyy'.length)}`;
  return { id, holidays, moved, until, ...(divisions !== undefined && { divisions }) };
}

/** The file that stands in the place of what it holds: `{ file: persons.yaml }`, from where the seed is. */
function fileIn(value: unknown, folder: string): string | undefined {
  const named = isObject(value) && Object.keys(value).length === 1 && typeof value.file === 'string';
  return named ? join(folder, value.file as string) : undefined;
}

const isFolder = (value: unknown): value is { folder: string; besides?: unknown } =>
  isObject(value) &&
  typeof value.folder === 'string' &&
  Object.keys(value).every((name) => name === 'folder' || name === 'besides');

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
