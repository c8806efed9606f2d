import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
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
  const parts: [string, string][] = [
    ['[Content_Types].xml', contentTypes(sheets.length)],
    ['_rels/.rels', PACKAGE_RELATIONS],
    ['docProps/core.xml', properties(about)],
    ['xl/workbook.xml', workbook(names)],
    ['xl/_rels/workbook.xml.rels', workbookRelations(sheets.length)],
    ['xl/styles.xml', STYLES],
  ];
  for (const [path, text] of parts) zip.addBuffer(Buffer.from(text), path, PLAIN);
  for (const [index, sheet] of sheets.entries()) {
    const path = `xl/worksheets/sheet${index + 1}.xml`;
    // Read only when its turn comes: two sheets may come from one source.
    zip.addReadStreamLazy(path, PLAIN, (give) => {
      const rows = Readable.from(sheetXml(sheet), { objectMode: false });
      rows.on('error', (error) => zip.emit('error', error));
      give(null, rows);
    });
  }
  zip.end();
  const written = zip.outputStream as Readable;
  zip.on('error', (error: Error) => written.destroy(error));
  await pipeline(written, out);
}

/** The same rows are the same bytes. */
const PLAIN = { mtime: new Date(Date.UTC(1980, 0, 1)), compressionLevel: 6 };
