import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { partsOf as partsIn } from '../../../test/support/zip.js';
import { type Picture } from './drawing.js';
import { type SheetCell, type SheetContent } from './sheet.js';
import { writeWorkbook } from './writer.js';

async function bytesOf(sheets: readonly SheetContent[]): Promise<Buffer> {
  const out = new PassThrough();
  const [bytes] = await Promise.all([buffer(out), writeWorkbook(out, sheets)]);
  return bytes;
}

async function partsOf(sheets: readonly SheetContent[]): Promise<Map<string, string>> {
  const parts = await partsIn(await bytesOf(sheets));
  return new Map([...parts].map(([name, bytes]) => [name, bytes.toString()]));
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

const pictureOf = (key: string, width = 240, height = 96): Picture => ({
  ...{ key, type: 'png', width, height, name: '整改前<照片>' },
  bytes: () => Promise.resolve(Buffer.from(key)),
});

test('pictures stand side by side in a cell, each kept once, in proportion and no larger than they are', async () => {
  const one = { text: '楼梯 1a', pictures: [pictureOf('a'), pictureOf('b', 10, 20)] };
  const sheet = { name: 'a', header: ['甲', '乙'], pictured: new Map([[1, 54]]) };
  const parts = await partsOf([
    {
      ...sheet,
      rows: [
        ['x', one],
        ['y', { text: '', pictures: [pictureOf('a')] }],
      ],
    },
  ]);
  expect(parts.get('xl/media/picture1-1.png')).toBe('a');
  expect([...parts.keys()].filter((name) => name.startsWith('xl/media/'))).toHaveLength(2);
  const drawing = parts.get('xl/drawings/drawing1.xml') ?? '';
  expect(drawing.match(/r:embed="rId\d"/g)).toEqual(['r:embed="rId1"', 'r:embed="rId2"', 'r:embed="rId1"']);
  expect(drawing.match(/<xdr:ext cx="\d+" cy="\d+"/g)?.slice(0, 2)).toEqual([
    '<xdr:ext cx="1143000" cy="457200"',
    '<xdr:ext cx="95250" cy="190500"',
  ]);
  expect(drawing).toContain('descr="整改前&lt;照片&gt;"');
  expect(drawing.match(/<xdr:row>\d+<\/xdr:row>/g)).toEqual([
    ...['<xdr:row>1</xdr:row>', '<xdr:row>1</xdr:row>', '<xdr:row>2</xdr:row>'],
  ]);
  const xml = parts.get('xl/worksheets/sheet1.xml') ?? '';
  expect(xml).toContain('<cols><col min="2" max="2" width="54" customWidth="1"/></cols>');
  expect(xml).toContain('<row r="2" ht="93" customHeight="1">');
  expect(xml).toContain('<drawing r:id="rId1"/></worksheet>');
});

test('a picture that cannot be read any more ends the file instead of leaving half of it', async () => {
  const lost = { ...pictureOf('a'), bytes: () => Promise.reject(new Error('gone')) };
  const pictured = new Map([[0, 54]]);
  const rows = [[{ text: '', pictures: [lost] }]];
  await expect(bytesOf([{ name: 'a', header: ['甲'], pictured, rows }])).rejects.toThrow('gone');
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
