import { MAIN, STYLE } from './parts.js';
import { escaped } from './xml-text.js';

/** A text stays a text whatever it begins with; a number is written as it is said. Nothing is a formula. */
export type SheetCell = string | number | Exact | undefined;

/** A number by its digits, such as `12.30`: money is never rounded on its way. */
export interface Exact {
  decimal: string;
}

export interface SheetContent {
  /** At most 31 characters, without \ / ? * [ ] and : */
  name: string;
  /** Rows above the header. */
  above?: readonly (readonly SheetCell[])[];
  /** The headings, in bold; they stay in sight. */
  header: readonly string[];
  rows: AsyncIterable<readonly SheetCell[]> | Iterable<readonly SheetCell[]>;
}

const PIECE = 64 * 1024;
const MOST_ROWS = 1_048_576;
/** What a spreadsheet would calculate if somebody entered it, or took it over from a CSV file. */
const ACTIVE = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * The sheet as XML, in pieces of some 64 KiB.
 * @throws RangeError for more rows than a sheet can hold
 */
export async function* sheetXml({
  above = [],
  header,
  rows,
}: Omit<SheetContent, 'name'>): AsyncGenerator<string> {
  let number = above.length + 1;
  let piece =
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${MAIN}"><sheetViews>` +
    `<sheetView workbookViewId="0"><pane ySplit="${number}" topLeftCell="A${number + 1}" activePane="bottomLeft" state="frozen"/>` +
    '</sheetView></sheetViews><sheetData>' +
    above.map((row, index) => rowXml(row, index + 1, STYLE.plain)).join('') +
    rowXml(header, number, STYLE.header);
  for await (const row of rows) {
    number++;
    if (number > MOST_ROWS) throw new RangeError(`A sheet holds ${MOST_ROWS} rows`);
    piece += rowXml(row, number, STYLE.plain);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}</sheetData></worksheet>`;
}

function rowXml(cells: readonly SheetCell[], number: number, style: number): string {
  let xml = `<row r="${number}">`;
  for (const [column, cell] of cells.entries()) {
    if (cell !== undefined && cell !== '') xml += cellXml(cell, `${lettersOf(column)}${number}`, style);
  }
  return `${xml}</row>`;
}

function cellXml(cell: string | number | Exact, place: string, style: number): string {
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === 'object') return exactXml(cell, place);
  const own = ACTIVE.test(cell) ? STYLE.text : style;
  const attributes = own === STYLE.plain ? '' : ` s="${own}"`;
  return `<c r="${place}"${attributes} t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
}

/** Two decimals are those of money, and stay in sight. */
function exactXml({ decimal }: Exact, place: string): string {
  const style = /\.\d\d$/.test(decimal) ? ` s="${STYLE.money}"` : '';
  return `<c r="${place}"${style}><v>${decimal}</v></c>`;
}

const known: string[] = [];

/** A, B … Z, AA. */
export function lettersOf(column: number): string {
  return (known[column] ??=
    (column < 26 ? '' : lettersOf(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26)));
}
