import { Equals, IsIn } from 'class-validator';
import { type Day, IsDay, IsReason, Optional } from './values.js';

export const REOPEN_CAUSES = [
  'false-rectification',
  'relapse',
  'new-damage',
  'new-evidence',
  'petitioner',
] as const;
export type ReopenCause = (typeof REOPEN_CAUSES)[number];

/** Takes a closed case up again, in a new round. */
export class ReopenCase {
  @Equals('ReopenCase') readonly type = 'ReopenCase';
  @IsIn(REOPEN_CAUSES) cause!: ReopenCause;
  @IsReason() reason!: string;
  /** An earlier day than the policy's. */
  @Optional() @IsDay() dueOn?: Day;
}
