import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Writable } from 'node:stream';
import { accessOf, NoteAccess } from '../../contracts/access.js';
import { type ListedRow } from '../../contracts/ledger.js';
import { FORM_HEADINGS, FORM_SIGNATURES, type FormName } from '../../contracts/messages/forms.js';
import { zhCN } from '../../contracts/messages/zh-CN.js';
import { invalid } from '../../contracts/refusal.js';
import { type SheetCell } from '../../platform/xlsx/sheet.js';
import { writeWorkbook } from '../../platform/xlsx/writer.js';
import { Dossiers } from './dossier.js';
import { FORM_ROWS } from './forms.js';
import { markOf, takenBy } from './mark.js';
import { type Asked, ExportRows, type Found } from './rows.js';
import { Words } from './words.js';

/** A form of more rows is nothing that anybody signs. */
const MOST = 500;

/** The offices' own forms as workbooks, a row for each case. */
@Injectable()
export class FormExport {
  constructor(
    private readonly rows: ExportRows,
    private readonly dossiers: Dossiers,
    private readonly commands: CommandBus,
  ) {}

  /** @throws Refusal input/invalid, also where the filter lists too many cases; what the stream throws */
  write(asked: Asked, form: FormName, open: () => Writable): Promise<void> {
    return this.rows.read(asked, async (found) => {
      const { caller, filter } = asked;
      if (found.cases > MOST) invalid('filter', 'most', `a form takes ${MOST} cases: narrow the filter`);
      const access = { ...accessOf(caller), field: form, filter, rows: found.cases };
      await this.commands.execute(new NoteAccess({ ...access, outcome: 'exported' }));
      const words = new Words(zhCN, found.register);
      const mark = markOf({ ...asked, ...found, at: new Date().toISOString() }, words);
      const title = zhCN.exports[form];
      const rows = this.#rows(asked, form, found, words);
      const sheet = { name: title, above: [[title], [mark]], header: FORM_HEADINGS[form], rows };
      await writeWorkbook(open(), [sheet], { title, creator: takenBy(caller, words), description: mark });
    });
  }

  async *#rows(
    { caller }: Asked,
    form: FormName,
    { rows }: Found,
    words: Words,
  ): AsyncGenerator<readonly SheetCell[]> {
    const listed: ListedRow[] = [];
    for await (const row of rows) listed.push(row);
    for (const [n, row] of listed.entries())
      yield FORM_ROWS[form](row, n + 1, await this.dossiers.historyOf(row.id, caller), words);
    for (const signs of FORM_SIGNATURES[form]) yield [signs];
  }
}
