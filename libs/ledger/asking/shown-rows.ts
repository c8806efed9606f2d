import { type LedgerRow } from '../../contracts/ledger.js';
import { SHOWN_NAMES } from '../rows/columns.js';

type Values = readonly unknown[];

/**
 * A row of its values, and of nothing yet in what is worked out of them. As an object is written in a program, since one
 * that gets its hundred names one after the other takes twenty times as long: a twentieth of a page's whole answer. The
 * names are ours.
 */
// eslint-disable-next-line @typescript-eslint/no-implied-eval
const rowOf = new Function(
  'values',
  `return {${[
    ...SHOWN_NAMES.map((name, n) => `${name}: values[${n}]`),
    ...['light', 'lightOf', 'heldDays'].map((name) => `${name}: null`),
  ].join()}}`,
) as (values: Values) => LedgerRow;

/** A statement that selects `SHOWN`, and after it whatever else. */
interface Asked {
  values: () => PromiseLike<readonly Values[]>;
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
    const rest = Object.fromEntries(others.map((name, n) => [name, values[SHOWN_NAMES.length + n]]));
    return { row: rowOf(values), others: rest as O };
  });
}
