import { type LedgerRow } from '../../contracts/ledger.js';
import { taken } from '../../platform/taken.js';
import { SHOWN_NAMES } from '../rows/columns.js';
import { rowOf } from './shown-row.js';

/** A statement that selects `SHOWN`, and after it whatever else. */
interface Asked {
  values: () => PromiseLike<unknown[][]>;
}

/**
 * The rows that a statement finds, as `SHOWN` has them: by their values, as rows by their names take a sixth longer to
 * read.
 * @param others what is selected behind them, by name
 */
export async function shownIn<O extends object = object>(
  statement: Asked,
  others: readonly (keyof O & string)[] = [],
): Promise<{ row: LedgerRow; others: O }[]> {
  const found = await statement.values();
  return taken(found).map((values) => {
    const rest = Object.fromEntries(others.map((name, n) => [name, values[SHOWN_NAMES.length + n]]));
    return { row: rowOf(values), others: rest as O };
  });
}
