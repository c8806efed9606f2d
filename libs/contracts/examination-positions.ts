import { Equals, IsIn } from 'class-validator';
import { AreShortcomings, type Shortcoming } from './examination.js';
import { type Day, IsDay, IsFilled, IsReason, Optional } from './values.js';

export const DISCIPLINE_POSITIONS = ['no-objection', 'hold'] as const;
export type DisciplinePosition = (typeof DISCIPLINE_POSITIONS)[number];

export const RECOGNITIONS = ['recognised', 'not-recognised'] as const;
export type Recognition = (typeof RECOGNITIONS)[number];

/** The discipline organ says whether it has anything against closing. It may say otherwise later. */
export class StateDisciplinePosition {
  @Equals('StateDisciplinePosition') readonly type = 'StateDisciplinePosition';
  @IsIn(DISCIPLINE_POSITIONS) position!: DisciplinePosition;
  @IsReason() reason!: string;
}

/** What the source of the problem says to the result (来源认定). */
export class RecordRecognition {
  @Equals('RecordRecognition') readonly type = 'RecordRecognition';
  @IsIn(RECOGNITIONS) result!: Recognition;
  /** The source's own, by its number. */
  @IsFilled(200) document!: string;
  /** Day of the document. */
  @IsDay() on!: Day;
  /** Why it is not recognised. */
  @Optional() @AreShortcomings() reasons?: Shortcoming[];
}
