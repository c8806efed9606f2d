import { type Day, IsDay, IsFilled, type Uuid } from './values.js';

/** The capacity in which somebody commands or asks. */
export interface Caller {
  person: string;
  unit: string;
  role: string;
  onBehalfOf?: string;
  via: 'http' | 'import' | 'clock' | 'manager' | 'cli';
}

/** A decision that was signed on paper first and is entered later. */
export class PaperEntry {
  @IsDay() effectiveOn!: Day;
  @IsFilled(200) document!: string;
}

/**
 * The envelope of every command on a case: HTTP, import, clock and CLI take this one road. Answers a CommandReceipt.
 * The body is validated; the case is undefined where the command begins one.
 */
export class OnCase {
  constructor(
    readonly caseId: Uuid | undefined,
    readonly body: object,
    readonly caller: Caller,
    readonly about: {
      idempotencyKey: string;
      /** The revision of the case that the caller has seen. */
      seen?: number;
      correlationId: string;
      /** The event that it answers, where it answers one. */
      causationId?: Uuid;
      traceparent?: string;
      entry?: PaperEntry;
      /** One decision on many cases: each command is known by it and its case, not by the key. */
      decisionBatch?: Uuid;
    },
  ) {}
}

export interface CommandReceipt {
  case: Uuid;
  revision: number;
  /** `case@revision`: a query that carries it waits for the ledger to have it. */
  receipt: string;
  /** Whether this very command had been carried out before. */
  repeated: boolean;
}

/** Query for what somebody may do on a case (ActionOffer[]). */
export class ActionsOn {
  readonly type = 'ActionsOn';
  constructor(
    readonly caseId: Uuid,
    readonly caller: Caller,
  ) {}
}

/** A command and whether this caller may give it now, or why not and who can. */
export interface ActionOffer {
  /** In kebab case, as in its address. */
  command: string;
  allowed: boolean;
  /** Why not. */
  code?: string;
  /** Of a ground that is none, or of what is missing: for whoever could give it, and nobody else. */
  why?: string;
  slots?: readonly string[];
  /** Roles that may; at these units. Of those that cover the case one is named that can. */
  roles?: readonly string[];
  units?: readonly string[];
  /** Of these units, in their order. */
  unitNames?: readonly string[];
}

/** Query for the history of a case (PastEvent[] of at most `limit`), from a revision on. */
export class HistoryOf {
  readonly type = 'HistoryOf';
  constructor(
    readonly caseId: Uuid,
    readonly caller: Caller,
    readonly from: number,
    readonly limit: number,
  ) {}
}

export interface PastEvent {
  id: Uuid;
  type: string;
  revision: number;
  recordedAt: string;
  /** Where it was decided on paper before. */
  entry?: PaperEntry;
  decisionBatch?: Uuid;
  /** In a time that was not the real one. */
  simulated?: true;
  actor: {
    person: string;
    name: string;
    unit: string;
    unitName: string;
    role: string;
    onBehalfOf?: string;
    via: string;
  };
  data: object;
  /** Hex SHA-256 of the event's leaf. */
  leaf: string;
}
