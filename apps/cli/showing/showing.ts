import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { Words } from '../../../libs/ledger/exports/words.js';
import { type Config } from '../../../libs/platform/config.js';
import { readSeed } from '../../../libs/register/seed/seed.js';
import { type Joined } from '../join.js';
import { registerToday } from '../register.js';
import { showAccounts } from './accounts.js';
import { showCheck } from './check.js';
import { showFigures } from './figures.js';
import { showFiles } from './files.js';
import { showHistory } from './history.js';
import { showLedger } from './ledger.js';
import { type Page } from './page.js';
import { showRefusals } from './refusals.js';
import { showSearch } from './search.js';
import { showTokens } from './tokens.js';
import { type Showing, type Tale } from './tale.js';
import { showWork } from './work.js';
import { showWorkbook } from './workbook.js';

/** Shows what people work from, over HTTP, as those whose work it is. */
export async function show(page: Page, joined: Joined, config: Config, tale: Tale): Promise<void> {
  const seeded = await readSeed(config.SEED);
  const today = await registerToday(joined.database.sql, seeded.zone);
  const showing: Showing = {
    ...{ ...tale, page, joined, config },
    reader: await joined.as(tale.inspector),
    // Names of persons are under seal in the register; those of a demo are made up, and stand in its seed.
    words: new Words(zhCN, { ...today, person: seeded.person }),
    folder: `${config.DATA_DIR}/exports`,
  };
  await showLedger(showing);
  await showSearch(showing);
  await showWork(showing);
  await showFigures(showing);
  await showFiles(showing);
  await showWorkbook(showing);
  showRefusals(showing);
  await showHistory(showing);
  await showCheck(showing);
  await showTokens(showing);
  await showAccounts(showing);
}
