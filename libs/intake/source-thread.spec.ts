import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sheetOf, workbook } from '../../test/faults/support/workbook.js';
import { Files } from '../../test/support/forms.js';
import { type Format } from './mapping/mapping.js';
import { FileRefused } from './problem.js';
import { type SourceRow } from './rows.js';
import { openSource, type Source } from './source.js';
import { openSourceInThread } from './source-thread.js';

const CORPUS = 'test/faults/corpus/csv';
/** Threads run what is built. */
const SCRIPT = pathToFileURL('dist/libs/intake/source-thread.main.js');
const FORMAT = { delimiter: ',', linesPerRow: 20, headerRows: 1, joinedBy: '-', footer: [] };
const inThread = (file: string, format: Format): Promise<Source> => openSourceInThread(file, format, SCRIPT);

const files = new Files();
beforeAll(() => files.make());
afterAll(() => files.remove());

const ROWS = [
  ['编号', '日期', '说明'],
  ['1', { number: '45413', s: 1 }, '屋顶漏水'],
  [{ number: '430102199001011234' }, { t: 'e', inner: '<v>#REF!</v>' }, undefined],
];
const workbooks = {
  'good.xlsx': workbook({
    sheets: [
      { rows: ROWS, merges: ['A1:A2'] },
      { name: '另一', rows: [['x']] },
    ],
  }),
  // More rows than go over at once.
  'long.xlsx': sheetOf(...Array.from({ length: 1000 }, (_, n) => [`第${n}行`])),
  'wide.xlsx': sheetOf(
    ...Array.from({ length: 40 }, () => Array.from({ length: 500 }, () => '宽'.repeat(50))),
  ),
  'hidden.xlsx': workbook({ sheets: [{ rows: ROWS, state: 'hidden' }] }),
  'broken.xlsx': workbook({ sheets: [{ rows: [], xml: '<worksheet><sheetData><row r="1"><c>' }] }),
  'none.xlsx': Buffer.from('PK\u0003\u0004 no archive'),
};

/** All that is told of a file, be it a refusal. */
async function read(open: typeof openSource, file: string, type: Format['type']): Promise<unknown> {
  const rows: SourceRow[] = [];
  let source: Source | undefined;
  try {
    source = await open(file, { ...FORMAT, type });
    for await (const row of source.rows()) rows.push(row);
    const { scan, otherSheets } = source;
    return { scan, otherSheets, rows, merges: await source.merges(5) };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return { rows, problems: error.problems, row: error.row };
  } finally {
    await source?.close?.();
  }
}

describe('a file that is read in a thread of its own', () => {
  test('is what it is without one, and so is what is wrong with it', async () => {
    const found = (await readdir(CORPUS)).map((name) => join(CORPUS, name));
    for (const [name, content] of Object.entries(workbooks)) found.push(await files.write(name, content));
    for (const file of found) {
      const type = file.endsWith('.xlsx') ? 'xlsx' : 'csv';
      expect({ file, told: await read(inThread, file, type) }).toEqual({
        file,
        told: await read(openSource, file, type),
      });
    }
  });

  const file = 'config/demo/hpd_violations.csv';

  test('can be read again from its beginning by whoever read its first rows only', async () => {
    const source = await inThread(file, { ...FORMAT, type: 'csv' });
    for await (const { row } of source.rows()) if (row === 3) break;
    const rows: number[] = [];
    for await (const { row } of source.rows()) rows.push(row);
    expect(rows).toEqual(Array.from({ length: 101 }, (_, n) => n + 1));
    await source.close?.();
  });

  test('is not read to its end where the thread ends', async () => {
    const thread = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', (asked) => {
        if (asked === 'more') throw new RangeError('out of memory');
        parentPort.postMessage({ answer: asked === 'opened' ? { scan: {}, otherSheets: [] } : undefined });
      });`;
    const script = new URL(`data:text/javascript,${encodeURIComponent(thread)}`);
    const source = await openSourceInThread(file, { ...FORMAT, type: 'csv' }, script);
    await expect(source.rows().next()).rejects.toThrow('out of memory');
    await expect(source.rows().next()).rejects.toThrow('has ended');
    await source.close?.();
  });

  test('keeps the code of what the machine could not do', async () => {
    const thread = `import { parentPort } from 'node:worker_threads';
      parentPort.once('message', () => parentPort.postMessage({ fault: { message: 'disk', code: 'EIO' } }));`;
    const script = new URL(`data:text/javascript,${encodeURIComponent(thread)}`);
    await expect(openSourceInThread(file, { ...FORMAT, type: 'csv' }, script)).rejects.toMatchObject({
      ...{ message: 'disk', code: 'EIO' },
    });
  });
});
