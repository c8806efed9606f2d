import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { relations, sheetOf, type TestCell, workbook } from '../../../test/faults/support/workbook.js';
import { zip } from '../../../test/faults/support/zip.js';
import { FileRefused } from '../problem.js';
import { type SourceRow } from '../rows.js';
import { Workbook } from './workbook.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbook-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function rowsOf(bytes: Buffer, sheet?: string): Promise<SourceRow[]> {
  const file = join(folder, 'book.xlsx');
  await writeFile(file, bytes);
  const rows: SourceRow[] = [];
  for await (const row of (await Workbook.open(file, sheet)).rows()) rows.push(row);
  return rows;
}

/** Texts of the rows; a cell that cannot be read is its reason. */
async function textsOf(bytes: Buffer, sheet?: string): Promise<(string[] | undefined)[]> {
  return (await rowsOf(bytes, sheet)).map((row) =>
    'broken' in row ? [] : row.cells?.map((cell, at) => row.unread?.get(at)?.reason ?? cell),
  );
}

const cell = async (value: TestCell) => (await textsOf(sheetOf([value])))[0]?.[0];

async function reasonOf(bytes: Buffer): Promise<string | undefined> {
  const outcome = await rowsOf(bytes).catch((error: unknown) => error);
  if (!(outcome instanceof FileRefused)) throw new Error(`not refused: ${String(outcome)}`);
  return outcome.problems[0]?.reason;
}

describe('cells', () => {
  test.each([
    ['12.5', '12.5'],
    ['8.1999999999999993', '8.2'],
    ['0.30000000000000004', '0.3'],
    ['1.2345600000000001', '1.23456'],
    ['1.5E-3', '0.0015'],
    ['1E+5', '100000'],
    ['-0.0', '0'],
    ['99.999999999999997', '100'],
    ['430102199001011234', 'number-inexact'],
    ['4.3010219900101101E+17', 'number-inexact'],
    ['NaN', 'cell-damaged'],
  ])('the number %s is %s', async (written, text) => {
    expect(await cell({ number: written })).toBe(text);
  });

  test.each([
    ['45413', 1, '2024-05-01'],
    ['45413.75', 2, '2024-05-01'],
    ['1', 1, '1900-01-01'],
    ['59', 1, '1900-02-28'],
    ['60', 1, 'date-invalid'],
    ['61', 1, '1900-03-01'],
    ['-1', 1, 'date-invalid'],
    ['3000000', 1, 'date-invalid'],
    ['45413', 3, '45413'],
  ])('%s days in style %i are %s', async (number, s, text) => {
    expect(await cell({ number, s })).toBe(text);
  });

  test('in the reckoning from 1904 the same number is another day', async () => {
    const bytes = workbook({
      sheets: [
        {
          rows: [
            [
              { number: '43951', s: 1 },
              { number: '0', s: 1 },
            ],
          ],
        },
      ],
      from1904: true,
    });
    expect(await textsOf(bytes)).toEqual([['2024-05-01', '1904-01-01']]);
  });

  test.each<[string, TestCell, string]>([
    [
      'a shared text of several runs, without how it is pronounced',
      { t: 's', inner: '<v>0</v>' },
      '隐患排查',
    ],
    ['a shared text that is not there', { t: 's', inner: '<v>7</v>' }, 'cell-damaged'],
    ['an escaped carriage return', { t: 'inlineStr', inner: '<is><t>一_x000D_二</t></is>' }, '一\r二'],
    ['a formula: what was last calculated', { inner: '<f>SUM(A1:A9)</f><v>12</v>' }, '12'],
    ['a formula of a text', { t: 'str', inner: '<f>"a"&amp;"b"</f><v>ab</v>' }, 'ab'],
    [
      'a formula without its result',
      { inner: '<f>HYPERLINK("http://example.invalid")</f>' },
      'formula-without-value',
    ],
    ['an error', { t: 'e', inner: '<f>1/0</f><v>#DIV/0!</v>' }, 'cell-error'],
    ['yes or no', { t: 'b', inner: '<v>1</v>' }, 'TRUE'],
    ['a day as ISO writes it', { t: 'd', inner: '<v>2024-05-01T00:00:00</v>' }, '2024-05-01'],
    ['an unknown kind', { t: 'x', inner: '<v>1</v>' }, 'cell-damaged'],
    ['a text longer than a cell holds', 'x'.repeat(40_000), 'cell-too-long'],
  ])('%s', async (_, value, text) => {
    const shared = ['<si><r><t>隐患</t></r><r><t>排查</t></r><rPh><t>yinhuan</t></rPh></si>'];
    expect((await textsOf(workbook({ sheets: [{ rows: [[value]] }], shared })))[0]?.[0]).toBe(text);
  });

  test('of merged cells the first has the value', async () => {
    const bytes = workbook({
      sheets: [
        {
          rows: [
            ['合并', undefined, '后'],
            ['甲', '乙', '丙'],
          ],
          merges: ['A1:B1'],
        },
      ],
    });
    expect(await textsOf(bytes)).toEqual([
      ['合并', '', '后'],
      ['甲', '乙', '丙'],
    ]);
  });
});

describe('sheets', () => {
  test('rows keep their numbers, and blank ones are blank', async () => {
    const rows = await rowsOf(
      workbook({
        sheets: [
          {
            rows: [],
            xml: '<worksheet><sheetData><row r="3"><c r="B3"><v>1</v></c></row><row r="5"/></sheetData></worksheet>',
          },
        ],
      }),
    );
    expect(rows).toEqual([
      { row: 3, line: 3, cells: ['', '1'] },
      { row: 5, line: 5, cells: undefined },
    ]);
  });

  test('the first that is not hidden is read, another by its name', async () => {
    const bytes = workbook({
      sheets: [
        { name: '隐藏', state: 'hidden', rows: [['a']] },
        { rows: [['b']] },
        { name: '台账', rows: [['c']] },
      ],
    });
    expect(await textsOf(bytes)).toEqual([['b']]);
    expect(await textsOf(bytes, '台账')).toEqual([['c']]);
    await expect(textsOf(bytes, '别的')).rejects.toMatchObject({ problems: [{ reason: 'sheet-missing' }] });
  });

  test('of two hundred sheets one is read, and the others are told', async () => {
    const sheets = Array.from({ length: 200 }, (_, n) => ({ name: `第${n}张`, rows: [[String(n)]] }));
    const file = join(folder, 'many.xlsx');
    await writeFile(file, workbook({ sheets }));
    expect((await Workbook.open(file, '第7张')).others).toHaveLength(199);
    expect(await textsOf(workbook({ sheets }), '第199张')).toEqual([['199']]);
  });

  test('what another program writes: prefixes, no places of cells', async () => {
    const xml =
      '<x:worksheet xmlns:x="a"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>一</x:t></x:is></x:c><x:c><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>';
    expect(await textsOf(workbook({ sheets: [{ rows: [], xml }] }))).toEqual([['一', '2']]);
  });
});

describe('a workbook that is refused', () => {
  const good = sheetOf(['a', 'b'], ['1', '2']);
  const DOCTYPE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>';

  test.each([
    ['cut in the middle', good.subarray(0, good.length / 2)],
    ['without its last bytes', good.subarray(0, -4)],
    ['of bytes that are no ZIP', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(200, 7)])],
    [
      'with a sheet that ends early',
      workbook({ sheets: [{ rows: [], xml: '<worksheet><sheetData><row r="1">' }] }),
    ],
    [
      'with rows that go back',
      workbook({ sheets: [{ rows: [], xml: '<worksheet><row r="2"/><row r="1"/></worksheet>' }] }),
    ],
    [
      'with an entity of its own',
      workbook({ sheets: [{ rows: [], xml: '<worksheet><a>&x;</a></worksheet>' }] }),
    ],
    [
      'that is not UTF-8',
      workbook({
        sheets: [{ rows: [] }],
        parts: [{ path: 'xl/styles.xml', content: Buffer.from([0x3c, 0xff, 0xfe]) }],
      }),
    ],
  ])('%s', async (_, bytes) => {
    expect(await reasonOf(bytes)).toBe('workbook-damaged');
  });

  test.each([
    'xl/workbook.xml',
    '_rels/.rels',
    'xl/_rels/workbook.xml.rels',
    'xl/styles.xml',
    'xl/sharedStrings.xml',
    'xl/worksheets/sheet1.xml',
  ])('a document type in %s, whatever it would load', async (path) => {
    const parts = [{ path, content: `<?xml version="1.0"?>${DOCTYPE}<a>&x;</a>` }];
    expect(await reasonOf(workbook({ sheets: [{ rows: [['a']] }], parts }))).toBe('workbook-doctype');
  });

  test('an archive of something else', async () => {
    expect(await reasonOf(zip([{ path: 'word/document.xml', content: '<a/>' }]))).toBe('workbook-kind');
  });

  test('a part that is encrypted within the archive', async () => {
    const parts = [{ path: 'xl/styles.xml', content: 'x', encrypted: true }];
    expect(await reasonOf(workbook({ sheets: [{ rows: [] }], parts }))).toBe('workbook-encrypted');
  });

  test.each([
    [
      'a part that grows a thousand times',
      { path: 'xl/worksheets/sheet1.xml', content: Buffer.alloc(32 * 1024 * 1024, 32) },
    ],
    ['a part that says it is huge', { path: 'xl/media/a.png', content: 'x', saysBytes: 3 * 1024 ** 3 }],
    [
      'a part that is larger than it says',
      { path: 'xl/worksheets/sheet1.xml', content: Buffer.alloc(32 * 1024 * 1024, 32), saysBytes: 1000 },
    ],
  ])('%s', async (_, part) => {
    expect(await reasonOf(workbook({ sheets: [{ rows: [] }], parts: [part] }))).toBe('workbook-too-large');
  });

  test('too many parts', async () => {
    const parts = Array.from({ length: 10_001 }, (_, n) => ({ path: `a${n}`, content: '' }));
    expect(await reasonOf(zip(parts))).toBe('workbook-too-large');
  });

  test('a text that never ends', async () => {
    const noise = createHash('shake256', { outputLength: 6 * 1024 * 1024 }).digest('base64');
    const content = Buffer.concat([Buffer.from(`<worksheet><!--${noise}--></worksheet>`)]);
    expect(
      await reasonOf(
        workbook({ sheets: [{ rows: [] }], parts: [{ path: 'xl/worksheets/sheet1.xml', content }] }),
      ),
    ).toBe('workbook-damaged');
  });

  test('what lies outside is not asked for: an external link is no sheet', async () => {
    const content = relations([
      ['rId1', 'worksheet', 'http://127.0.0.1:1/sheet.xml', true],
      ['rLink', 'externalLink', 'file:///etc/passwd', true],
    ]);
    const parts = [{ path: 'xl/_rels/workbook.xml.rels', content }];
    expect(await reasonOf(workbook({ sheets: [{ rows: [['a']] }], parts }))).toBe('sheet-missing');
  });
});
