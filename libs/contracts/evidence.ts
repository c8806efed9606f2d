import { type PersonId, type Uuid } from './values.js';

/** Query for uploads (Upload[], in the order asked) of one person for one case; absent ones are left out. */
export class UploadsOf {
  readonly type = 'UploadsOf';
  constructor(
    readonly caseId: Uuid,
    readonly person: PersonId,
    readonly receipts: readonly Uuid[],
  ) {}
}

/** Query for the content of a kept file (Buffer), or null where there is none or it is larger than `most` bytes. */
export class StoredFile {
  readonly type = 'StoredFile';
  constructor(
    /** Hex. */
    readonly sha256: string,
    readonly most: number,
  ) {}
}
