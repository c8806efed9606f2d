import { invalid } from '../../contracts/refusal.js';
import { en } from '../../contracts/messages/en.js';
import { zhCN } from '../../contracts/messages/zh-CN.js';
import { ROLES } from '../../contracts/roles.js';
import { cellsOf } from '../../platform/csv/cells.js';
import { Gb18030Trial, Utf8Trial } from '../../platform/csv/encoding.js';

/** Columns of a file of persons and posts, each with what may stand above it. */
const HEADINGS = {
  person: ['person', '人员编号'],
  name: ['name', '姓名'],
  identityNumber: ['identitynumber', 'identity number', '身份证号', '身份证号码'],
  unit: ['unit', '单位编号'],
  role: ['role', '岗位'],
  from: ['from', '起始日', '起始日期'],
  until: ['until', '截止日', '截止日期'],
} as const;
export type Column = keyof typeof HEADINGS;

const OPTIONAL: readonly Column[] = ['identityNumber', 'until'];
const COLUMNS = Object.keys(HEADINGS) as Column[];

/** Rows of a file, beside its header. */
export const MOST_ROWS = 2000;

/** A row as it stands in the file, counted as a spreadsheet counts: the header is row 1. Empty cells are not there. */
export interface FileRow {
  row: number;
  cells: Partial<Record<Column, string>>;
}

/** What is wrong with a row: never with what stood there. */
export interface RowFault {
  /** As the file calls it. */
  column?: string;
  /** A stable word: a rule of a field, or the code of a refusal. */
  reason: string;
  message: string;
}

export interface PeopleFile {
  rows: (FileRow | { row: number; fault: RowFault })[];
  /** What the file calls a column. */
  headingOf: (column: string) => string | undefined;
}

/**
 * Reads a file of persons: CSV in UTF-8 or GB18030. A row is one line, as nothing in it has line breaks: a quote that is
 * not closed costs one row.
 * @throws Refusal input/invalid where it is no such file
 */
export function peopleIn(bytes: Buffer): PeopleFile {
  const lines = textOf(bytes).split(/\r\n|\r|\n/);
  const header = cellsOf(lines[0] ?? '', ',');
  if (!Array.isArray(header)) return invalid('file', 'header', 'The header cannot be read');
  const places = placesIn(header);
  const rows = lines.slice(1).flatMap((line, index): PeopleFile['rows'] => {
    const row = index + 2;
    const cells = cellsOf(line, ',');
    if (!Array.isArray(cells)) {
      const column = header[cells.cell];
      const fault = { reason: 'broken-quote', message: `The row ${cells.why}.` };
      return [{ row, fault: { ...fault, ...(column !== undefined && { column }) } }];
    }
    if (cells.every((cell) => cell.trim() === '')) return [];
    if (cells.length !== header.length) {
      const message = `The row has ${cells.length} cells, the header ${header.length}.`;
      return [{ row, fault: { reason: 'cells', message } }];
    }
    return [{ row, cells: cellsAt(cells, places) }];
  });
  if (rows.length === 0) return invalid('file', 'rows', 'The file has no rows');
  if (rows.length > MOST_ROWS) return invalid('file', 'rows', `The file has more than ${MOST_ROWS} rows`);
  return { rows, headingOf: (column) => header[places.get(column as Column) ?? -1] };
}

function textOf(bytes: Buffer): string {
  const utf8 = new Utf8Trial();
  utf8.feed(bytes);
  // The decoder takes the byte order mark away.
  if (utf8.passed()) return new TextDecoder('utf-8').decode(bytes);
  const chinese = new Gb18030Trial();
  chinese.feed(bytes);
  const against = chinese.against();
  if (against !== undefined) return invalid('file', 'encoding', `The file ${against}`);
  return new TextDecoder('gb18030').decode(bytes);
}

function placesIn(header: readonly string[]): ReadonlyMap<Column, number> {
  const places = new Map<Column, number>();
  for (const [place, heading] of header.entries()) {
    const written = heading.trim().toLowerCase();
    const column = COLUMNS.find((one) => (HEADINGS[one] as readonly string[]).includes(written));
    if (column === undefined)
      invalid('file', 'header', `Nothing reads the column ${place + 1} of the header`);
    else if (places.has(column)) invalid('file', 'header', `The header has ${column} twice`);
    else places.set(column, place);
  }
  const missing = COLUMNS.filter((one) => !places.has(one) && !OPTIONAL.includes(one));
  if (missing.length > 0) invalid('file', 'header', `The header lacks ${missing.join(', ')}`);
  return places;
}

function cellsAt(cells: readonly string[], places: ReadonlyMap<Column, number>): FileRow['cells'] {
  const found: FileRow['cells'] = {};
  for (const [column, place] of places) {
    const text = (cells[place] ?? '').trim();
    if (text !== '') found[column] = column === 'role' ? roleOf(text) : text;
  }
  return found;
}

/** By its code, or by its name in either language. */
const roleOf = (text: string): string =>
  ROLES.find((role) => [role, zhCN.roles[role], en.roles[role].toLowerCase()].includes(text.toLowerCase())) ??
  text;
