import { type RegisterProblem } from '../contracts/intake.js';
import { caseId } from '../eventing/ids.js';
import { type Scan, scan, textOf } from './csv/bytes.js';
import { linesOf } from './csv/lines.js';
import { type CsvRow, rowsOf } from './csv/rows.js';
import { columnsOf } from './header.js';
import { type Mapping } from './mapping/mapping.js';
import { type Cell, mapRow } from './mapping/row.js';
import { isPersonalTarget } from './mapping/targets.js';
import { FileRefused, HIDDEN, type Problem, problem } from './problem.js';
import { Seen } from './seen.js';

/** The row as a spreadsheet counts it (the header is row 1) and the physical line on which it begins. */
interface Where {
  row: number;
  line: number;
}

/** A row that can be registered, with its cells as they stand in the file, by column. */
export type MappedRow = Where & { command: RegisterProblem; raw: Record<string, string> };
export type RefusedRow = Where & { refused: Problem[] };
export type ImportRow = MappedRow | RefusedRow;

/** For a manifest: rows = mapped + refused. Blank rows are none; they are told apart. */
export interface Counts {
  rows: number;
  mapped: number;
  refused: number;
  blank: number;
}

/**
 * A file whose encoding and header are good.
 * @throws FileRefused before any row: `file-unreadable`, `file-encoding`, `file-empty`, `broken-quote`, `row-too-long`,
 *   `column-missing`, `column-twice`, `too-many-columns`
 */
export async function openImport(file: string, mapping: Mapping): Promise<Import> {
  const scanned = await scan(file);
  // The header is looked at before the first row is handed out: a wrong file leaves nothing behind.
  for await (const first of csvRows(file, scanned, mapping)) return new Import(file, scanned, mapping, first);
  throw new FileRefused([problem('file-empty', 'The file is empty.')], 1);
}

function csvRows(file: string, scanned: Scan, mapping: Mapping): AsyncGenerator<CsvRow> {
  return rowsOf(linesOf(textOf(file, scanned)), mapping.format);
}

export class Import {
  /** Grows while the rows are read. */
  readonly counts: Counts = { rows: 0, mapped: 0, refused: 0, blank: 0 };
  private readonly columns: ReadonlyMap<string, number>;
  private readonly seen = new Seen();

  constructor(
    private readonly file: string,
    readonly source: Scan,
    private readonly mapping: Mapping,
    header: CsvRow,
  ) {
    if ('broken' in header) throw new FileRefused([header.broken], 1);
    this.columns = columnsOf(header.cells ?? [], mapping.columns);
  }

  /**
   * Every row that is not blank, in order, mapped or refused. Memory does not grow with the file, but for what `Seen`
   * remembers. To be read once.
   * @throws FileRefused `file-changed`
   */
  async *rows(): AsyncGenerator<ImportRow> {
    for await (const read of csvRows(this.file, this.source, this.mapping)) {
      if (read.row === 1) continue;
      const row = this.mapped(read);
      if (!row) {
        this.counts.blank++;
        continue;
      }
      this.counts.rows++;
      if ('command' in row) this.counts.mapped++;
      else this.counts.refused++;
      yield row;
    }
  }

  /** How many rows are not blank. Reads the file once more. @throws FileRefused `file-changed` */
  async count(): Promise<number> {
    let rows = 0;
    for await (const read of csvRows(this.file, this.source, this.mapping)) {
      if (read.row > 1 && ('broken' in read || read.cells)) rows++;
    }
    return rows;
  }

  private mapped(read: CsvRow): ImportRow | undefined {
    const { row, line } = read;
    if ('broken' in read) return { row, line, refused: [this.shown(read.broken)] };
    const { cells } = read;
    if (!cells) return undefined;
    const cell = (column: string): string => cells[this.columns.get(column) ?? -1] ?? '';
    const command = mapRow(this.mapping, cell);
    if (Array.isArray(command)) return { row, line, refused: command };
    const twice = this.duplicate(command, row, cell);
    if (twice) return { row, line, refused: [twice] };
    return {
      row,
      line,
      command,
      raw: Object.fromEntries([...this.columns.keys()].map((name) => [name, cell(name)])),
    };
  }

  /** Of a row that falls apart nobody knows where what is personal stands. */
  private shown(broken: Problem): Problem {
    const personal = this.mapping.fields.some(({ target }) => isPersonalTarget(target));
    return personal && broken.value !== undefined ? { ...broken, value: HIDDEN } : broken;
  }

  /** Two rows that would be the same case; without a document nothing is known to be the same. */
  private duplicate({ source }: RegisterProblem, row: number, cell: Cell): Problem | undefined {
    if (source.document === undefined) return undefined;
    const { code, document, line, part } = source;
    const before = this.seen.earlier(caseId('', { source: code, document, line, part }, ''), row);
    if (before === undefined) return undefined;
    const columns = this.mapping.fields.flatMap((field) =>
      field.target.startsWith('source.') && 'columns' in field ? field.columns : [],
    );
    const value = columns.map(cell).join(' + ');
    return problem(
      'duplicate',
      `Row ${before} is the same line of the same document.`,
      columns.join(' + '),
      value,
    );
  }
}
