import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type ReceivedImport, type TriedImport } from '../../../libs/contracts/imports.js';
import { type LedgerCount } from '../../../libs/contracts/ledger.js';
import { importReasons } from '../../../libs/contracts/messages/import-reasons.js';
import { Workbook } from '../../../libs/intake/xlsx/workbook.js';
import { writeWorkbook } from '../../../libs/platform/xlsx/writer.js';
import { queryOf } from '../api.js';
import { saved } from '../export-file.js';
import { sized } from './files.js';
import { toned } from './page.js';
import { type Showing } from './tale.js';

/** By which our own export is read. */
const MAPPING = 'xiaohao-export';
/** What an office did to the workbook: by row below the header, a column and what it says now. */
const SPOILT = [
  ['严重程度', '特别严重'],
  ['发现日期', '2013-02-30'],
  ['涉及金额（元）', '约八万'],
] as const;
const ADDED = ['来源序号', '补录-1'] as const;

/** The exported ledger comes back from an office that has worked on it: three rows are wrong now, one is new. */
export async function showWorkbook(showing: Showing): Promise<void> {
  const { page, joined, registrar, reader, folder, goesOut } = showing;
  const [brought, wrong] = [`${folder}/worked-on.xlsx`, `${folder}/worked-on-wrong.xlsx`];
  await saved(reader, `/api/v1/exports/ledger?${queryOf(goesOut)}`, brought);
  await workedOn(brought);
  const count = (): Promise<LedgerCount> => reader.get<LedgerCount>('/api/v1/cases/count');
  const before = await count();
  const api = await joined.as(registrar);
  const { import: id } = await api.bring<ReceivedImport>(await readFile(brought), 'worked-on.xlsx');
  const tried = await api.ask<TriedImport>(`/api/v1/imports/${id}/dry-run`, { mapping: MAPPING });
  await saved(api, `/api/v1/imports/${id}/wrong.xlsx`, wrong);
  const after = await count();

  const told = `${tried.rows} rows, ${tried.new} new, ${tried.known} already known, ${tried.wrong} wrong`;
  page.part('导入', `The workbook comes back (dry run by ${MAPPING}): ${told}`, 4);
  page.table(
    tried.wrongRows.map(({ row, column = '', value = '', reason }) => [
      `第${row}行`,
      column,
      toned('bad', value),
      (importReasons as Readonly<Record<string, string>>)[reason] ?? reason,
    ]),
  );
  page.line(`nothing registered twice: ${before.cases} cases before, ${after.cases} after`);
  page.table([await sized(brought, '带回的工作簿'), await sized(wrong, '错误行及原因')], [1]);
}

/** Whatever stands above the header stays there, the mark of the export too. */
async function workedOn(file: string): Promise<void> {
  const cells: string[][] = [];
  for await (const read of (await Workbook.open(file)).rows())
    if ('cells' in read && read.cells) cells.push(read.cells);
  const top = cells.findIndex((row) => row.includes(ADDED[0]));
  const [above, header = [], rows] = [cells.slice(0, top), cells[top], cells.slice(top + 1)];
  const changed = (row: readonly string[], [column, text]: readonly [string, string]): string[] =>
    row.with(header.indexOf(column), text);
  const spoilt = SPOILT.map((change, n) => changed(rows[n] ?? [], change));
  const added = changed(rows.at(-1) ?? [], ADDED);
  const sheet = { name: '问题台账', above, header, rows: [...spoilt, ...rows.slice(SPOILT.length), added] };
  await writeWorkbook(createWriteStream(file), [sheet]);
}
