import { Equals, IsBoolean, IsIn, IsObject } from 'class-validator';
import { type Limits } from './case-events.js';
import { SEVERITIES, type Severity, Source, VISIBILITIES, type Visibility } from './intake.js';
import { MOST_ITEMS } from './items.js';
import {
  AreIds,
  AreParts,
  type Day,
  type DivisionId,
  IsCase,
  IsCount,
  IsDay,
  IsFen,
  IsFilled,
  IsReason,
  Optional,
  type Uuid,
} from './values.js';

/** Says that the problem is the same as that of another case, which goes on for both. */
export class MergeCase {
  @Equals('MergeCase') readonly type = 'MergeCase';
  /** A case that the caller's unit covers. */
  @IsCase() into!: Uuid;
  @IsReason() reason!: string;
}

/** Takes a case up that was merged into this one: given by the process manager only. */
export class AbsorbCase {
  @Equals('AbsorbCase') readonly type = 'AbsorbCase';
  @IsCase() from!: Uuid;
  @IsFilled(100) caseNumber!: string;
  /** In thousandths. It stays with the case that was merged. */
  @IsCount(1000, 1) weight!: number;
  @AreParts(() => Source, 100) sources!: Source[];
  /** What the other case must be no lighter than. */
  @IsIn(SEVERITIES) severity!: Severity;
  @AreIds(20) categories!: string[];
  /** In fen: what is still in question. */
  @Optional() @IsFen() amountFen?: number;
  /** By whom the other case must be seen as well, and no further. */
  @IsIn(VISIBILITIES) visibility!: Visibility;
  /** Where the other case must lie as well. */
  @AreIds(20) divisions!: DivisionId[];
  /** What the other case must list as well. */
  @AreIds(MOST_ITEMS, 0) items!: string[];
  /** Until when its sources want it. */
  @Optional() @IsDay() sourceDueOn?: Day;
  /** Whether people are at risk in it. */
  @IsBoolean() atRisk!: boolean;
  @IsObject() limits!: Limits;
}

/** The other case could not take this one up, which goes on: given by the process manager only. */
export class UndoMerge {
  @Equals('UndoMerge') readonly type = 'UndoMerge';
  @IsCase() into!: Uuid;
  /** With what the other case refused. */
  @IsFilled(64) code!: string;
}
