import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { fromBufferPromise } from 'yauzl';
import { type SheetCell, type SheetContent } from './sheet.js';
import { writeWorkbook } from './writer.js';

async function bytesOf(sheets: readonly SheetContent[]): Promise<Buffer> {
  const out = new PassThrough();
  const [bytes] = await Promise.all([buffer(out), writeWorkbook(out, sheets)]);
  return bytes;
}

async function partsOf(sheets: readonly SheetContent[]): Promise<Map<string, string>> {
  const bytes = await bytesOf(sheets);
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  const parts = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    const packed = await buffer(await zip.openReadStreamPromise(entry, { decodeFileData: false }));
    parts.set(entry.fileName, inflateRawSync(packed).toString());
  }
  return parts;
}

const rowOf = async (...cells: SheetCell[]): Promise<string> => {
  const parts = await partsOf([{ name: 'a', header: [], rows: [cells] }]);
  return /<row r="2">(.*)<\/row>/s.exec(parts.get('xl/worksheets/sheet1.xml') ?? '')?.[1] ?? '';
};

test.each(['=1+1', '+1', '-1', '@a', '\ta', '＝1'])(
  '%j is a text, and stays one when somebody edits it',
  async (text) => {
    expect(await rowOf(text)).toBe(
      `<c r="A2" s="2" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`,
    );
  },
);

test('numbers are numbers, what is empty is left out, what XML cannot hold is escaped', async () => {
  expect(await rowOf(1.5, undefined, '', 'a<&\u0000\r_x0041_\ud800')).toBe(
    '<c r="A2"><v>1.5</v></c><c r="D2" t="inlineStr"><is><t xml:space="preserve">a&lt;&amp;_x0000__x000D__x005F_x0041_\ufffd</t></is></c>',
  );
});

test('several sheets, each under its name', async () => {
  const parts = await partsOf([
    { name: '一&二', header: ['甲'], rows: [] },
    { name: '三', header: ['乙'], rows: [['x']] },
  ]);
  expect(parts.get('xl/workbook.xml')).toContain(
    '<sheet name="一&amp;二" sheetId="1" r:id="rId1"/><sheet name="三" sheetId="2"',
  );
  expect(parts.get('xl/worksheets/sheet2.xml')).toContain('x');
});

test('the same rows are the same bytes', async () => {
  const sheets = [{ name: 'a', header: ['b'], rows: [['c']] }];
  expect((await bytesOf(sheets)).equals(await bytesOf(sheets))).toBe(true);
});

test('what the rows throw is thrown, and the file does not end as if it were whole', async () => {
  function* rows(): Generator<string[]> {
    yield ['a'];
    throw new Error('the rows broke');
  }
  const out = new PassThrough();
  out.resume();
  await expect(writeWorkbook(out, [{ name: 'a', header: ['b'], rows: rows() }])).rejects.toThrow(
    'the rows broke',
  );
  expect(out.destroyed).toBe(true);
});
