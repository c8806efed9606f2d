import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type LedgerFilter } from '../../../libs/contracts/ledger.js';
import { type Uuid } from '../../../libs/contracts/values.js';
import { type Bearer } from '../../../libs/identity/tokens.js';
import { Words } from '../../../libs/ledger/exports/words.js';
import { type Config } from '../../../libs/platform/config.js';
import { readSeed } from '../../../libs/register/seed.js';
import { type Api } from '../api.js';
import { type Joined } from '../join.js';
import { registerToday } from '../register.js';
import { showCheck } from './check.js';
import { showFigures } from './figures.js';
import { showFiles } from './files.js';
import { showHistory } from './history.js';
import { showLedger } from './ledger.js';
import { type Page } from './page.js';
import { showRefusals, type Tried } from './refusals.js';
import { showSearch } from './search.js';
import { showTokens } from './tokens.js';
import { showWork } from './work.js';
import { showWorkbook } from './workbook.js';

/** What there is to be shown of a demo, once its cases are where they should be. */
export interface Tale {
  /** Sees all of it; what is taken out, is taken out by them. */
  inspector: Bearer;
  registrar: Bearer;
  /** Whose day is looked at. */
  worker: Bearer;
  /** What the list is narrowed to, and what is searched for. */
  filter: LedgerFilter;
  search: string;
  tried: readonly Tried[];
  /** A case that was closed falsely. */
  told: Uuid;
}

export interface Showing extends Tale {
  page: Page;
  joined: Joined;
  config: Config;
  /** As the inspector. */
  reader: Api;
  /** Names in the place of ids. */
  words: Words;
  /** Where files are put; they are written over by the next run. */
  folder: string;
}

/** Shows what people work from, over HTTP, as those whose work it is. */
export async function show(page: Page, joined: Joined, config: Config, tale: Tale): Promise<void> {
  const { zone } = await readSeed(config.SEED);
  const showing: Showing = {
    ...{ ...tale, page, joined, config },
    reader: await joined.as(tale.inspector),
    words: new Words(zhCN, await registerToday(joined.database.sql, zone)),
    folder: `${config.DATA_DIR}/exports`,
  };
  await showLedger(showing);
  await showSearch(showing);
  await showWork(showing);
  await showFigures(showing);
  const ledger = await showFiles(showing);
  await showWorkbook(showing, ledger);
  showRefusals(showing);
  await showHistory(showing);
  await showCheck(showing);
  await showTokens(showing);
}
