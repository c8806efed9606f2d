import { parentPort, workerData } from 'node:worker_threads';
import { codeOf } from '../platform/fault.js';
import { FileRefused } from './problem.js';
import { type SourceRow } from './rows.js';
import { openSource, type Source } from './source.js';
import { type Answered, type Asked, type Opened, type Piece, type Subject } from './source-thread.js';

/** So many rows go over at once, or as many as have so many characters. */
const ROWS = 256;
const CHARACTERS = 256 * 1024;

const { file, format } = workerData as Subject;
let source: Promise<Source> | undefined;
let rows: AsyncGenerator<SourceRow> | undefined;

async function answer(asked: Asked): Promise<unknown> {
  const { scan, otherSheets, rows: read, merges } = await (source ??= openSource(file, format));
  if (asked === 'opened') return { scan, otherSheets } satisfies Opened;
  if (typeof asked === 'object') return merges(asked.merges);
  if (asked === 'more') return piece();
  await rows?.return(undefined);
  rows = read();
  return undefined;
}

async function piece(): Promise<Piece> {
  const found: SourceRow[] = [];
  for (let characters = 0; found.length < ROWS && characters < CHARACTERS;) {
    const next = await rows?.next();
    if (!next || next.done === true) return { rows: found, more: false };
    found.push(next.value);
    characters += lengthOf(next.value);
  }
  return { rows: found, more: true };
}

function lengthOf(row: SourceRow): number {
  return 'cells' in row ? (row.cells ?? []).reduce((sum, cell) => sum + cell.length, 0) : 0;
}

function told(error: unknown): Answered {
  if (error instanceof FileRefused) {
    const { problems, row } = error;
    return { refused: { problems, ...(row !== undefined && { row }) } };
  }
  return { fault: { message: error instanceof Error ? error.message : String(error), code: codeOf(error) } };
}

parentPort?.on('message', (asked: Asked) => {
  void answer(asked)
    .then((answered): Answered => ({ answer: answered }), told)
    .then((message) => parentPort?.postMessage(message));
});
