import { Equals, IsIn } from 'class-validator';
import { type Caller, type CommandReceipt } from './envelope.js';
import { SEVERITIES, type Severity } from './intake.js';
import {
  type Day,
  type DivisionId,
  IsCount,
  IsDay,
  IsFilled,
  IsId,
  IsPart,
  Optional,
  type PersonId,
  type UnitId,
  type Uuid,
} from './values.js';

/** Which closed cases may be drawn: those closed from one day to another, both included. */
export class Frame {
  @IsDay() from!: Day;
  @IsDay() until!: Day;
  @Optional() @IsId() division?: DivisionId;
  @Optional() @IsId() lead?: UnitId;
  @Optional() @IsIn(SEVERITIES) severity?: Severity;
}

/** Draws closed cases to be looked back at. Whoever has the seed and the candidates comes to the same cases. */
export class DrawLookBack {
  @Equals('DrawLookBack') readonly type = 'DrawLookBack';
  /** A text that was made public before, such as the numbers of a lottery. */
  @IsFilled(200) seed!: string;
  @IsPart(() => Frame) frame!: Frame;
  @IsCount(500, 1) size!: number;
}

/** Everything that can have happened in a draw. */
export interface DrawEvent {
  type: 'LookBackDrawn';
  seed: string;
  frame: Frame;
  size: number;
  /** How many there were to draw from, and the hex SHA-256 of the RFC 8785 JSON of their sorted ids. */
  candidates: number;
  digest: string;
  /** In the order in which they were drawn. */
  cases: Uuid[];
}

export const drawEvents = { LookBackDrawn: true } as const;

/** The envelope of DrawLookBack. Answers a DrawReceipt. */
export class OnDraw {
  constructor(
    readonly body: DrawLookBack,
    readonly caller: Caller,
    readonly about: { idempotencyKey: string; correlationId: string; traceparent?: string },
  ) {}
}

export type DrawReceipt = Pick<CommandReceipt, 'repeated'> & { draw: Uuid };

/** Query for a draw (Draw). @throws Refusal draw/unknown */
export class DrawOf {
  readonly type = 'DrawOf';
  constructor(
    readonly draw: Uuid,
    readonly caller: Caller,
  ) {}
}

export type Draw = Omit<DrawEvent, 'type'> & { drawnAt: string; unit: UnitId };

/** Query for who drew a case in a draw (PersonId[]), or null where it was not drawn in it. */
export class DrawnBy {
  readonly type = 'DrawnBy';
  constructor(
    readonly draw: Uuid,
    readonly caseId: Uuid,
  ) {}
}
export type Drawers = readonly PersonId[] | null;

/** Query for the closed cases of a frame that the caller may see (Uuid[], sorted). */
export class ClosedIn {
  readonly type = 'ClosedIn';
  constructor(
    readonly caller: Caller,
    readonly frame: Frame,
  ) {}
}
