import { StartFault } from '../../platform/fault.js';

export interface Table {
  /** Where each column stands in a row. */
  columns: ReadonlyMap<string, number>;
  rows: { line: number; cells: readonly string[] }[];
}

/**
 * The plainest kind of CSV: UTF-8 without a mark, lines that end in a line feed, no quotes, and every row as long as the
 * header. Lists of codes need no more, and what is not plain is refused rather than guessed at.
 * @throws StartFault naming file and line
 */
export function plainTable(file: string, text: string): Table {
  if (text.startsWith('\uFEFF'))
    wrong(file, 1, 'begins with a byte order mark: save it as UTF-8 without one');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const [header, ...rows] = lines.map((content, n) => cellsOf(file, n + 1, content));
  if (header === undefined) return wrong(file, 1, 'is empty: the header is missing');
  const columns = new Map(header.map((column, n) => [column, n]));
  if (columns.size < header.length) wrong(file, 1, 'names a column twice');
  return {
    columns,
    rows: rows.map((cells, n) => {
      if (cells.length !== header.length) {
        wrong(file, n + 2, `has ${cells.length} cells where the header has ${header.length}`);
      }
      return { line: n + 2, cells };
    }),
  };
}

/** @throws StartFault, always */
export function wrong(file: string, line: number, complaint: string): never {
  throw new StartFault(`${file}, line ${line}: ${complaint}.`);
}

function cellsOf(file: string, line: number, content: string): string[] {
  if (content.includes('\r')) wrong(file, line, 'has a carriage return: lines end in a line feed alone');
  if (content.includes('"')) wrong(file, line, 'has a quote: cells are written without');
  if (/[\p{Cc}\uFFFD]/u.test(content)) wrong(file, line, 'has a control character, or is not UTF-8');
  return content.split(',');
}
