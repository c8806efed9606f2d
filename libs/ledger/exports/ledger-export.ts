import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { accessOf, NoteAccess } from '../../contracts/access.js';
import { type Catalogue } from '../../contracts/messages/catalogue.js';
import { type SheetCell } from '../../platform/xlsx/sheet.js';
import { writeWorkbook } from '../../platform/xlsx/writer.js';
import { csvOf } from './csv.js';
import { markOf, takenBy } from './mark.js';
import { PROBLEM_ROW, type ProblemRow } from './problem-row.js';
import { type Asked, ExportRows, type Found } from './rows.js';
import { ledgerTable, type Table } from './table.js';
import { Words } from './words.js';

export type Format = 'xlsx' | 'csv';

/** The ledger as a file, row by row. */
@Injectable()
export class LedgerExport {
  constructor(
    private readonly rows: ExportRows,
    private readonly commands: CommandBus,
    @Inject(PROBLEM_ROW) private readonly problem: ProblemRow,
  ) {}

  /**
   * @param open answers where to write, once nothing can be refused any more
   * @throws Refusal input/invalid; what the stream throws
   */
  write(asked: Asked, format: Format, catalogue: Catalogue, open: () => Writable): Promise<void> {
    return this.rows.read(asked, async (found) => {
      const { caller, filter } = asked;
      // Noted before the first byte leaves: the rows are counted in the snapshot that they come from.
      const access = { ...accessOf(caller), field: 'ledger', filter, rows: found.cases };
      await this.commands.execute(new NoteAccess({ ...access, outcome: 'exported' }));
      const words = new Words(catalogue, found.register);
      const table = ledgerTable(words, this.problem);
      const mark = markOf({ ...asked, ...found, at: new Date().toISOString() }, words);
      const rows = cellsOf(found, table);
      if (format === 'csv') {
        await pipeline(Readable.from(csvOf([[mark], table.header], rows), { objectMode: false }), open());
        return;
      }
      const name = catalogue.exports.ledger;
      const about = { title: name, creator: takenBy(caller, words), description: mark };
      await writeWorkbook(open(), [{ name, above: [[mark]], header: table.header, rows }], about);
    });
  }
}

async function* cellsOf({ rows }: Found, { cells }: Table): AsyncGenerator<readonly SheetCell[]> {
  for await (const row of rows) yield cells(row);
}
