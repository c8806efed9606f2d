import { type RegisterProblem } from '../contracts/intake.js';
import { type Header } from './header.js';
import { type Import, type ImportOptions, openImport } from './import.js';
import { type ImportRow, type KnownRow, type MappedRow, type RefusedRow } from './import-row.js';
import { AT_ONCE, type Known } from './known.js';
import { type Intake, type Mapping } from './mapping/mapping.js';

/** What would become of a row: nothing is written. Values of what is wrong are masked where they are about a person. */
export type DryRow<C extends Intake = RegisterProblem> =
  | (MappedRow<C> & { outcome: 'new' | 'known' })
  | (KnownRow & { outcome: 'known' })
  | (RefusedRow & { outcome: 'wrong' });

export interface DryCounts {
  rows: number;
  new: number;
  known: number;
  wrong: number;
  /** Rows that are blank or stand below the table: they are none of `rows`. */
  blank: number;
}

/**
 * Says of every row of a file what an import would do.
 * @throws FileRefused as `openImport`
 */
export async function dryRun<C extends Intake = RegisterProblem>(
  file: string,
  mapping: Mapping<C>,
  known: Known,
  options: ImportOptions = {},
): Promise<DryRun<C>> {
  return new DryRun(await openImport(file, mapping, { ...options, known }), known);
}

export class DryRun<C extends Intake = RegisterProblem> {
  /** Grows while the rows are read; complete at the end. */
  readonly counts: DryCounts = { rows: 0, new: 0, known: 0, wrong: 0, blank: 0 };

  constructor(
    private readonly from: Import<C>,
    private readonly known: Known,
  ) {}

  /** Which columns were found, which are missing, and which nothing reads. */
  get header(): Header {
    return this.from.header;
  }

  /** Sheets that are shown and not read, by name. */
  get otherSheets(): readonly string[] {
    return this.from.otherSheets;
  }

  async close(): Promise<void> {
    await this.from.close();
  }

  /** Every row in order. To be read once. @throws FileRefused as `Import.rows` */
  async *rows(): AsyncGenerator<DryRow<C>> {
    let held: ImportRow<C>[] = [];
    for await (const row of this.from.rows()) {
      held.push(row);
      if (held.length < AT_ONCE) continue;
      yield* await this.judged(held);
      held = [];
    }
    yield* await this.judged(held);
    this.counts.blank = this.from.counts.blank;
  }

  private async judged(rows: readonly ImportRow<C>[]): Promise<DryRow<C>[]> {
    // Without a document nothing is known to be the same.
    const askable = rows.filter((row) => 'command' in row && row.command.source.document !== undefined);
    const sources = askable.flatMap((row) => ('command' in row ? [row.command.source] : []));
    const answers = sources.length > 0 ? await this.known(sources) : [];
    const there = new Set(askable.filter((_, index) => answers[index] === true));
    return rows.map((row) => {
      const judged = judge(row, there.has(row));
      this.counts.rows++;
      this.counts[judged.outcome]++;
      return judged;
    });
  }
}

function judge<C extends Intake>(row: ImportRow<C>, isThere: boolean): DryRow<C> {
  if ('refused' in row) return { ...row, outcome: 'wrong' };
  if ('known' in row) return { ...row, outcome: 'known' };
  return { ...row, outcome: isThere ? 'known' : 'new' };
}
