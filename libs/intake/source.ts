import { checkUnchanged, notText, scan, type Scan, textOf } from './csv/bytes.js';
import { linesOf } from './csv/lines.js';
import { rowsOf } from './csv/rows.js';
import { type Format } from './mapping/mapping.js';
import { type Merge, type SourceRow } from './rows.js';
import { Workbook } from './xlsx/workbook.js';

/** A file whose rows can be read, from the beginning as often as wanted. */
export interface Source {
  scan: Scan;
  /** @throws FileRefused `file-changed` at the end at the latest, and what shows only then */
  rows: () => AsyncGenerator<SourceRow>;
  /** Cells made one within the first rows; nothing where the file cannot say so. */
  merges: (rows: number) => Promise<Merge[] | undefined>;
  /** Sheets that are shown and not read. */
  otherSheets: readonly string[];
  /** Where something is held open for it. */
  close?: () => Promise<void>;
}

/**
 * Opens a file as what its bytes are, whatever it is called.
 * @throws FileRefused `file-unreadable`, `file-encoding`, and those of `Workbook.open`
 */
export async function openSource(file: string, format: Format): Promise<Source> {
  const scanned = await scan(file);
  if (scanned.encoding !== 'XLSX') {
    const rows = () => rowsOf(linesOf(textOf(file, scanned)), format);
    return { scan: scanned, rows, merges: () => Promise.resolve(undefined), otherSheets: [] };
  }
  if (format.type === 'csv') throw notText('is a workbook or an archive');
  const workbook = await Workbook.open(file, format.sheet);
  return {
    scan: scanned,
    rows: () => unchanged(workbook, file, scanned),
    merges: (rows) => workbook.merges(rows),
    otherSheets: workbook.others,
  };
}

async function* unchanged(workbook: Workbook, file: string, scanned: Scan): AsyncGenerator<SourceRow> {
  yield* workbook.rows();
  await checkUnchanged(file, scanned);
}

/** What a file is and, of a workbook, the names of its sheets that are shown. @throws FileRefused as `openSource` */
export async function sheetsOf(file: string): Promise<{ scan: Scan; sheets: readonly string[] }> {
  const scanned = await scan(file);
  if (scanned.encoding !== 'XLSX') return { scan: scanned, sheets: [] };
  const { name, others } = await Workbook.open(file);
  return { scan: scanned, sheets: [name, ...others] };
}
