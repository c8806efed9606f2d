import { Equals, IsISO8601, Matches } from 'class-validator';
import { type Day, type Uuid } from './values.js';
import { type Duty, DUTY_NAME, type DutyName } from './deadline.js';

/** Nobody returned the assignment in time: it counts as accepted. */
export class DeemAccepted {
  @Equals('DeemAccepted') readonly type = 'DeemAccepted';
}

/** Nobody answered a request for an extension in time: it counts as refused. */
export class RefuseUnanswered {
  @Equals('RefuseUnanswered') readonly type = 'RefuseUnanswered';
}

/** The last day of a suspension has passed. */
export class EndSuspension {
  @Equals('EndSuspension') readonly type = 'EndSuspension';
}

/** Notes that a duty was not done in time. */
export class NoteDeadline {
  @Equals('NoteDeadline') readonly type = 'NoteDeadline';
  @Matches(DUTY_NAME) duty!: DutyName;
}

/** Works a provisional day out anew, now that its calendar is published. */
export class SettleDeadline {
  @Equals('SettleDeadline') readonly type = 'SettleDeadline';
  @Matches(DUTY_NAME) duty!: DutyName;
}

/** A duty of a case about which the clock has something to say. */
export interface Tick {
  caseId: Uuid;
  name: DutyName;
  duty: Duty;
}

/**
 * Query for ticks (Tick[]) of at most `limit` cases, in order of their ids: duties whose `tickOn` has come, and
 * provisional ones up to the last published day.
 */
export class DueTicks {
  readonly type = 'DueTicks';
  constructor(
    readonly today: Day,
    readonly published: Day | undefined,
    readonly after: Uuid | undefined,
    readonly limit: number,
  ) {}
}

/** Moves the time of a demo on. */
export class MoveClock {
  /** ISO 8601 UTC, milliseconds. */
  @IsISO8601({ strict: true }) @Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) to!: string;
}
