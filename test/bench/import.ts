import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
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
import { type BenchServer } from './server.js';

const MAPPING = 'config/mappings/audit-list.yaml';
const DATABASE = 'import';

/** A workbook of 52 columns: read and made into checked commands, beside read and copied into a table as it is. */
export async function importContest(server: BenchServer, results: Results, size: Size): Promise<Contest> {
  const file = join(server.folder, 'import.xlsx');
  await writeRows(file, size.importRows);
  const mapping = await readAnyMapping(MAPPING);
  const database = await server.create(DATABASE);
  const sql = connect(database.admin, 1);
  const columns = AUDIT_COLUMNS.map((_, column) => `c${column} text`);
  await sql.unsafe(`create table rows (${columns.join(', ')})`);
  const contestants = { ours: () => mapped(file, mapping), copy: () => copied(file, sql) };
  return {
    round: async (turn) => {
      for (const name of turn(['ours', 'copy'] as const)) {
        const begin = performance.now();
        const rows = await contestants[name]();
        if (rows !== size.importRows) throw new Error(`${name} read ${rows} rows of ${size.importRows}`);
        results.add(`import/${name}`, (rows * 1000) / (performance.now() - begin));
      }
      await sql.unsafe('truncate rows');
    },
    end: async () => {
      await sql.end({ timeout: 5 });
      await server.drop(DATABASE);
    },
  };
}

async function writeRows(file: string, count: number): Promise<void> {
  function* rows(): Generator<string[]> {
    for (let row = 1; row <= count; row++) {
      const cells = auditRow({ 序号: String(row), '问题金额(万元)': '12.345678' });
      yield cells.map((cell, column) => (typeof cell === 'string' ? cell : `第${row}行第${column}列`));
    }
  }
  await writeWorkbook(createWriteStream(file), [{ name: '清单', header: AUDIT_COLUMNS, rows: rows() }]);
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
