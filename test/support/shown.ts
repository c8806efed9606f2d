import { expect } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a demo says under one of its headings. */
export function partOf(said: string, title: string): string {
  const part = said.split('\n\n').find((one) => one.startsWith(`${title}  `));
  if (part === undefined) throw new Error(`the demo says nothing of ${title}`);
  return part;
}

/** The workbook that comes back has the same faults in both demos. */
export function expectWrongRows(said: string, cases: number): void {
  const part = partOf(said, '导入');
  expect(part).toMatch(/第3行 +严重程度 +特别严重 +不在允许的取值内\n/);
  expect(part).toMatch(/第4行 +发现日期 +2013-02-30 +不是有效日期\n/);
  expect(part).toMatch(/第5行 +涉及金额（元） +约八万 +不是有效数字，或小数位过多\n/);
  expect(part).toContain(`nothing registered twice: ${cases} cases before, ${cases} after`);
}

/** How a file of each kind begins. */
const BEGINS: Readonly<Record<string, string>> = {
  'ledger.xlsx': 'PK\x03\x04',
  'closure-form.pdf': '%PDF-',
  'notice.pdf': '%PDF-',
  'log.ocel.json': '{"events":[',
  'log.xes': '<?xml ',
  'worked-on.xlsx': 'PK\x03\x04',
  'worked-on-wrong.xlsx': 'PK\x03\x04',
};

/** Every file that is said to be there is, is what it is called, and as long as it is said to be. */
export async function expectFiles(dataDir: string, said: string): Promise<void> {
  for (const [name, begins] of Object.entries(BEGINS)) {
    const content = await readFile(join(dataDir, 'exports', name));
    expect([name, content.toString('latin1', 0, begins.length)]).toEqual([name, begins]);
    const size = new RegExp(`${name} +([\\d,]+) +bytes`).exec(said)?.[1] ?? '';
    expect([name, Number(size.replaceAll(',', ''))]).toEqual([name, content.length]);
  }
}
