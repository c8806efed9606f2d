import 'reflect-metadata';
import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Files, shipped } from '../../test/support/forms.js';
import { AdoptCase } from '../contracts/intake.js';
import { type ImportRow } from './import-row.js';
import { keepRows, keptRows } from './kept-rows.js';
import { type Intake } from './mapping/mapping.js';
import { openImport } from './import.js';

const files = new Files();
beforeAll(() => files.make());
afterAll(() => files.remove());

const HEAD = '序号,检查时间,隐患类别,存在隐患或问题,复查结果';
const given = { 'source.document': '台账', divisions: ['430102'], categories: ['99'] };

/** As the ledger that a unit kept, each problem in a text that takes more than one piece of a file. */
async function read(count: number) {
  const mapping = await shipped('ledger');
  const row = (n: number): string =>
    [n, n % 3 === 0 ? '昨天' : '2024-01-05', '其他', `渗漏\\n"\u2028${'水'.repeat(900)}`, ''].join(',');
  const text = [HEAD, ...Array.from({ length: count }, (_, n) => row(n + 1).replaceAll('"', ''))].join('\n');
  const options = { given, names: () => [{ id: '99', title: '其他' }] };
  return { mapping, opened: await openImport(await files.write('ledger.csv', text), mapping, options) };
}

test('rows come back as they were read, each command of its class', async () => {
  const { mapping, opened } = await read(300);
  const rows: ImportRow<Intake>[] = [];
  for await (const row of opened.rows()) rows.push(row);
  const file = await files.write('kept', '');
  const again = (async function* () {
    yield* await Promise.resolve([...rows, { row: 302, line: 302, known: true as const }]);
  })();
  await keepRows(again, file);
  const kept = [];
  for await (const row of keptRows(file, mapping)) kept.push(row);
  expect(kept).toHaveLength(301);
  expect(kept.pop()).toEqual({ row: 302, line: 302, known: true });
  for (const [n, row] of kept.entries()) {
    const before = { ...rows[n], cells: undefined, raw: undefined };
    expect(JSON.parse(JSON.stringify(row))).toEqual(JSON.parse(JSON.stringify(before)));
    if ('command' in row) expect(row.command).toBeInstanceOf(AdoptCase);
  }
});

test('they are for nobody else to read', async () => {
  const { opened } = await read(1);
  const file = `${await files.write('place', '')}.rows`;
  await keepRows(opened.rows(), file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('what breaks off the reading is told', async () => {
  const broken = (async function* (): AsyncGenerator<ImportRow<Intake>> {
    yield await Promise.reject<ImportRow<Intake>>(new Error('cut off'));
  })();
  await expect(keepRows(broken, await files.write('none', ''))).rejects.toThrow('cut off');
});
