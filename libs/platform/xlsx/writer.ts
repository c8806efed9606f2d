import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { Drawing, drawingPath, drawingRelations, mediaPath, sheetRelations } from './drawing.js';
import {
  contentTypes,
  PACKAGE_RELATIONS,
  properties,
  type Properties,
  STYLES,
  workbook,
  workbookRelations,
} from './parts.js';
import { type SheetContent, sheetXml } from './sheet.js';

/**
 * Writes a workbook, sheet by sheet and row by row: memory does not grow with the rows. `out` is ended.
 * @throws what the rows throw, and what `out` throws; then `out` is destroyed
 */
export async function writeWorkbook(
  out: Writable,
  sheets: readonly SheetContent[],
  about: Properties = { title: '', creator: '', description: '' },
): Promise<void> {
  const zip = new ZipFile();
  const names = sheets.map(({ name }) => name);
  const drawn = sheets.flatMap(({ pictured }, index) => (pictured ? [index + 1] : []));
  const parts: [string, string][] = [
    ['[Content_Types].xml', contentTypes(sheets.length, drawn)],
    ['_rels/.rels', PACKAGE_RELATIONS],
    ['docProps/core.xml', properties(about)],
    ['xl/workbook.xml', workbook(names)],
    ['xl/_rels/workbook.xml.rels', workbookRelations(sheets.length)],
    ['xl/styles.xml', STYLES],
  ];
  for (const [path, text] of parts) zip.addBuffer(Buffer.from(text), path, PLAIN);
  const drawings = sheets.map(() => new Drawing());
  for (const [index, sheet] of sheets.entries()) {
    const path = `xl/worksheets/sheet${index + 1}.xml`;
    // Read only when its turn comes: two sheets may come from one source.
    zip.addReadStreamLazy(path, PLAIN, (give) => {
      const rows = Readable.from(sheetXml(sheet, drawings[index] ?? new Drawing()), { objectMode: false });
      rows.on('error', (error) => zip.emit('error', error));
      // Which pictures there are is known when the rows have been written.
      rows.on('end', () => {
        if (sheet.pictured) draw(zip, index + 1, drawings[index] ?? new Drawing());
        if (index === sheets.length - 1) zip.end();
      });
      give(null, rows);
    });
  }
  const written = zip.outputStream as Readable;
  zip.on('error', (error: Error) => written.destroy(error));
  await pipeline(written, out);
}

function draw(zip: ZipFile, sheet: number, drawing: Drawing): void {
  const { pictures } = drawing;
  const parts: [string, string][] = [
    [`xl/worksheets/_rels/sheet${sheet}.xml.rels`, sheetRelations(sheet)],
    [drawingPath(sheet), drawing.xml],
    [`xl/drawings/_rels/drawing${sheet}.xml.rels`, drawingRelations(sheet, pictures)],
  ];
  for (const [path, text] of parts) zip.addBuffer(Buffer.from(text), path, PLAIN);
  for (const [n, picture] of pictures.entries()) {
    zip.addReadStreamLazy(mediaPath(sheet, n + 1, picture), PACKED, (give) => {
      picture.bytes().then(
        (bytes) => {
          give(null, Readable.from([bytes]));
        },
        (error: unknown) => zip.emit('error', error),
      );
    });
  }
}

/** The same rows are the same bytes. */
const MADE = { mtime: new Date(Date.UTC(1980, 0, 1)) };
const PLAIN = { ...MADE, compressionLevel: 6 };
/** Pictures are packed already. */
const PACKED = { ...MADE, compress: false };
