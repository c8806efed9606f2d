import { isBlank, LONGEST_CELL, MOST_COLUMNS, type SourceRow } from '../rows.js';
import { type Problem, problem } from '../problem.js';
import { type Archive } from './archive.js';
import { type RawCell, readCell, type Shared } from './cell.js';
import { refusal } from './refusal.js';
import { TextOf } from './texts.js';
import { readXml } from './xml.js';

/**
 * The rows of a sheet with their numbers. A row that is not written at all is passed over; one without values is blank.
 * @throws FileRefused as `readXml`
 */
export async function* sheetRows(archive: Archive, path: string, shared: Shared): AsyncGenerator<SourceRow> {
  const reader = new SheetReader(shared);
  for await (const _ of readXml(archive, path, reader)) yield* reader.take();
}

class SheetReader {
  private ready: SourceRow[] = [];
  private row = 0;
  private column = 0;
  private cells: string[] = [];
  private unread: Map<number, Problem> | undefined;
  private cell: RawCell | undefined;
  private readonly value = new TextOf(['v']);
  private readonly inline = new TextOf();

  constructor(private readonly shared: Shared) {}

  take(): SourceRow[] {
    const { ready } = this;
    this.ready = [];
    return ready;
  }

  open(name: string, { r, s, t }: Readonly<Record<string, string>>): void {
    if (name === 'row') this.beginRow(r);
    else if (name === 'c') this.beginCell(r, s, t);
    else if (this.cell) this.within(name, this.cell);
  }

  text(text: string): void {
    if (!this.cell) return;
    this.value.add(text);
    this.inline.add(text);
  }

  close(name: string): void {
    if (name === 'row') this.endRow();
    else if (name === 'c') this.endCell();
    else if (this.cell) {
      this.value.close(name);
      this.inline.close(name);
    }
  }

  private within(name: string, cell: RawCell): void {
    if (name === 'v') cell.hasValue = true;
    if (name === 'f') cell.hasFormula = true;
    this.value.open(name);
    this.inline.open(name);
  }

  private beginRow(r: string | undefined): void {
    const row = r === undefined ? this.row + 1 : Number(r);
    // Also what is no number.
    if (!(row > this.row && row <= 1_048_576)) throw damagedPlace('row', r);
    this.row = row;
    this.column = -1;
  }

  private beginCell(r: string | undefined, s: string | undefined, t: string | undefined): void {
    const column = r === undefined ? this.column + 1 : columnOf(r);
    if (!(column > this.column)) throw damagedPlace('cell', r);
    this.column = column;
    this.cell = {
      kind: t ?? 'n',
      style: Number(s ?? 0),
      value: '',
      inline: '',
      hasValue: false,
      hasFormula: false,
    };
  }

  private endCell(): void {
    const { cell, column } = this;
    this.cell = undefined;
    if (!cell) return;
    cell.value = this.value.take();
    cell.inline = this.inline.take();
    // One more than is read shows that there are too many.
    if (column > MOST_COLUMNS) return;
    const read = readCell(cell, this.shared);
    if (read === '') return;
    while (this.cells.length < column) this.cells.push('');
    this.cells[column] = typeof read === 'string' ? read : '';
    if (typeof read !== 'string') this.fault(column, read);
    else if (read.length > LONGEST_CELL) this.fault(column, tooLong(read));
  }

  private fault(column: number, found: Problem): void {
    (this.unread ??= new Map()).set(column, found);
    this.cells[column] = '';
  }

  private endRow(): void {
    const { row, cells, unread } = this;
    this.cells = [];
    this.unread = undefined;
    const blank = unread === undefined && isBlank(cells);
    this.ready.push({ row, line: row, cells: blank ? undefined : cells, ...(unread && { unread }) });
  }
}

/** From 0. */
export function columnOf(reference: string): number {
  const [letters] = /^[A-Z]{1,3}(?=\d{1,7}$)/.exec(reference) ?? [''];
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function damagedPlace(what: string, place: string | undefined): Error {
  return refusal('workbook-damaged', `A ${what} stands where none may stand: ${(place ?? '').slice(0, 20)}.`);
}

function tooLong(text: string): Problem {
  return problem('cell-too-long', `The cell has more than ${LONGEST_CELL} characters.`, undefined, text);
}
