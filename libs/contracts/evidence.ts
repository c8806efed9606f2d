import { type Caller } from './envelope.js';
import { IsText, type PersonId, type Uuid } from './values.js';

/** Query for uploads (Upload[], in the order asked) of one person for one case; absent ones are left out. */
export class UploadsOf {
  readonly type = 'UploadsOf';
  constructor(
    readonly caseId: Uuid,
    readonly person: PersonId,
    readonly receipts: readonly Uuid[],
  ) {}
}

/** Query for what of these receipts a case has used (EvidenceUse), for somebody who must see it. @throws Refusal case/unknown */
export class EvidenceIn {
  readonly type = 'EvidenceIn';
  constructor(
    readonly caseId: Uuid,
    readonly caller: Caller,
    readonly receipts: readonly Uuid[],
  ) {}
}

export interface EvidenceUse {
  used: Uuid[];
  /** Whether the caller may have the personal data of the case in clear, for a purpose. */
  mayReveal: boolean;
}

/** Query for those of these receipts that a case has used (a list of them), for nobody: for the sweeping of the others. */
export class ReceiptsUsed {
  readonly type = 'ReceiptsUsed';
  constructor(
    readonly caseId: Uuid,
    readonly receipts: readonly Uuid[],
  ) {}
}

/**
 * Query for the picture of an upload as it may leave (Buffer, a JPEG): smaller, without what the camera wrote into it.
 * null where there is none, as of a file that is no picture or has people in it, or where it is larger than `most` bytes.
 */
export class ServedCopy {
  readonly type = 'ServedCopy';
  constructor(
    readonly receipt: Uuid,
    readonly most: number,
  ) {}
}

/** What for somebody wants to see a file with people in it. */
export class ShowEvidence {
  @IsText(500, 5) purpose!: string;
}
