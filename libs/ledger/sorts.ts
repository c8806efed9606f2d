import { type LedgerSort } from '../contracts/ledger.js';

/** By what the ledger can be put in order. */
interface Sort {
  /** SQL of a column that is never null: what has no value stands where it disturbs least. It is indexed with `seq`. */
  key: string;
  /** Of its value in a cursor. */
  type: 'text' | 'bigint';
}

/** The list is short on purpose: each of them costs an index that is written with every row. */
export const SORTS = {
  foundOn: { key: `coalesce("foundOn", '')`, type: 'text' },
  // What has no day is due last.
  dueOn: { key: `coalesce("dueOn", '9999-12-31')`, type: 'text' },
  amountFen: { key: `coalesce("amountFen", 0)`, type: 'bigint' },
  heldSince: { key: `"heldSince"`, type: 'text' },
  closedAt: { key: `coalesce("closedAt", '')`, type: 'text' },
} as const satisfies Readonly<Record<Exclude<LedgerSort, 'seq'>, Sort>>;
