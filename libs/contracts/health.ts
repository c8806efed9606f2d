/** Query for how far the ledger is behind the log (Lag). */
export class LedgerLag {
  readonly type = 'LedgerLag';
}

export interface Lag {
  /** Events dealt with. */
  ordinal: number;
  /** For how long it has not caught up, in milliseconds. */
  behindMs: number;
  /** Cases that could not be read on. */
  halted: number;
  /** What stopped it last, until it goes on. */
  fault?: string;
}

/** Query for how far the process manager has carried on what happened (Carried). */
export class ManagerStanding {
  readonly type = 'ManagerStanding';
}

export interface Carried {
  /** Events not answered yet. */
  waiting: number;
  /** Events whose answer was refused: somebody must look why. */
  stuck: number;
  /** What stopped it last, until it goes on. */
  fault?: string;
}
