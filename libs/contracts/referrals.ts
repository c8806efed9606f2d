import { Equals, IsIn } from 'class-validator';
import { type Caller, type CommandReceipt } from './envelope.js';
import { IsPersonal, type Sealed } from './sealing.js';
import { AreParts, type DivisionId, IsFilled, IsReason, IsReceipt, Optional, type Uuid } from './values.js';

/** Somebody whom a clue concerns. */
export class Concerned {
  @IsPersonal('name', 50) name!: Sealed;
}

/** Hands a clue to a discipline organ. Nothing of it shows in the case. */
export class ReferClue {
  @Equals('ReferClue') readonly type = 'ReferClue';
  @IsReceipt() case!: Uuid;
  /** The organ, by its name. */
  @IsFilled(200) to!: string;
  @IsPersonal('text', 5000) text!: Sealed;
  @Optional() @AreParts(() => Concerned, 20) persons?: Concerned[];
}

export const REFERRAL_OUTCOMES = ['accepted', 'returned', 'filed', 'closed'] as const;
export type ReferralOutcome = (typeof REFERRAL_OUTCOMES)[number];

/** What the organ made of it. */
export class AnswerReferral {
  @Equals('AnswerReferral') readonly type = 'AnswerReferral';
  @IsIn(REFERRAL_OUTCOMES) outcome!: ReferralOutcome;
  @IsFilled(200) document!: string;
  @Optional() @IsReason() remark?: string;
}

/** Everything that can have happened to a clue. */
export type ReferralEvent =
  | {
      type: 'ClueReferred';
      number: string;
      case: Uuid;
      /** Of the case, as they stood then: by them it is decided who reads it. */
      divisions: DivisionId[];
      to: string;
      text: Sealed;
      persons: Concerned[];
    }
  | { type: 'ReferralAnswered'; outcome: ReferralOutcome; document: string; remark?: string };

export const referralEvents = { ClueReferred: true, ReferralAnswered: true } as const satisfies {
  readonly [T in ReferralEvent['type']]: true;
};

/** The envelope of every command on a referral; undefined where the command begins one. Answers a ReferralReceipt. */
export class OnReferral {
  constructor(
    readonly referral: Uuid | undefined,
    readonly body: ReferClue | AnswerReferral,
    readonly caller: Caller,
    readonly about: { idempotencyKey: string; correlationId: string; traceparent?: string },
  ) {}
}

export type ReferralReceipt = Pick<CommandReceipt, 'repeated' | 'revision'> & { referral: Uuid };

/** A clue as inspectors of its case see it. */
export interface ReferralRow {
  id: Uuid;
  revision: number;
  /** Its place in the list: the ordinal of its first event. */
  seq: number;
  number: string;
  case: Uuid;
  to: string;
  /** A veil in the place of what is sealed, as in the history of a case. */
  text: object;
  persons: { name: object }[];
  status: 'sent' | 'answered';
  sentAt: string;
  answeredAt: string | null;
  outcome: ReferralOutcome | null;
  document: string | null;
  remark: string | null;
}

/** Query for a page of the referrals that an inspector may read (ReferralPage), newest first. */
export class Referrals {
  readonly type = 'Referrals';
  constructor(
    readonly caller: Caller,
    readonly limit: number,
    /** `seq` of the last row seen. */
    readonly before?: number,
  ) {}
}

export interface ReferralPage {
  rows: ReferralRow[];
  /** For the next page; absent on the last. */
  before?: number;
}

/** Query for one referral (ReferralRow), or null. */
export class ReferralOf {
  readonly type = 'ReferralOf';
  constructor(
    readonly caller: Caller,
    readonly referral: Uuid,
  ) {}
}
