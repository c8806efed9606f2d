import { type ClassConstructor } from 'class-transformer';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type ImportRow, type KnownRow, type MappedRow, type RefusedRow } from './import-row.js';
import { type Intake, type Mapping } from './mapping/mapping.js';

/** A row as it is kept: what it becomes, without what stood there. */
export type KeptRow<C extends Intake> = Omit<MappedRow<C>, 'raw'> | Omit<RefusedRow, 'cells'> | KnownRow;

/** Characters that are written at once. */
const PIECE = 64 * 1024;

/**
 * Keeps the rows of a file as they were read, in a file that only we can read: whoever looks at all of them before the
 * first is entered would have to read and check them twice. Every personal text of the file stands in it too.
 * @throws whatever `rows` throws
 */
export async function keepRows<C extends Intake>(
  rows: AsyncIterable<ImportRow<C>>,
  file: string,
): Promise<void> {
  await pipeline(written(rows), createWriteStream(file, { mode: 0o600 }));
}

/** The rows that were kept, in their order. What they are to become was checked when they were read. */
export async function* keptRows<C extends Intake>(
  file: string,
  { command: Command }: Pick<Mapping<C>, 'command'>,
): AsyncGenerator<KeptRow<C>> {
  for await (const text of linesIn(file)) {
    const row = JSON.parse(text) as KeptRow<C>;
    yield 'command' in row ? { ...row, command: ofClass(Command, row.command) } : row;
  }
}

/** Without the fields that nobody filled: a new command has all of them, and each would be copied at every step. */
function ofClass<C extends Intake>({ prototype }: ClassConstructor<C>, fields: C): C {
  return Object.assign(Object.create(prototype as object) as C, fields);
}

async function* written<C extends Intake>(rows: AsyncIterable<ImportRow<C>>): AsyncGenerator<string> {
  let piece = '';
  for await (const row of rows) {
    piece += `${JSON.stringify(withoutCells(row))}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function withoutCells<C extends Intake>(row: ImportRow<C>): KeptRow<C> {
  const { row: number, line } = row;
  if ('command' in row) return { row: number, line, command: row.command };
  return 'refused' in row ? { row: number, line, refused: row.refused } : row;
}

async function* linesIn(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
