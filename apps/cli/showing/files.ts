import { mkdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type LedgerPage, type LedgerRow } from '../../../libs/contracts/ledger.js';
import { openLog } from '../../standalone/log.js';
import { type Api } from '../api.js';
import { saved } from '../export-file.js';
import { writeLog } from '../export-log.js';
import { type Line, toned } from './page.js';
import { type Showing } from './tale.js';

/** What can be taken along. */
export async function showFiles(showing: Showing): Promise<void> {
  const { page, reader, folder } = showing;
  await mkdir(folder, { recursive: true });
  const [closed, due] = await Promise.all([
    first(reader, 'status=closed&closedAt=is:filled&sort=-closedAt'),
    first(reader, 'status=rectifying&sort=dueOn'),
  ]);
  await Promise.all([
    saved(reader, '/api/v1/exports/ledger?format=xlsx', `${folder}/ledger.xlsx`),
    saved(reader, `/api/v1/cases/${closed.id}/closure-form.pdf`, `${folder}/closure-form.pdf`),
    saved(reader, `/api/v1/cases/${due.id}/notice.pdf`, `${folder}/notice.pdf`),
    writeLogs(showing),
  ]);

  page.part('导出', `Exports, in ${folder}`, 5);
  const rows: [string, string][] = [
    ['ledger.xlsx', zhCN.exports.ledger],
    ['closure-form.pdf', `${zhCN.exports['closure-form']} ${closed.caseNumber}`],
    ['notice.pdf', `${zhCN.exports['case-notice']} ${due.caseNumber}`],
    ['log.ocel.json', '事件日志 OCEL 2.0'],
    ['log.xes', '事件日志 XES (IEEE 1849)'],
  ];
  page.table(await Promise.all(rows.map(([name, what]) => sized(`${folder}/${name}`, what))), [1]);
}

async function writeLogs({ config, joined, folder }: Showing): Promise<void> {
  const log = openLog(config, joined.database.address);
  try {
    await Promise.all([
      writeLog('ocel', log, `${folder}/log.ocel.json`),
      writeLog('xes', log, `${folder}/log.xes`),
    ]);
  } finally {
    await log.close();
  }
}

async function first(reader: Api, query: string): Promise<LedgerRow> {
  const { rows } = await reader.get<LedgerPage>(`/api/v1/cases?${query}&limit=1`);
  if (!rows[0]) throw new Error(`no case is listed by ${query}`);
  return rows[0];
}

export async function sized(file: string, what: string): Promise<Line> {
  const { size } = await stat(file);
  return [toned('strong', basename(file)), size.toLocaleString('en'), 'bytes', what];
}
