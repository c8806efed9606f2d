import { type LedgerRow, type LedgerSort } from '../../contracts/ledger.js';

/** By what the ledger can be put in order. */
export interface Sort {
  /** SQL of a column that is never null: what has no value stands where it disturbs least. */
  key: string;
  /** The same of a row that was read. */
  of: (row: LedgerRow) => string | number;
  /** Of its value in a cursor. */
  type: 'text' | 'bigint';
  /**
   * What finds the first rows. `own`: an index of it with `seq`. `open`: the index of what is under way, to which pages in
   * this order must be narrowed. That is for what changes whenever a case goes from hand to hand: in an index, each change
   * would cost an entry in all of them, which makes it four times as long.
   */
  index: 'own' | 'open';
}

/** The list is short on purpose: each of them costs an index that is written with every row. */
export const SORTS = {
  foundOn: {
    key: `coalesce("foundOn", '')`,
    of: ({ foundOn }) => foundOn ?? '',
    type: 'text',
    index: 'own',
  },
  // What has no day is due last.
  dueOn: {
    key: `coalesce("dueOn", '9999-12-31')`,
    of: ({ dueOn }) => dueOn ?? '9999-12-31',
    type: 'text',
    index: 'own',
  },
  amountFen: {
    key: `coalesce("amountFen", 0)`,
    of: ({ amountFen }) => amountFen ?? 0,
    type: 'bigint',
    index: 'own',
  },
  heldSince: { key: `"heldSince"`, of: ({ heldSince }) => heldSince, type: 'text', index: 'open' },
  closedAt: {
    key: `coalesce("closedAt", '')`,
    of: ({ closedAt }) => closedAt ?? '',
    type: 'text',
    index: 'own',
  },
} as const satisfies Readonly<Record<Exclude<LedgerSort, 'seq'>, Sort>>;
