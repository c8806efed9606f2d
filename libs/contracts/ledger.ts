import { type Status } from './status.js';
import { type Caller } from './envelope.js';
import { type RectificationType, type Severity, type Source } from './intake.js';
import { type Day, type DivisionId, type UnitId, type Uuid } from './values.js';

/** A case as the ledger shows it. Days are of the deployment's zone, instants ISO 8601 UTC. */
export interface LedgerRow {
  id: Uuid;
  revision: number;
  /** 序号: the ordinal of the registration. */
  seq: number;
  caseNumber: string;
  source: string;
  sourceDocument: string | null;
  sourceLine: string | null;
  sourcePart: string | null;
  /** Its own source, then those of cases that were merged into it. */
  sources: Source[];
  intakeNumber: string | null;
  foundOn: Day | null;
  foundBy: string | null;
  divisions: DivisionId[];
  address: string | null;
  latitudeE7: number | null;
  longitudeE7: number | null;
  datum: string | null;
  categories: string[];
  severity: Severity;
  rectificationType: RectificationType;
  description: string;
  basis: string | null;
  amountFen: number | null;
  /** Put right of it. */
  rectifiedFen: number;
  householdCount: number | null;
  occurredFrom: Day | null;
  occurredTo: Day | null;
  sourceDueOn: Day | null;
  personsAtRisk: boolean;
  /** In thousandths; what was split off stands in the rows of the parts. */
  weight: number;
  /** The case that it was a part of. */
  parent: Uuid | null;
  /** Cases that were merged into it. */
  absorbed: Uuid[];
  /** The case that goes on for it. */
  mergedInto: Uuid | null;
  status: Status;
  flags: string[];
  leads: UnitId[];
  coUnits: UnitId[];
  requirement: string | null;
  letter: string | null;
  dueOn: Day | null;
  returns: number;
  /** Extensions granted in this round. */
  extensions: number;
  suspendedUntil: Day | null;
  /** Files attached in this round. */
  evidence: number;
  /** Reports of progress so far. */
  reports: number;
  /** The last report; empty: nothing has changed. */
  progress: string | null;
  pending: string | null;
  measures: string | null;
  completedOn: Day | null;
  /** passed, failed, or null while none stands. */
  verification: string | null;
  verifiedAt: string | null;
  closedAt: string | null;
  closureNumber: string | null;
  round: number;
  reopened: number;
  reopenCause: string | null;
  /** Rungs that stand in this round. */
  supervision: string[];
  /** Instructions without an accepted answer. */
  openInstructions: number;
  /** Units at whose desk the case lies now. */
  heldBy: UnitId[];
  heldSince: string;
  registeredAt: string;
  changedAt: string;
}

/** What a list is narrowed to. Absent parts narrow nothing. */
export interface LedgerFilter {
  status?: Status;
  severity?: Severity;
  division?: DivisionId;
  lead?: UnitId;
  reopened?: boolean;
}

/** Query for a page of the ledger (LedgerPage), newest first. */
export class LedgerList {
  readonly type = 'LedgerList';
  constructor(
    readonly caller: Caller,
    readonly filter: LedgerFilter,
    readonly limit: number,
    /** `seq` of the last row seen. */
    readonly before?: number,
  ) {}
}

export interface LedgerPage {
  rows: LedgerRow[];
  /** For the next page; absent on the last. */
  before?: number;
}

/** Query for one case (LedgerRow and, where it could not be read on, the revision it halted at), or null. */
export class LedgerCase {
  readonly type = 'LedgerCase';
  constructor(
    readonly caller: Caller,
    readonly caseId: Uuid,
  ) {}
}

export type LedgerDetail = LedgerRow & { haltedAt: number | null };

/** Query for the ledger's figures (Figure[]), each with the filter that lists its cases. */
export class LedgerFigures {
  readonly type = 'LedgerFigures';
  constructor(readonly caller: Caller) {}
}

export interface Figure {
  name: string;
  cases: number;
  /** In thousandths. */
  weight: number;
  filter: LedgerFilter;
}

/** Query that waits until the ledger has a revision of a case that the caller may see, at most `ms`; answers whether it has (boolean). */
export class LedgerReached {
  readonly type = 'LedgerReached';
  constructor(
    readonly caller: Caller,
    readonly caseId: Uuid,
    readonly revision: number,
    readonly ms: number,
  ) {}
}
