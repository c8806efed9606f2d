import { BOX, type Drawing, type Pictured } from './drawing.js';
import { MAIN, OFFICE, XML } from './names.js';
import { STYLE } from './parts.js';
import { escaped } from './xml-text.js';

/** A text stays a text whatever it begins with; a number is written as it is said. Nothing is a formula. */
export type SheetCell = string | number | Exact | undefined;
/** A cell of a workbook, which can hold more than other files. */
export type RowCell = SheetCell | Pictured;

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
  /** The columns in which cells may be pictured, counted from 0, and how wide they are, in characters. */
  pictured?: ReadonlyMap<number, number>;
  rows: AsyncIterable<readonly RowCell[]> | Iterable<readonly RowCell[]>;
}

const PIECE = 64 * 1024;
const MOST_ROWS = 1_048_576;
/** What a spreadsheet would calculate if somebody entered it, or took it over from a CSV file. */
const ACTIVE = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * The sheet as XML, in pieces of some 64 KiB.
 * @param drawing gathers its pictures
 * @throws RangeError for more rows than a sheet can hold
 */
export async function* sheetXml(
  { above = [], header, pictured, rows }: Omit<SheetContent, 'name'>,
  drawing: Drawing,
): AsyncGenerator<string> {
  let number = above.length + 1;
  let piece =
    `${XML}<worksheet xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheetViews>` +
    `<sheetView workbookViewId="0"><pane ySplit="${number}" topLeftCell="A${number + 1}" activePane="bottomLeft" state="frozen"/>` +
    `</sheetView></sheetViews>${columnsXml(pictured)}<sheetData>` +
    above.map((row, index) => rowXml(row, index + 1, STYLE.plain, drawing)).join('') +
    rowXml(header, number, STYLE.header, drawing);
  for await (const row of rows) {
    number++;
    if (number > MOST_ROWS) throw new RangeError(`A sheet holds ${MOST_ROWS} rows`);
    piece += rowXml(row, number, STYLE.plain, drawing);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}</sheetData>${pictured ? '<drawing r:id="rId1"/>' : ''}</worksheet>`;
}

function columnsXml(pictured: SheetContent['pictured']): string {
  if (!pictured) return '';
  const columns = [...pictured].map(
    ([column, width]) => `<col min="${column + 1}" max="${column + 1}" width="${width}" customWidth="1"/>`,
  );
  return `<cols>${columns.join('')}</cols>`;
}

function rowXml(cells: readonly RowCell[], number: number, style: number, drawing: Drawing): string {
  let xml = '';
  let high = 0;
  for (const [column, cell] of cells.entries()) {
    if (cell === undefined || cell === '') continue;
    const place = `${lettersOf(column)}${number}`;
    if (typeof cell === 'object' && 'pictures' in cell) {
      drawing.place(number, column, cell.pictures);
      if (cell.text !== '') xml += textXml(cell.text, place, STYLE.below);
      if (cell.pictures.length > 0) high = Math.max(high, HIGH + LINE * cell.text.split('\n').length);
    } else xml += cellXml(cell, place, style);
  }
  return `<row r="${number}"${high > 0 ? ` ht="${high}" customHeight="1"` : ''}>${xml}</row>`;
}

/** In points: a row with pictures, and each line of text below them. */
const [HIGH, LINE] = [(BOX.height + 8) * 0.75, 15];

function cellXml(cell: string | number | Exact, place: string, style: number): string {
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === 'object') return exactXml(cell, place);
  return textXml(cell, place, ACTIVE.test(cell) ? STYLE.text : style);
}

function textXml(text: string, place: string, style: number): string {
  const attributes = style === STYLE.plain ? '' : ` s="${style}"`;
  return `<c r="${place}"${attributes} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
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
