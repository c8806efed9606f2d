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
