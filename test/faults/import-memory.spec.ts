import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeWorkbook } from '../../libs/platform/xlsx/writer.js';
import { Files } from '../support/forms.js';
import { AUDIT_COLUMNS, AUDIT_HEADER, AUDIT_MERGES, auditRow } from './support/audit-list.js';
import { type TestCell, workbook } from './support/workbook.js';

const files = new Files();
beforeAll(() => files.make());
afterAll(() => files.remove());

const READER = 'dist/test/faults/support/read-file.js';
/** For all of the process: its code alone takes some 90. */
const MOST_MEGABYTES = 300;

interface Read {
  outcome: unknown;
  megabytes: number;
}

async function read(file: string, mapping: string): Promise<Read> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    READER,
    file,
    `config/mappings/${mapping}.yaml`,
  ]);
  return JSON.parse(stdout) as Read;
}

/** A row of the audit list in which no two cells of the whole file are alike. */
const long = (row: number): string[] =>
  auditRow({ 序号: String(row), '问题金额(万元)': '12.345678' }).map((cell, at) =>
    typeof cell === 'string' ? cell : `第${row}行第${at}列的文字内容`,
  );

describe('memory does not grow with the file', () => {
  test('fifty thousand rows of 52 columns, written by us', async () => {
    function* rows(): Generator<string[]> {
      for (let row = 1; row <= 50_000; row++) yield long(row);
    }
    const file = await files.write('large.xlsx', '');
    await writeWorkbook(createWriteStream(file), [{ name: '清单', header: AUDIT_COLUMNS, rows: rows() }]);
    const { outcome, megabytes } = await read(file, 'audit-list');
    expect(outcome).toEqual({ rows: 50_000, mapped: 50_000, refused: 0, known: 0, blank: 0 });
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  }, 240_000);

  test('a million and a half texts that are shared', async () => {
    const shared = Array.from(
      { length: 1_500_000 },
      (_, n) => `<si><t>第${n}个不同的文字内容，如表格所存</t></si>`,
    );
    const text = (n: number): TestCell => ({ t: 's', inner: `<v>${n}</v>` });
    const rows = [...AUDIT_HEADER, auditRow({ 序号: '1', 具体问题表述: text(1_499_999) })];
    const book = workbook({ sheets: [{ rows, merges: AUDIT_MERGES }], shared });
    const { outcome, megabytes } = await read(await files.write('shared.xlsx', book), 'audit-list');
    expect(outcome).toMatchObject({ mapped: 1 });
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });

  test('more shared texts than are read', async () => {
    const text = 'x'.repeat(30_000);
    const shared = Array.from({ length: 4000 }, (_, n) => `<si><t>${n}${Math.cos(n)}${text}</t></si>`);
    const noise = Array.from({ length: 90_000 }, (_, n) => `<si><t>${Math.sin(n)}${Math.cos(n)}</t></si>`);
    const book = workbook({ sheets: [{ rows: AUDIT_HEADER }], shared: [...noise, ...shared] });
    const { outcome, megabytes } = await read(await files.write('texts.xlsx', book), 'audit-list');
    expect(outcome).toEqual(['workbook-too-large']);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });

  test('a million empty rows', async () => {
    const head = ['序号', '隐患类别', '存在隐患或问题'].map((name, at) => cell('ABC'.charAt(at), 1, name));
    const empty = Array.from(
      { length: 1_000_000 },
      (_, n) => `<row r="${n + 2}" spans="1:3"><c r="A${n + 2}" s="1"/></row>`,
    );
    const last = `<row r="1000002">${cell('A', 1_000_002, '1')}${cell('B', 1_000_002, '其他')}${cell('C', 1_000_002, '渗漏')}</row>`;
    const xml = `<worksheet><sheetData><row r="1">${head.join('')}</row>${empty.join('')}${last}</sheetData></worksheet>`;
    const book = workbook({ sheets: [{ rows: [], xml }] });
    const { outcome, megabytes } = await read(await files.write('empty.xlsx', book), 'ledger');
    expect(outcome).toEqual({ rows: 1, mapped: 1, refused: 0, known: 0, blank: 1_000_000 });
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });

  test('a part that grows a thousand times, to 256 MiB', async () => {
    const parts = [{ path: 'xl/sharedStrings.xml', content: Buffer.alloc(2 ** 28, 32) }];
    const book = workbook({ sheets: [{ rows: [['a']] }], parts });
    const { outcome, megabytes } = await read(await files.write('bomb.xlsx', book), 'ledger');
    expect(outcome).toEqual(['workbook-too-large']);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });
});

function cell(column: string, row: number, text: string): string {
  return `<c r="${column}${row}" t="inlineStr"><is><t>${text}</t></is></c>`;
}
