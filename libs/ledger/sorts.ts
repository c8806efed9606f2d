import { type LedgerRow, type LedgerSort } from '../contracts/ledger.js';

/** By what the ledger can be put in order. */
export interface Sort {
  /** SQL of a column that is never null: what has no value stands where it disturbs least. Where `indexed`, it is indexed with `seq`. */
  key: string;
  /** The same of a row that was read. */
  of: (row: LedgerRow) => string | number;
  /** Of its value in a cursor. */
  type: 'text' | 'bigint';
  /** What changes whenever a case goes from hand to hand has no index: each change would cost an entry in all of them. */
  indexed: boolean;
}

/** The list is short on purpose: each of them costs an index that is written with every row. */
export const SORTS = {
  foundOn: {
    key: `coalesce("foundOn", '')`,
    of: ({ foundOn }) => foundOn ?? '',
    type: 'text',
    indexed: true,
  },
  // What has no day is due last.
  dueOn: {
    key: `coalesce("dueOn", '9999-12-31')`,
    of: ({ dueOn }) => dueOn ?? '9999-12-31',
    type: 'text',
    indexed: true,
  },
  amountFen: {
    key: `coalesce("amountFen", 0)`,
    of: ({ amountFen }) => amountFen ?? 0,
    type: 'bigint',
    indexed: true,
  },
  heldSince: { key: `"heldSince"`, of: ({ heldSince }) => heldSince, type: 'text', indexed: false },
  closedAt: {
    key: `coalesce("closedAt", '')`,
    of: ({ closedAt }) => closedAt ?? '',
    type: 'text',
    indexed: true,
  },
} as const satisfies Readonly<Record<Exclude<LedgerSort, 'seq'>, Sort>>;
