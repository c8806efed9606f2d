import { Equals, IsBoolean, IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { IsPersonal, type Sealed } from './sealing.js';
import {
  AreIds,
  AreParts,
  AreReceipts,
  type Day,
  type DivisionId,
  IsCount,
  IsDay,
  IsFen,
  IsFilled,
  IsId,
  IsReason,
  IsSource,
  IsText,
  IsPlainValue,
  Optional,
  IsPart,
  type PersonId,
  type PlainValue,
  type Uuid,
} from './values.js';

export const SEVERITIES = ['general', 'serious', 'major'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const RECTIFICATION_TYPES = ['immediate', 'phased', 'sustained'] as const;
export type RectificationType = (typeof RECTIFICATION_TYPES)[number];

/** Who sees a case: everybody in scope; its parties and who watches over them; the discipline organ and whoever it needs. */
export const VISIBILITIES = ['normal', 'restricted', 'discipline'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Where the problem was written down: which kind of source, which document, which line and part of it. */
export class Source {
  @IsSource() code!: string;
  @Optional() @IsFilled(200) document?: string;
  @Optional() @IsFilled(100) line?: string;
  @Optional() @IsFilled(100) part?: string;
}

/** A place on the map, in ten-millionths of a degree. */
export class Place {
  @IsInt() @Min(-900_000_000) @Max(900_000_000) latitudeE7!: number;
  @IsInt() @Min(-1_800_000_000) @Max(1_800_000_000) longitudeE7!: number;
  @IsIn(['WGS-84', 'GCJ-02']) datum!: 'WGS-84' | 'GCJ-02';
}

/** Where the problem is: in words, on the map, or both. */
export class Location {
  @Optional() @IsText(500) address?: string;
  @Optional() @IsPart(() => Place) place?: Place;
}

/** Somebody who is accused of something in connection with the problem. */
export class Accused {
  @IsPersonal('name', 50) name!: Sealed;
  /** The post they held. */
  @Optional() @IsFilled(100) post?: string;
}

/** Who brought the problem, a private person: sealed, and erased as one. */
export class Petitioner {
  @IsPersonal('name', 50) name!: Sealed;
  @Optional() @IsPersonal('phone', 30) phone?: Sealed;
  @Optional() @IsPersonal('identity-number', 30) identityNumber?: Sealed;
  @Optional() @IsPersonal('address', 200) address?: Sealed;
}

/** As many sources as are asked about at once. */
export const MOST_SOURCES = 500;

/** Of which of these lines of documents there are cases already. */
export class AskKnown {
  @AreParts(() => Source, MOST_SOURCES) sources!: Source[];
}

/** Query: whether there is a case of each source (boolean[], in their order); never of one without a document. */
export class KnownSources {
  readonly type = 'KnownSources';
  constructor(readonly sources: readonly Source[]) {}
}

/** A problem as whoever found it states it. */
export class FoundProblem {
  @IsPart(() => Source) source!: Source;
  @AreIds(10) categories!: string[];
  /** The first is the primary one. */
  @AreIds(20) divisions!: DivisionId[];
  @IsIn(SEVERITIES) severity!: Severity;
  @IsIn(RECTIFICATION_TYPES) rectificationType!: RectificationType;
  /** Without names of private persons, whatever the source says. */
  @IsReason() description!: string;
  /** What the county works from, where that is not the description. */
  @Optional() @IsFilled(2000) taskText?: string;
  /** Below the category. */
  @Optional() @IsId() problemType?: string;
  @Optional() @IsDay() foundOn?: Day;
  /** The body that found it, never a private person. */
  @Optional() @IsText(200) foundBy?: string;
  @Optional() @IsPart(() => Location) location?: Location;
  @Optional() @IsPart(() => Petitioner) petitioner?: Petitioner;
  /** What was said or written, word for word. */
  @Optional() @IsPersonal('text', 5000) verbatim?: Sealed;
  /** Somebody is accused (检举控告): who said it, and what, is seen by who registered it and inspectors only. */
  @Optional() @IsBoolean() accusation?: boolean;
  @Optional() @IsText(100) intakeNumber?: string;
  @Optional() @IsCount(10_000_000) householdCount?: number;
  @Optional() @IsDay() occurredFrom?: Day;
  @Optional() @IsDay() occurredTo?: Day;
  /** Since when it was known to whoever should have put it right. */
  @Optional() @IsDay() knownSince?: Day;
  /** The day the source sets. */
  @Optional() @IsDay() sourceDueOn?: Day;
  /** The rule that was broken. */
  @Optional() @IsText(1000) basis?: string;
  @Optional() @IsFen() amountFen?: number;
  /** By which the money in question was given out, and for which year. */
  @Optional() @IsFilled(200) fundDocument?: string;
  @Optional() @IsCount(2100, 1990) fiscalYear?: number;
  /** The official who was responsible at the time, in their function. */
  @Optional() @IsFilled(100) principal?: string;
  @Optional() @AreParts(() => Accused, 20) accused?: Accused[];
  /** Without it, normal. */
  @Optional() @IsIn(VISIBILITIES) visibility?: Visibility;
  /** The circular that made others look for the same. */
  @Optional() @IsId() circularId?: string;
  /** The campaign in which it was found, and the frame that its sample was drawn from. */
  @Optional() @IsId() campaignId?: string;
  @Optional() @IsFilled(200) frame?: string;
  /** The batch in which it was handed over. */
  @Optional() @IsFilled(100) batch?: string;
  @Optional() @IsFilled(2000) remark?: string;
  /** A state secret has no place here: what says so is refused, and nothing of it is kept. */
  @Optional() @IsBoolean() secret?: boolean;
  @IsBoolean() personsAtRisk!: boolean;
  /** In thousandths: one whole problem. */
  @Equals(1000) weight!: number;
}

/** Enters a problem that was found. Its source, document, line and part are its identity and are never corrected. */
export class RegisterProblem extends FoundProblem {
  @Equals('RegisterProblem') readonly type = 'RegisterProblem';
}

/** How an old ledger says that a problem stands. */
export class Stated {
  @IsIn(['open', 'closed']) status!: 'open' | 'closed';
  @Optional() @IsDay() closedOn?: Day;
  @Optional() @IsDay() dueOn?: Day;
  /** The responsible unit, in the words of the old ledger. */
  @Optional() @IsFilled(200) unit?: string;
  @Optional() @IsFilled(100) closureNumber?: string;
}

/** The row of a file. */
export class FileRow {
  /** Of the file, in hex. */
  @Matches(/^[0-9a-f]{64}$/) sha256!: string;
  @IsCount(10_000_000, 1) row!: number;
}

/** Takes over a row of an old ledger as it states itself. What it says was closed is never counted as proven. */
export class AdoptCase extends FoundProblem {
  @Equals('AdoptCase') readonly type = 'AdoptCase';
  @IsPart(() => Stated) stated!: Stated;
  @IsPart(() => FileRow) file!: FileRow;
}

/** Fields of a registration that can be put right. */
export const CORRECTABLE = [
  ...(['description', 'taskText', 'foundOn', 'foundBy', 'address', 'intakeNumber'] as const),
  ...(['householdCount', 'occurredFrom', 'occurredTo', 'sourceDueOn', 'basis', 'problemType'] as const),
  ...(['knownSince', 'fundDocument', 'fiscalYear', 'principal', 'remark'] as const),
  'personsAtRisk',
] as const;
export type Correctable = (typeof CORRECTABLE)[number];

/** Puts a field of the registration right. A due day that was set when the case was assigned stays. */
export class CorrectRegistration {
  @Equals('CorrectRegistration') readonly type = 'CorrectRegistration';
  @IsIn(CORRECTABLE) field!: Correctable;
  /** Under the same rules as on registration; without it, the field is cleared. */
  @Optional() @IsPlainValue() to?: PlainValue;
  @IsReason() why!: string;
}

/** Says anew what kind of problem it is. Within a round steps and slots may be added by it, never removed. */
export class ClassifyCase {
  @Equals('ClassifyCase') readonly type = 'ClassifyCase';
  @AreIds(10) categories!: string[];
  @IsIn(SEVERITIES) severity!: Severity;
  @IsIn(RECTIFICATION_TYPES) rectificationType!: RectificationType;
  @Optional() @IsReason() reason?: string;
}

export const SUBSTANTIATIONS = ['full', 'basic', 'partial', 'none'] as const;
/** How far the facts bear out what was said (是否属实). */
export type Substantiation = (typeof SUBSTANTIATIONS)[number];

/** Has the facts checked before the case is given to a unit; while they are being checked, by others. */
export class StartFactCheck {
  @Equals('StartFactCheck') readonly type = 'StartFactCheck';
  /** Two or more persons who check facts in a post of theirs. */
  @AreIds(10, 2) checkers!: PersonId[];
  /** Why others check: wanted where somebody has been named already. */
  @Optional() @IsReason() reason?: string;
}

/** What the checkers found: how far it is so. What is not so at all ends here, on the record of a visit. */
export class EstablishFacts {
  @Equals('EstablishFacts') readonly type = 'EstablishFacts';
  @IsIn(SUBSTANTIATIONS) substantiation!: Substantiation;
  @IsReason() findings!: string;
  @Optional() @IsReason() place?: string;
  @Optional() @IsDay() visitedOn?: Day;
  /** Uploads of the checker for this case. */
  @AreReceipts(20, 0) photos!: Uuid[];
  /** What another checker thinks. */
  @Optional() @IsReason() opposing?: string;
  /** Of what is partly so: what is to be put right. */
  @Optional() @IsFilled(2000) taskText?: string;
  /** People are at risk, whatever the registration says. */
  @Optional() @Equals(true) personsAtRisk?: true;
}

/** Takes a case that should not be there out of the ledger's work: it stays on record, as void. */
export class VoidCase {
  @Equals('VoidCase') readonly type = 'VoidCase';
  @IsReason() reason!: string;
  /** What this rests on. */
  @IsFilled(200) document!: string;
}
