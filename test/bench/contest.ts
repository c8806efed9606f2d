/** What runs in turns with others. */
export interface Contest {
  /** A round takes minutes: no more than so many are run. */
  most?: number;
  /** @param turn puts the contestants in another order every round */
  round: (turn: <T>(contestants: readonly T[]) => T[]) => Promise<void>;
  end: () => Promise<void>;
}

/** How much is measured. */
export interface Size {
  rounds: number;
  warmMs: number;
  appendMs: number;
  /** Events in the log that is compared with an empty one. */
  fullLog: number;
  /** For both servers, before the rounds: code that runs for the first time is slow. */
  httpWarmMs: number;
  httpMs: number;
  /** Events that are caught up, and those of the contestants whose rate does not depend on how many. */
  events: number;
  read: number;
  emmettEvents: number;
  visibilityMs: number;
  /** Of a workbook. */
  importRows: number;
  /** Of the ledger that is written as a file. */
  exportRows: number;
  /** In the log from which a ledger is made anew, and how long the load beside it runs alone. */
  rebuildEvents: number;
  aloneMs: number;
  /** Files that are uploaded. */
  uploads: number;
  /** Cases of the ledgers that are asked. */
  ledgers: readonly number[];
}

export const FULL: Size = {
  rounds: 5,
  warmMs: 400,
  appendMs: 2000,
  fullLog: 3_000_000,
  httpWarmMs: 8000,
  httpMs: 4000,
  events: 200_000,
  read: 200_000,
  emmettEvents: 20_000,
  visibilityMs: 6000,
  importRows: 50_000,
  exportRows: 100_000,
  rebuildEvents: 200_000,
  // As long as a ledger takes to be made: what happens once a minute happens to both.
  aloneMs: 40_000,
  uploads: 24,
  ledgers: [10_000, 100_000, 1_000_000],
};

export const QUICK: Size = {
  rounds: 1,
  warmMs: 150,
  appendMs: 400,
  fullLog: 50_000,
  httpWarmMs: 2000,
  httpMs: 1500,
  events: 50_000,
  read: 50_000,
  emmettEvents: 3_000,
  visibilityMs: 2000,
  importRows: 5000,
  exportRows: 10_000,
  rebuildEvents: 20_000,
  aloneMs: 4000,
  uploads: 12,
  ledgers: [10_000],
};

/** Another first one every round. */
export function turned<T>(list: readonly T[], round: number): T[] {
  const by = round % Math.max(list.length, 1);
  return [...list.slice(by), ...list.slice(0, by)];
}
