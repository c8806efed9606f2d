import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Writable } from 'node:stream';
import { accessOf, NoteAccess } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import { type ListedRow } from '../../contracts/ledger.js';
import { FORM_HEADINGS, FORM_SIGNATURES, type FormName } from '../../contracts/messages/forms.js';
import { zhCN } from '../../contracts/messages/zh-CN.js';
import { type SheetCell } from '../../platform/xlsx/sheet.js';
import { writeWorkbook } from '../../platform/xlsx/writer.js';
import { Dossiers } from './dossier.js';
import { FORM_ROWS } from './forms.js';
import { markOf, takenBy } from './mark.js';
import { type Asked, ExportRows } from './rows.js';
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
  async write(asked: Asked, form: FormName, open: () => Writable): Promise<void> {
    const { caller, filter } = asked;
    const { rows: listed, ...snapshot } = await this.rows.few(asked, MOST);
    const access = { ...accessOf(caller), field: form, filter, rows: listed.length };
    await this.commands.execute(new NoteAccess({ ...access, outcome: 'exported' }));
    const words = new Words(zhCN, snapshot.register);
    const mark = markOf({ ...asked, ...snapshot, at: new Date().toISOString() }, words);
    const title = zhCN.exports[form];
    const rows = this.#rows(caller, form, listed, words);
    const sheet = { name: title, above: [[title], [mark]], header: FORM_HEADINGS[form], rows };
    await writeWorkbook(open(), [sheet], { title, creator: takenBy(caller, words), description: mark });
  }

  async *#rows(
    caller: Caller,
    form: FormName,
    listed: readonly ListedRow[],
    words: Words,
  ): AsyncGenerator<readonly SheetCell[]> {
    for (const [n, row] of listed.entries())
      yield FORM_ROWS[form](row, n + 1, await this.dossiers.historyOf(row.id, caller), words);
    for (const signs of FORM_SIGNATURES[form]) yield [signs];
  }
}
