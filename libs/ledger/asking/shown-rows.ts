import { type LedgerRow } from '../../contracts/ledger.js';
import { SHOWN_NAMES } from '../rows/columns.js';

/** All that a row ever shows. What is copied keeps the shape of this one; what gets a hundred names of its own does not. */
const BLANK: Readonly<Record<string, unknown>> = Object.fromEntries(
  [...SHOWN_NAMES, 'light', 'lightOf', 'heldDays'].map((name) => [name, null]),
);

/** A statement that selects `SHOWN`, and after it whatever else. */
interface Asked {
  values: () => PromiseLike<readonly (readonly unknown[])[]>;
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
  return found.map((values) => {
    const row: Record<string, unknown> = { ...BLANK };
    for (let n = 0; n < SHOWN_NAMES.length; n++) row[SHOWN_NAMES[n] ?? ''] = values[n];
    const rest = Object.fromEntries(others.map((name, n) => [name, values[SHOWN_NAMES.length + n]]));
    return { row: row as unknown as LedgerRow, others: rest as O };
  });
}
