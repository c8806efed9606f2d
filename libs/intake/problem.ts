import { type FieldError, Refusal } from '../contracts/refusal.js';

/** Why a file or a row of it is refused. A row may also carry a rule of the command's own fields (`isIn`, `isLength`, …). */
export const reasons = {
  'file-unreadable': 'The file cannot be opened or read.',
  'file-encoding': 'The bytes are no text in UTF-8, UTF-16 or GB18030.',
  'file-empty': 'The file has no header and no rows.',
  'file-changed': 'The file was changed while it was read.',
  'given-missing': 'The mapping needs something that is said for the whole file, and nobody said it.',
  'mapping-none': 'No mapping fits the headings of the file.',
  'mapping-several': 'Several mappings fit the headings equally; say which.',
  'workbook-old': 'The workbook is of the old kind (.xls); it must be saved as .xlsx.',
  'workbook-encrypted': 'The workbook is protected by a password; it must be saved without one.',
  'workbook-kind': 'The file is an archive, but no workbook that is read (.xlsx).',
  'workbook-damaged': 'The workbook is damaged or cut off.',
  'workbook-doctype': 'A part of the workbook declares a document type, which no program writes into one.',
  'workbook-too-large': 'The workbook has more, or grows to more, than is read.',
  'sheet-missing': 'The workbook has no such sheet, or none that is shown.',
  'column-missing': 'The header lacks a column that the mapping reads.',
  'column-twice': 'The header has two columns of the same name.',
  'too-many-columns': 'The header has more columns than are read.',
  'broken-quote': 'A quote is not closed, or stands where none may stand.',
  'rows-run-together': 'Between the quotes of this row stand other rows.',
  'row-too-long': 'The row is longer than is read.',
  'cell-too-long': 'The cell is longer than is read.',
  'cell-error': 'The cell shows an error instead of a value.',
  'cell-damaged': 'The cell is not as a workbook writes it.',
  'formula-without-value': 'The cell holds a formula without its result.',
  'header-again': 'The row is the header once more.',
  'too-few-cells': 'The row has fewer cells than the header.',
  'too-many-cells': 'The row has more cells than the header.',
  'value-missing': 'The cell is empty and may not be.',
  'value-unknown': 'The value is not in the mapping.',
  'name-unknown': 'Nothing is known by this name.',
  'name-ambiguous': 'Several are known by this name.',
  'date-invalid': 'This is no date in the format of the mapping.',
  'number-invalid': 'This is no number, or one that would lose digits.',
  'number-inexact': 'The number has more digits than a workbook keeps; the last are lost.',
  split: 'The problem was split, or is a part of one: it cannot be entered by itself.',
  duplicate: 'An earlier row of the file has the same source, document, line and part.',
} as const;

export type Reason = keyof typeof reasons;

/** What is wrong with one cell, or with the row where no column is named. */
export interface Problem {
  /** As in the header; several columns that make one field are joined by " + ". */
  column?: string;
  /** What stood there: at most 100 characters, control characters escaped; `**` where it is of a private person. */
  value?: string;
  /** A `Reason`, or the rule of the field that failed: a stable word. */
  reason: string;
  /** What it could have been: values, formats, names of which several fit. */
  among?: string;
  /** English, for a reader of logs; the console translates the reason. */
  message: string;
}

export function problem(reason: Reason, message: string, column?: string, value?: string): Problem {
  return {
    ...(column === undefined ? {} : { column: excerpt(column.trim()) }),
    ...(value === undefined ? {} : { value: excerpt(value) }),
    reason,
    message,
  };
}

/** The whole file is refused before any row of it was handed out (but for `file-changed`). */
export class FileRefused extends Refusal {
  /** @param row the row that shows it, the header being 1 */
  constructor(
    readonly problems: Problem[],
    readonly row?: number,
  ) {
    super('input/invalid', { errors: problems.map((found) => fieldError(found, row)) });
    this.name = 'FileRefused';
    this.message = problems.map((found) => found.message).join(' ');
  }
}

function fieldError({ column, reason, message }: Problem, row: number | undefined): FieldError {
  return {
    field: column ?? '',
    rule: reason,
    message: row === undefined ? message : `Row ${row}: ${message}`,
  };
}

/** Stands for what is of a private person. */
export const HIDDEN = '**';

const LONGEST_EXCERPT = 100;

// What would act on a terminal or turn the reading direction instead of being seen.
const UNSEEN = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A value as it can be shown anywhere: shortened to 100 characters, what cannot be seen escaped as \uXXXX. */
export function excerpt(value: string): string {
  const seen = value
    .slice(0, LONGEST_EXCERPT + 1)
    .replace(UNSEEN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (seen.length <= LONGEST_EXCERPT) return seen;
  // Not between the halves of a character.
  return `${seen.slice(0, LONGEST_EXCERPT - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
