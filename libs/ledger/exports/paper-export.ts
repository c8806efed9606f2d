import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { accessOf, NoteAccess } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import { zhCN } from '../../contracts/messages/zh-CN.js';
import { refuse } from '../../contracts/refusal.js';
import { type Uuid } from '../../contracts/values.js';
import { type CasePaper, print } from './case-paper.js';
import { Dossiers, type Exhibit, exhibitsOf } from './dossier.js';
import { markOf, takenBy } from './mark.js';
import { Paper } from './paper.js';
import { isPlain } from './picture.js';
import { Pictures } from './pictures.js';
import { ExportRows } from './rows.js';
import { Words } from './words.js';

/** No more than so many are shown. */
const MOST_PICTURES = 20;

/** One case on paper. */
@Injectable()
export class PaperExport {
  constructor(
    private readonly rows: ExportRows,
    private readonly dossiers: Dossiers,
    private readonly commands: CommandBus,
    private readonly pictures: Pictures,
  ) {}

  /** @throws Refusal case/unknown; case/status where it is to be the form of a closing and the case is not closed */
  async write(caller: Caller, caseId: Uuid, form: CasePaper, open: () => Writable): Promise<void> {
    const { rows, ...snapshot } = await this.rows.few({ caller, filter: {}, order: 'seq', caseId }, 1);
    const row = rows[0] ?? refuse('case/unknown');
    if (form === 'closure-form' && row.status !== 'closed') refuse('case/status');
    const events = await this.dossiers.historyOf(caseId, caller);
    const access = { ...accessOf(caller), field: form, caseId, rows: 1 };
    await this.commands.execute(new NoteAccess({ ...access, outcome: 'exported' }));
    const words = new Words(zhCN, snapshot.register);
    const paper = new Paper(`${zhCN.exports[form]} ${row.caseNumber}`, takenBy(caller, words));
    const exhibits = exhibitsOf(events);
    print(paper, form, { row, events, exhibits, pictures: await this.#pictures(exhibits) }, words);
    paper.end(markOf({ caller, filter: {}, ...snapshot, at: new Date().toISOString() }, words));
    await pipeline(paper.document, open());
  }

  async #pictures(exhibits: readonly Exhibit[]): Promise<{ bytes: Buffer; name: string }[]> {
    const showable = exhibits.filter(({ file }) => file.mediaType.startsWith('image/'));
    const pictures: { bytes: Buffer; name: string }[] = [];
    for (const { title, file } of showable.slice(0, MOST_PICTURES)) {
      const bytes = await this.pictures.bytesOf(file);
      if (bytes && isPlain(bytes)) pictures.push({ bytes, name: title });
    }
    return pictures;
  }
}
