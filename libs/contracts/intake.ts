import { Equals, IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { IsPersonal, type Sealed } from './sealing.js';
import {
  AreIds,
  type Day,
  type DivisionId,
  IsCount,
  IsDay,
  IsFen,
  IsFilled,
  IsReason,
  IsSource,
  IsText,
  Optional,
  IsPart,
} from './values.js';

export const SEVERITIES = ['general', 'serious', 'major'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const RECTIFICATION_TYPES = ['immediate', 'phased', 'sustained'] as const;
export type RectificationType = (typeof RECTIFICATION_TYPES)[number];

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

/** Who brought the problem, a private person: sealed, and erased as one. */
export class Petitioner {
  @IsPersonal('name', 50) name!: Sealed;
  @Optional() @IsPersonal('phone', 30) phone?: Sealed;
  @Optional() @IsPersonal('identity-number', 30) identityNumber?: Sealed;
  @Optional() @IsPersonal('address', 200) address?: Sealed;
}

/** Enters a problem that was found. Its source, document, line and part are its identity and are never corrected. */
export class RegisterProblem {
  @Equals('RegisterProblem') readonly type = 'RegisterProblem';
  @IsPart(() => Source) source!: Source;
  @AreIds(10) categories!: string[];
  /** The first is the primary one. */
  @AreIds(20) divisions!: DivisionId[];
  @IsIn(SEVERITIES) severity!: Severity;
  @IsIn(RECTIFICATION_TYPES) rectificationType!: RectificationType;
  /** Without names of private persons, whatever the source says. */
  @IsReason() description!: string;
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
  /** The day the source sets. */
  @Optional() @IsDay() sourceDueOn?: Day;
  /** The rule that was broken. */
  @Optional() @IsText(1000) basis?: string;
  @Optional() @IsFen() amountFen?: number;
  @IsBoolean() personsAtRisk!: boolean;
  /** In thousandths: one whole problem. */
  @Equals(1000) weight!: number;
}
