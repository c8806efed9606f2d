import { type Problem, problem } from '../problem.js';
import { isBlank, LONGEST_CELL, type SourceRow } from '../rows.js';
import { Ahead } from './ahead.js';
import { type BadCell, cellsOf } from '../../platform/csv/cells.js';
import { LONGEST_ROW, type Line } from './lines.js';

/** How a CSV file is written. */
export interface CsvFormat {
  /** One character. */
  delimiter: string;
  /** The most physical lines a row may take; 1 for a source that never breaks lines within a cell. */
  linesPerRow: number;
}

/**
 * Cuts lines into rows, the header first; above it a title may stand by itself. Every line that is not blank belongs to exactly one row, a good or a broken one.
 *
 * A row that cannot be read is refused with its first line only, and reading begins anew with the next line: so a quote
 * that nobody closes costs one row and not those behind it. That is why no CSV package reads here: csv-parse
 * (`skip_records_with_error`) reports one row and goes on behind whatever the open quote swallowed.
 */
export async function* rowsOf(lines: AsyncGenerator<Line>, format: CsvFormat): AsyncGenerator<SourceRow> {
  const ahead = new Ahead(lines);
  let header: string[] | undefined;
  try {
    for (let row = 1; ; row++) {
      const taken = await ahead.row(format.linesPerRow);
      const [first] = taken;
      if (!first) return;
      const read = readRow(taken, format, header);
      if (Array.isArray(read)) {
        ahead.drop(taken.length);
        yield { row, line: first.number, cells: header && isBlank(read) ? undefined : read };
        if (!header || isBelowTitle(read, header)) header = read;
      } else {
        ahead.drop(1);
        yield { row, line: first.number, broken: read };
      }
    }
  } finally {
    await lines.return(undefined);
  }
}

function readRow(lines: Line[], { delimiter }: CsvFormat, header: string[] | undefined): string[] | Problem {
  if (lines[0]?.tooLong) {
    return problem(
      'row-too-long',
      `The row has more than ${LONGEST_ROW} characters.`,
      header?.[0],
      lines[0].text,
    );
  }
  const last = lines.length - 1;
  const text = lines.map((line, index) => (index < last ? line.text + line.end : line.text)).join('');
  const cells = cellsOf(text, delimiter);
  if (!Array.isArray(cells)) {
    // Of several lines the first holds the quote that was not closed; the others were only tried.
    const first = last > 0 ? cellsOf(lines[0]?.text ?? '', delimiter) : cells;
    return brokenQuote(Array.isArray(first) ? cells : first, header);
  }
  if (header === undefined || isBlank(cells) || isBelowTitle(cells, header)) return cells;
  const together = last > 0 ? runTogether(cells, header, delimiter) : undefined;
  return wrongCount(cells, header) ?? together ?? tooLongCell(cells, header) ?? cells;
}

function brokenQuote({ cell, from, why }: BadCell, header: string[] | undefined): Problem {
  return problem('broken-quote', `The row ${why} (cell ${cell + 1}).`, header?.[cell], from);
}

function wrongCount(cells: string[], header: string[]): Problem | undefined {
  const count = `The row has ${cells.length} cells, the header ${header.length}.`;
  if (cells.length < header.length) {
    // The last cell may be cut itself.
    return problem('too-few-cells', count, header[cells.length - 1], cells.at(-1));
  }
  if (cells.length > header.length) return problem('too-many-cells', count, undefined, cells[header.length]);
  return undefined;
}

/** A text alone was a title, such as what our own export says of itself, where a row as wide as a list stands below. */
function isBelowTitle(cells: readonly string[], header: readonly string[]): boolean {
  return header.length === 1 && cells.length >= FEWEST_TO_TELL;
}

/** Below this many columns the text of a single cell may well have as many commas as a whole row. */
const FEWEST_TO_TELL = 5;

/**
 * Two broken quotes can make a row that is good CSV and holds other rows within a cell. Each row it swallowed has left
 * its delimiters between the quotes; those followed by a space are not counted, they are of a text.
 */
function runTogether(cells: string[], header: string[], delimiter: string): Problem | undefined {
  const separators = header.length - 1;
  if (header.length < FEWEST_TO_TELL) return undefined;
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf(delimiter); at !== -1; at = cell.indexOf(delimiter, at + 1)) {
      if (cell[at + 1] !== ' ') count++;
    }
  }
  if (count < separators) return undefined;
  const longest = cells.reduce(
    (most, cell, index) => (cell.length > (cells[most] ?? '').length ? index : most),
    0,
  );
  const message = `Between quotes stand ${count} delimiters, as many as another row has; is a quote not closed?`;
  return problem('rows-run-together', message, header[longest], cells[longest]);
}

function tooLongCell(cells: string[], header: string[]): Problem | undefined {
  const index = cells.findIndex((cell) => cell.length > LONGEST_CELL);
  if (index === -1) return undefined;
  return problem(
    'cell-too-long',
    `The cell has more than ${LONGEST_CELL} characters.`,
    header[index],
    cells[index],
  );
}
