import { type Problem } from './problem.js';

/** The longest cell that is read, in characters: as much as a cell of a workbook holds. */
export const LONGEST_CELL = 32_767;

/** A file with more columns is no list of problems. */
export const MOST_COLUMNS = 1000;

/** A row among the first of a file. */
export interface EarlyRow {
  row: number;
  cells: string[];
}

/**
 * A row as a spreadsheet counts it (the first is row 1, blank rows count) and the physical line on which it begins; in a
 * workbook that is the row. `undefined` cells: a blank row.
 */
export type SourceRow = { row: number; line: number } & (
  | {
      cells: string[] | undefined;
      /** Cells that hold something that cannot be read, by index; their text is empty. */
      unread?: ReadonlyMap<number, Problem>;
    }
  | { broken: Problem }
);

/** Cells that were made one, from 0, both ends included. */
export interface Merge {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}
