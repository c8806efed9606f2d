import { createHash } from 'node:crypto';
import { AdoptCase } from '../contracts/intake.js';
import { normalised } from '../eventing/ids.js';
import { type Header } from './header.js';
import { type ReadRow } from './import-row.js';
import { type Intake, type Mapping } from './mapping/mapping.js';
import { type Names, plain } from './mapping/names.js';
import { personalKind } from './mapping/personal.js';
import { type Cells, mapRow, Split } from './mapping/row.js';
import { type Problem, problem } from './problem.js';
import { type SourceRow } from './rows.js';
import { Seen } from './seen.js';

/** Rows of one file as commands. */
export class RowReader<C extends Intake> {
  private readonly seen = new Seen();
  private readonly footer: readonly string[];
  private readonly headings: ReadonlySet<string>;
  private readonly hasPersonal: boolean;
  /** Columns that have a name. */
  private readonly named: readonly (readonly [number, string])[];

  constructor(
    private readonly mapping: Mapping<C>,
    private readonly header: Header,
    private readonly names: Names,
    private readonly sha256: string,
  ) {
    this.footer = mapping.format.footer.map(plain);
    const { joinedBy } = mapping.format;
    this.headings = new Set(header.names.flatMap((name) => [name, ...name.split(joinedBy)]).map(plain));
    this.named = [...header.names.entries()].filter(([, name]) => name !== '');
    this.hasPersonal = mapping.fields.some(
      (field) => 'columns' in field && personalKind(field.target) !== undefined,
    );
  }

  /** Neither blank nor below the table. */
  isRow(read: SourceRow): boolean {
    return 'broken' in read || (read.cells !== undefined && !this.isFooter(read.cells));
  }

  /** @returns nothing for a row that is blank or stands below the table */
  read(read: SourceRow): ReadRow<C> | undefined {
    const { row, line } = read;
    if ('broken' in read) return { row, line, cells: [], refused: [this.told(read.broken)] };
    const { cells, unread } = read;
    if (!cells || this.isFooter(cells)) return undefined;
    const command = this.commandOf(row, cells, unread);
    if (Array.isArray(command)) return { row, line, cells, refused: command };
    if (command instanceof Split)
      return { row, line, cells, refused: [command.problem], split: command.source };
    const raw = (): Record<string, string> => this.raw(cells);
    return {
      ...{ row, line, command },
      // Hardly anybody asks for it.
      get raw() {
        return raw();
      },
    };
  }

  private commandOf(
    row: number,
    all: readonly string[],
    unread: ReadonlyMap<number, Problem> | undefined,
  ): C | Split | Problem[] {
    if (this.isHeader(all)) return [problem('header-again', 'The row is the header once more.')];
    const cells = this.cellsOf(all, unread);
    const file =
      this.mapping.command === (AdoptCase as unknown) ? { file: { sha256: this.sha256, row } } : {};
    const command = mapRow(this.mapping, cells, this.names, file);
    // A whole and its parts are the same line, each in a row of its own.
    if (Array.isArray(command) || command instanceof Split) return command;
    const twice = this.duplicate(command, row, cells);
    return twice ? [twice] : command;
  }

  private cellsOf(all: readonly string[], unread: ReadonlyMap<number, Problem> | undefined): Cells {
    const { at } = this.header;
    return {
      text: (column) => all[at.get(column) ?? -1] ?? '',
      unread: (column) => {
        const found = unread?.get(at.get(column) ?? -1);
        return found && { ...found, column };
      },
    };
  }

  private raw(cells: readonly string[]): Record<string, string> {
    return Object.fromEntries(this.named.map(([index, name]) => [name, cells[index] ?? '']));
  }

  private isFooter(cells: readonly string[]): boolean {
    const first = plain(cells.find((cell) => cell.trim() !== '') ?? '');
    return this.footer.some((beginning) => first.startsWith(beginning));
  }

  /** Every cell that is filled stands in the header: a printed list repeats it on each page. */
  private isHeader(cells: readonly string[]): boolean {
    const filled = cells.filter((cell) => cell.trim() !== '');
    return filled.length > 1 && filled.every((cell) => this.headings.has(plain(cell)));
  }

  /** A row that could not be cut into cells is not told where something in it may be about a person. */
  private told(found: Problem): Problem {
    if (!this.hasPersonal) return found;
    const { value: _, ...others } = found;
    return others;
  }

  /** Two rows that would be the same case; without a document nothing is known to be the same. */
  private duplicate({ source }: Intake, row: number, cells: Cells): Problem | undefined {
    const { code, document, line, part } = source;
    if (document === undefined) return undefined;
    const before = this.seen.earlier(identity([code, document, line, part]), row);
    if (before === undefined) return undefined;
    const columns = this.mapping.fields.flatMap((field) =>
      field.target.startsWith('source.') && 'columns' in field ? field.columns : [],
    );
    const value = columns.map((column) => cells.text(column)).join(' + ');
    return problem(
      'duplicate',
      `Row ${before} is the same line of the same document.`,
      columns.join(' + '),
      value,
    );
  }
}

/** By what a case is known, as it is compared: of the same four texts the same digits. */
function identity(texts: readonly (string | undefined)[]): string {
  return createHash('sha1')
    .update(JSON.stringify(texts.map((text) => normalised(text) ?? null)))
    .digest('hex');
}
