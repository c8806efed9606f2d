import { type RegisterProblem } from '../contracts/intake.js';
import { type Scan } from './csv/bytes.js';
import { type Given, withGiven } from './given.js';
import { type Header, headerOf } from './header.js';
import { type ImportRow, type ReadRow } from './import-row.js';
import { type Known, withKnownParts } from './known.js';
import { type Intake, type Mapping } from './mapping/mapping.js';
import { type Names, noNames } from './mapping/names.js';
import { FileRefused, type Problem, problem } from './problem.js';
import { type EarlyRow, isBlank } from './rows.js';
import { RowReader } from './row-reader.js';
import { openSource, type Source } from './source.js';

export type { ImportRow, MappedRow, RefusedRow } from './import-row.js';

/** For a manifest: rows = mapped + refused + known. Blank rows, and what stands below the table, are none; they are told apart. */
export interface Counts {
  rows: number;
  mapped: number;
  refused: number;
  /** Rows that could be no case by themselves and are one already. */
  known: number;
  blank: number;
}

export interface ImportOptions {
  /** Who is meant by a name; without it nobody is known by any. */
  names?: Names;
  given?: Given;
  /** What is a case already; without it nothing is known to be one. */
  known?: Known;
  /** Who reads the file, where it is not to be whoever asks for its rows. */
  open?: typeof openSource;
}

/** The header is looked for among so many rows that are not blank. */
const EARLY_ROWS = 20;

/**
 * A file whose encoding and header are good.
 * @throws FileRefused before any row: `given-missing`, `broken-quote`, `row-too-long`, those of `openSource` and those of
 *   `headerOf`
 */
export async function openImport<C extends Intake = RegisterProblem>(
  file: string,
  mapping: Mapping<C>,
  { names = noNames, given = {}, known = nothingKnown, open = openSource }: ImportOptions = {},
): Promise<Import<C>> {
  const complete = withGiven(mapping, given);
  const source = await open(file, mapping.format);
  try {
    return new Import(source, complete, await headerIn(source, mapping), names, known);
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

async function headerIn<C extends Intake>(source: Source, mapping: Mapping<C>): Promise<Header> {
  // The header is looked at before the first row is handed out: a wrong file leaves nothing behind.
  const { rows, broken } = await firstRows(source);
  if (rows.length === 0) throw new FileRefused([broken ?? problem('file-empty', 'The file is empty.')], 1);
  const { headerRows } = mapping.format;
  const merges = headerRows > 1 ? await source.merges((rows.at(-1)?.row ?? 0) + headerRows) : undefined;
  return headerOf(rows, mapping, merges);
}

const nothingKnown: Known = (sources) => Promise.resolve(sources.map(() => false));

/** Those before the first that is broken. */
export async function firstRows(source: Source): Promise<{ rows: EarlyRow[]; broken?: Problem }> {
  const rows: EarlyRow[] = [];
  for await (const read of source.rows()) {
    if ('broken' in read) return { rows, broken: read.broken };
    // The first row of a CSV file says how many cells there are even where it is blank.
    if (read.cells && (read.row === 1 || !isBlank(read.cells)))
      rows.push({ row: read.row, cells: read.cells });
    if (rows.length === EARLY_ROWS) break;
  }
  return { rows };
}

export class Import<C extends Intake = RegisterProblem> {
  /** Grows while the rows are read. */
  readonly counts: Counts = { rows: 0, mapped: 0, refused: 0, known: 0, blank: 0 };
  readonly source: Scan;
  /** Sheets that are shown and not read, by name. */
  readonly otherSheets: readonly string[];
  private readonly reader: RowReader<C>;

  constructor(
    private readonly from: Source,
    mapping: Mapping<C>,
    readonly header: Header,
    names: Names,
    private readonly known: Known,
  ) {
    this.source = from.scan;
    this.otherSheets = from.otherSheets;
    this.reader = new RowReader(mapping, header, names, from.scan.sha256);
  }

  async close(): Promise<void> {
    await this.from.close?.();
  }

  /** How many rows there are to be handed out. Reads the file once more. @throws FileRefused `file-changed` */
  async count(): Promise<number> {
    let rows = 0;
    for await (const read of this.from.rows()) {
      if (read.row > this.header.last && this.reader.isRow(read)) rows++;
    }
    return rows;
  }

  /**
   * Every row below the header that is not blank, in order, mapped, refused or known. Memory does not grow with the file, but for
   * what `Seen` remembers. To be read once.
   * @throws FileRefused `file-changed`, and what a damaged workbook shows only then
   */
  async *rows(): AsyncGenerator<ImportRow<C>> {
    for await (const row of withKnownParts(this.read(), this.known)) {
      this.counts.rows++;
      if ('command' in row) this.counts.mapped++;
      else if ('refused' in row) this.counts.refused++;
      else this.counts.known++;
      yield row;
    }
  }

  private async *read(): AsyncGenerator<ReadRow<C>> {
    for await (const read of this.from.rows()) {
      if (read.row <= this.header.last) continue;
      const row = this.reader.read(read);
      if (row) yield row;
      else this.counts.blank++;
    }
  }
}
