import { type Packed, zip } from './zip.js';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A cell as a workbook writes it, without its place: `<c t="n"><v>1</v></c>` is { t: 'n', inner: '<v>1</v>' }. */
export interface RawXml {
  t?: string;
  s?: number;
  inner: string;
}

/** A text, a number as it is written, or any cell. */
export type TestCell = string | { number: string; s?: number } | RawXml | undefined;

export interface TestSheet {
  name?: string;
  rows: readonly (readonly TestCell[])[];
  merges?: readonly string[];
  state?: 'hidden';
  /** Instead of all that. */
  xml?: string;
}

export interface TestWorkbook {
  sheets: readonly TestSheet[];
  from1904?: boolean;
  /** Texts that cells refer to, as `<si>` elements. */
  shared?: readonly string[];
  /** Further files, or others in the place of the usual ones. */
  parts?: readonly Packed[];
}

/** Style 1 is yyyy-mm-dd by its number, 2 a format of one's own, 3 is money with two decimals. */
const STYLES =
  `${XML}<styleSheet ${MAIN}><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>` +
  '</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>' +
  '<xf numFmtId="176"/><xf numFmtId="4"/></cellXfs></styleSheet>';

/** The bytes of a workbook, as a spreadsheet program would write it, or as none would. */
export function workbook({ sheets, from1904, shared = [], parts = [] }: TestWorkbook): Buffer {
  const files: Packed[] = [
    { path: '[Content_Types].xml', content: `${XML}<Types/>` },
    { path: '_rels/.rels', content: relations([['rId1', 'officeDocument', 'xl/workbook.xml']]) },
    { path: 'xl/workbook.xml', content: main(sheets, from1904 === true) },
    { path: 'xl/_rels/workbook.xml.rels', content: mainRelations(sheets.length) },
    { path: 'xl/styles.xml', content: STYLES },
    { path: 'xl/sharedStrings.xml', content: `${XML}<sst ${MAIN}>${shared.join('')}</sst>` },
    ...sheets.map((sheet, n) => ({ path: `xl/worksheets/sheet${n + 1}.xml`, content: sheetXml(sheet) })),
  ];
  const replaced = new Set(parts.map(({ path }) => path));
  return zip([...files.filter(({ path }) => !replaced.has(path)), ...parts]);
}

/** One sheet of rows. */
export const sheetOf = (...rows: readonly (readonly TestCell[])[]): Buffer =>
  workbook({ sheets: [{ rows }] });

export function sheetXml({ rows, merges = [], xml }: TestSheet): string {
  if (xml !== undefined) return xml;
  const data = rows.map(
    (cells, row) =>
      `<row r="${row + 1}">${cells.map((cell, at) => cellXml(cell, at, row + 1)).join('')}</row>`,
  );
  const merged = merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
  return (
    `${XML}<worksheet ${MAIN}><sheetData>${data.join('')}</sheetData>` +
    `${merged && `<mergeCells count="${merges.length}">${merged}</mergeCells>`}</worksheet>`
  );
}

function cellXml(cell: TestCell, column: number, row: number): string {
  if (cell === undefined || cell === '') return '';
  const place = `${letters(column)}${row}`;
  if (typeof cell === 'string') return `<c r="${place}" t="inlineStr"><is><t>${escape(cell)}</t></is></c>`;
  if ('number' in cell) return `<c r="${place}" s="${cell.s ?? 0}"><v>${cell.number}</v></c>`;
  return `<c r="${place}" t="${cell.t ?? 'n'}" s="${cell.s ?? 0}">${cell.inner}</c>`;
}

export function letters(column: number): string {
  return (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function main(sheets: readonly TestSheet[], from1904: boolean): string {
  const list = sheets.map(
    ({ name, state = 'visible' }, n) =>
      `<sheet name="${name ?? `Sheet${n + 1}`}" sheetId="${n + 1}" state="${state}" r:id="rId${n + 1}"/>`,
  );
  const properties = `<workbookPr date1904="${from1904 ? 1 : 0}"/>`;
  return `${XML}<workbook ${MAIN} xmlns:r="${OFFICE}">${properties}<sheets>${list.join('')}</sheets></workbook>`;
}

function mainRelations(sheets: number): string {
  return relations([
    ...Array.from({ length: sheets }, (_, n): Relation => [
      `rId${n + 1}`,
      'worksheet',
      `worksheets/sheet${n + 1}.xml`,
    ]),
    ['rStyles', 'styles', 'styles.xml'],
    ['rTexts', 'sharedStrings', '/xl/sharedStrings.xml'],
  ]);
}

type Relation = [id: string, kind: string, target: string, external?: true];

export function relations(list: readonly Relation[]): string {
  const parts = list.map(
    ([id, kind, target, external]) =>
      `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"${external ? ' TargetMode="External"' : ''}/>`,
  );
  return `${XML}<Relationships>${parts.join('')}</Relationships>`;
}
