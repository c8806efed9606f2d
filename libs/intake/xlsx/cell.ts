import { type Problem, problem } from '../problem.js';
import { dayOf } from './days.js';
import { decimalOf, lostDigits } from './decimals.js';
import { type SharedTexts } from './texts.js';

/** What a workbook knows of all its cells. */
export interface Shared {
  texts: SharedTexts;
  dayStyles: ReadonlySet<number>;
  from1904: boolean;
}

/** A cell as it is written. */
export interface RawCell {
  /** The kind: `s` a shared text, `n` or nothing a number, and so on. */
  kind: string;
  style: number;
  value: string;
  inline: string;
  hasValue: boolean;
  hasFormula: boolean;
}

type Read = string | Problem;

/** The text of a cell, or why there is none. A formula counts as what was last calculated; it is never calculated here. */
export function readCell(cell: RawCell, shared: Shared): Read {
  if (cell.kind === 'inlineStr') return cell.inline;
  if (!cell.hasValue && cell.hasFormula)
    return problem(
      'formula-without-value',
      'The cell holds a formula without its result; save the workbook again.',
    );
  return cell.value === '' ? '' : (READ[cell.kind] ?? unknown)(cell, shared);
}

const READ: Readonly<Record<string, (cell: RawCell, shared: Shared) => Read>> = {
  s: ({ value }, { texts }) => texts.at(Number(value)) ?? damaged(value),
  str: ({ value }) => value,
  b: ({ value }) => (value === '1' ? 'TRUE' : 'FALSE'),
  e: ({ value }) => problem('cell-error', 'The cell shows an error instead of a value.', undefined, value),
  d: ({ value }) => value.slice(0, 10),
  n: number,
};

function number({ value, style }: RawCell, { dayStyles, from1904 }: Shared): Read {
  const decimal = decimalOf(value);
  if (decimal === undefined) return damaged(value);
  if (dayStyles.has(style))
    return (
      dayOf(Number(decimal), from1904) ??
      problem('date-invalid', 'The cell is formatted as a day that does not exist.', undefined, decimal)
    );
  if (!lostDigits(decimal)) return decimal;
  const message =
    'The number has more digits than a workbook keeps, the last are lost; it must be entered as text.';
  return problem('number-inexact', message, undefined, decimal);
}

function unknown({ kind }: RawCell): Read {
  return damaged(kind);
}

function damaged(value: string): Problem {
  return problem('cell-damaged', 'The cell is not as a workbook writes it.', undefined, value);
}
