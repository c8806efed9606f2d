import { type SheetCell } from '../../platform/xlsx/sheet.js';

/** By which a spreadsheet knows UTF-8. */
const BOM = '\ufeff';
/** What a spreadsheet would calculate, half-width or full-width. */
const ACTIVE = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const QUOTED = /[",\r\n]/;
const PIECE = 64 * 1024;

/** Rows as CSV, in pieces of some 64 KiB. A text that would be a formula has an apostrophe before it. */
export async function* csvOf(
  head: Iterable<readonly SheetCell[]>,
  rows: AsyncIterable<readonly SheetCell[]>,
): AsyncGenerator<string> {
  let piece = BOM + [...head].map(lineOf).join('');
  for await (const row of rows) {
    piece += lineOf(row);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

const lineOf = (cells: readonly SheetCell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(cell: SheetCell): string {
  if (typeof cell === 'object') return cell.decimal;
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = ACTIVE.test(cell) ? `'${cell}` : cell;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
