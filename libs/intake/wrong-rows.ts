import { type Writable } from 'node:stream';
import { importReasons } from '../contracts/messages/import-reasons.js';
import { type RegisterProblem } from '../contracts/intake.js';
import { writeWorkbook } from '../platform/xlsx/writer.js';
import { type Import, type ImportOptions, openImport } from './import.js';
import { type RefusedRow } from './import-row.js';
import { type Intake, type Mapping } from './mapping/mapping.js';
import { type Problem, type Reason } from './problem.js';

/**
 * Writes the rows of a file that would be refused into a workbook: its own columns and one more, 错误, that says what is
 * wrong. Mended, the workbook can be imported as it is. What would be a formula is written as text.
 * @throws FileRefused as `openImport`, before anything is written, and as `Import.rows`
 */
export async function wrongRowsWorkbook<C extends Intake = RegisterProblem>(
  file: string,
  mapping: Mapping<C>,
  out: Writable,
  options: ImportOptions = {},
): Promise<void> {
  const from = await openImport(file, mapping, options);
  const header = [...from.header.names, '错误'];
  await writeWorkbook(out, [{ name: '错误行', header, rows: wrongRows(from) }]);
}

async function* wrongRows<C extends Intake>(from: Import<C>): AsyncGenerator<string[]> {
  const width = from.header.names.length;
  for await (const row of from.rows()) if ('refused' in row) yield cellsOf(row, width);
}

/** What stands beyond the header goes behind what is said of it. */
function cellsOf({ row, cells, refused }: RefusedRow, width: number): string[] {
  const own = Array.from({ length: width }, (_, index) => cells[index] ?? '');
  return [...own, `第${row}行：${refused.map(said).join('；')}`, ...cells.slice(width)];
}

/** A problem in the words of the product. The value stands in the row already. */
export function said({ column, reason, among }: Problem): string {
  const words = isReason(reason) ? WORDS[reason] : `内容不符合要求（${reason}）`;
  return `${column === undefined ? '' : `“${column}”`}${words}${among === undefined ? '' : `：${among}`}`;
}

/** A reason without words does not compile. */
const WORDS: Readonly<Record<Reason, string>> = importReasons;

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(WORDS, reason);
}
