import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type LedgerCount, type LedgerPage } from '../../../libs/contracts/ledger.js';
import { queryOf } from '../api.js';
import { textOf, toned } from './page.js';
import { type Showing } from './tale.js';
import { clipped } from './width.js';
import { lightOf, statusOf } from './words.js';

const ROWS = 6;
/** Columns of a terminal for what may be long. */
const WIDE = 34;

/** A page of the ledger: what a filter lists, what is due first on top. */
export async function showLedger({ page, reader, filter, words }: Showing): Promise<void> {
  const query = queryOf({ ...filter, sort: 'dueOn', limit: String(ROWS) });
  const [{ rows }, counted, all] = await Promise.all([
    reader.get<LedgerPage>(`/api/v1/cases?${query}`),
    reader.get<LedgerCount>(`/api/v1/cases/count?${queryOf(filter)}`),
    reader.get<LedgerCount>('/api/v1/cases/count'),
  ]);
  const { caseNumber, address, categories, status, dueOn, light } = zhCN.columns;
  page.part('台账', `The ledger: ${counted.cases} of ${all.cases} cases, the first ${rows.length}`, ROWS);
  page.line(toned('dim', `GET /api/v1/cases?${decodeURIComponent(query)}`));
  page.table([
    [caseNumber, address, categories, status, dueOn, light].map((one) => toned('dim', one)),
    ...rows.map((row) => [
      toned('strong', row.caseNumber),
      clipped(row.address ?? row.divisions.map((one) => words.lineage(one)).join('、'), WIDE),
      clipped(words.categories(row.categories), WIDE / 2),
      textOf(statusOf(row)),
      row.dueOn ?? '',
      lightOf(row),
    ]),
  ]);
}
