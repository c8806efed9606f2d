import { once } from 'node:events';
import { createWriteStream, openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type ImportProgress, type ReceivedImport } from '../../libs/contracts/imports.js';
import { openImport } from '../../libs/intake/import.js';
import { type Intake, type Mapping } from '../../libs/intake/mapping/mapping.js';
import { readAnyMapping } from '../../libs/intake/mapping/mapping-file.js';
import { Workbook } from '../../libs/intake/xlsx/workbook.js';
import { connect, type Sql } from '../../libs/platform/sql.js';
import { writeWorkbook } from '../../libs/platform/xlsx/writer.js';
import { AUDIT_COLUMNS, auditRow } from '../faults/support/audit-list.js';
import { names } from '../support/forms.js';
import { type Contest, type Size } from './contest.js';
import { type Results } from './results.js';
import { BenchServer } from './server.js';
import { HUNAN, Standalone } from './standalone.js';

const MAPPING = 'config/mappings/audit-list.yaml';

/** Whoever enters it. */
const REGISTRAR = 'sample-province-registrar';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LOOK_MS = 50;
const LONGEST_MS = 300_000;

/**
 * A workbook of 52 columns: brought over HTTP and made into cases, beside read and made into checked commands, and beside
 * read and copied into a table as it is.
 */
export async function importContest(results: Results, size: Size): Promise<Contest> {
  const server = await BenchServer.open();
  const ends = [() => server.close()];
  const end = async (): Promise<void> => {
    while (ends.length > 0) await ends.pop()?.();
  };
  try {
    const application = await Standalone.start(server, HUNAN);
    ends.push(() => application.stop());
    const mapping = await readAnyMapping(MAPPING);
    const sql = connect((await server.create('import')).admin, 1);
    ends.push(() => sql.end({ timeout: 5 }));
    await sql.unsafe(`create table rows (${AUDIT_COLUMNS.map((_, column) => `c${column} text`).join(', ')})`);
    let files = 0;
    const round: Contest['round'] = async (turn) => {
      // What was entered once would only be known already.
      const file = join(server.folder, `import-${++files}.xlsx`);
      await writeRows(file, size.importRows, files);
      const contestants = {
        whole: () => entered(file, application),
        mapped: () => mapped(file, mapping),
        copy: () => copied(file, sql),
      };
      for (const name of turn(['whole', 'mapped', 'copy'] as const)) {
        const begin = performance.now();
        const rows = await contestants[name]();
        if (rows !== size.importRows) throw new Error(`${name} read ${rows} rows of ${size.importRows}`);
        const seconds = (performance.now() - begin) / 1000;
        results.add(`import/${name}`, rows / seconds);
        results.add(`import/${name}/seconds`, seconds);
      }
      await sql.unsafe('truncate rows');
      await rm(file);
    };
    return { most: 2, round, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** @param round in the source of every row */
async function writeRows(file: string, count: number, round: number): Promise<void> {
  function* rows(): Generator<string[]> {
    for (let row = 1; row <= count; row++) {
      const cells = auditRow({
        ...{ 序号: String(row), '问题金额(万元)': '12.345678', 问题来源: `省审计厅第${round}组` },
        具体责任单位: '芙蓉区住房和城乡建设局',
      });
      yield cells.map((cell, column) => (typeof cell === 'string' ? cell : `第${row}行第${column}列`));
    }
  }
  await writeWorkbook(createWriteStream(file), [{ name: '清单', header: AUDIT_COLUMNS, rows: rows() }]);
}

/** From the first byte sent until all rows are cases. @returns how many */
async function entered(file: string, { url, tokens }: Standalone): Promise<number> {
  const headers = { Authorization: `Bearer ${tokens[REGISTRAR] ?? ''}` };
  const asked = async <Answer>(path: string, init: RequestInit = {}): Promise<Answer> => {
    const more = init.headers as Record<string, string> | undefined;
    const response = await fetch(`${url}/api/v1/imports${path}`, {
      ...init,
      headers: { ...headers, ...more },
    });
    if (!response.ok) throw new Error(`the import was refused: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const brought = { method: 'POST', body: await openAsBlob(file), headers: { 'Content-Type': XLSX } };
  const { import: id } = await asked<ReceivedImport>('', brought);
  await asked(`/${id}/commit`, {
    ...{ method: 'POST', headers: { 'Content-Type': 'application/json' } },
    body: JSON.stringify({ mapping: 'audit-list', onlyGood: false }),
  });
  for (const until = Date.now() + LONGEST_MS; Date.now() < until;) {
    await pause(LOOK_MS);
    const { state, registered, code } = await asked<ImportProgress>(`/${id}`);
    if (state === 'failed') throw new Error(`the import failed: ${code ?? ''}`);
    if (state === 'done') return registered;
  }
  throw new Error('the import does not end');
}

async function mapped(file: string, mapping: Mapping<Intake>): Promise<number> {
  const opened = await openImport(file, mapping, { names });
  for await (const _ of opened.rows());
  return opened.counts.mapped;
}

async function copied(file: string, sql: Sql): Promise<number> {
  const workbook = await Workbook.open(file);
  const copy = await sql`copy rows from stdin`.writable();
  let rows = 0;
  for await (const read of workbook.rows()) {
    if (!('cells' in read) || !read.cells || read.row === 1) continue;
    const { cells } = read;
    const line = AUDIT_COLUMNS.map((_, column) => copyText(cells[column] ?? '')).join('\t');
    if (!copy.write(`${line}\n`)) await once(copy, 'drain');
    rows++;
  }
  copy.end();
  await finished(copy);
  return rows;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function copyText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
