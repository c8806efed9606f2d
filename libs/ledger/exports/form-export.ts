import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Writable } from 'node:stream';
import { accessOf, NoteAccess } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import { type ListedRow } from '../../contracts/ledger.js';
import { FORM_HEADINGS, FORM_SIGNATURES, type FormName } from '../../contracts/messages/forms.js';
import { zhCN } from '../../contracts/messages/zh-CN.js';
import { type Picture } from '../../platform/xlsx/drawing.js';
import { type RowCell } from '../../platform/xlsx/sheet.js';
import { writeWorkbook } from '../../platform/xlsx/writer.js';
import { Dossiers, exhibitsOf, pictured } from './dossier.js';
import { FORM_ROWS, PICTURED, PICTURED_WIDTH } from './forms.js';
import { markOf, takenBy } from './mark.js';
import { Pictures } from './pictures.js';
import { type Asked, ExportRows } from './rows.js';
import { Words } from './words.js';

/** A form of more rows is nothing that anybody signs. */
const MOST = 500;
/** Of all cases together: the others are named. */
const MOST_PICTURES = 200;

/** The offices' own forms as workbooks, a row for each case. */
@Injectable()
export class FormExport {
  constructor(
    private readonly rows: ExportRows,
    private readonly dossiers: Dossiers,
    private readonly pictures: Pictures,
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
    const header: readonly string[] = FORM_HEADINGS[form];
    const columns = new Map(PICTURED.map((name) => [header.indexOf(name), PICTURED_WIDTH] as const));
    columns.delete(-1);
    const sheet = { name: title, above: [[title], [mark]], header, pictured: columns, rows };
    await writeWorkbook(open(), [sheet], { title, creator: takenBy(caller, words), description: mark });
  }

  async *#rows(
    caller: Caller,
    form: FormName,
    listed: readonly ListedRow[],
    words: Words,
  ): AsyncGenerator<readonly RowCell[]> {
    let left = MOST_PICTURES;
    for (const [n, row] of listed.entries()) {
      const exhibits = exhibitsOf(await this.dossiers.historyOf(row.id, caller));
      const pictures = new Map<string, Picture>();
      for (const one of [...pictured(exhibits, 'before'), ...pictured(exhibits, 'after')]) {
        if (left === 0) break;
        const picture = await this.pictures.pictureOf(one);
        if (!picture) continue;
        pictures.set(picture.key, picture);
        left--;
      }
      yield FORM_ROWS[form](row, n + 1, { exhibits, pictures }, words);
    }
    for (const signs of FORM_SIGNATURES[form]) yield [signs];
  }
}
