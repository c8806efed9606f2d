import { type ClassConstructor } from 'class-transformer';
import { type AdoptCase, type RegisterProblem } from '../../contracts/intake.js';
import { type CsvFormat } from '../csv/rows.js';
import { type DateFormat } from './dates.js';
import { type NameKind } from './names.js';
import { type TargetPath, type Value } from './targets.js';

/** What a row can become: a problem that is entered, or the row of an old ledger that is taken over. */
export type Intake = RegisterProblem | AdoptCase;

/** How rows of one source become commands: declared in a file, without code. */
export interface Mapping<C extends Intake = RegisterProblem> {
  /** Stable name, for manifests. */
  name: string;
  format: Format;
  command: ClassConstructor<C>;
  /** Other headings under which a column is found, the likelier first. */
  synonyms: ReadonlyMap<string, readonly string[]>;
  fields: readonly Field[];
  /** Every column that is read, once. */
  columns: readonly string[];
  /** Those of them that must be there. */
  required: readonly string[];
}

export interface Format extends CsvFormat {
  /** `xlsx` is a workbook or what was saved from one as CSV. */
  type: 'csv' | 'xlsx';
  /** By its name; without it, the first that is not hidden. */
  sheet?: string;
  /** How many rows the header has. Rows above it, such as a title, are passed over. */
  headerRows: number;
  /** Stands between the headings of several rows that make one name: 其他-金额. */
  joinedBy: string;
  /** How a row begins that stands below the table: 签发单位负责人. */
  footer: readonly string[];
}

export type Field = { target: TargetPath } & (Constant | Given | FromColumns);

/** The same in every row. */
export interface Constant {
  constant: Value;
  /** Only in rows where this column is not empty. */
  when?: string;
}

/** The same in every row of a file: whoever brings the file says it. */
export interface Given {
  /** What it is called, for people: 通知单编号. */
  given: string;
  optional: boolean;
}

export interface FromColumns {
  /** What is not empty of them is joined. */
  columns: readonly string[];
  join: string;
  /** All empty: the field is left out instead of refusing the row. Columns that only such fields read may be missing. */
  optional: boolean;
  /** The text as it stands, with the spaces around it. */
  exact: boolean;
  /** Only in rows where an earlier field has this value: a day of closing where the status is closed. */
  only?: { field: TargetPath; is: Value };
  /** What an empty cell means. */
  empty?: Value;
  /** Characters that part a cell into several values. */
  split?: string;
  reading: Reading;
}

/** How a text becomes a value. */
export type Reading =
  | { as: 'text' }
  | { as: 'texts' }
  | { as: 'lookup'; values: ReadonlyMap<string, Value>; default?: Value }
  /** The id of what is called so. */
  | { as: 'named'; kind: NameKind; default?: Value }
  | { as: 'day'; formats: readonly DateFormat[] }
  /** A decimal number moved by so many places: degrees by 7 are ten-millionths of a degree. Money may name its unit. */
  | { as: 'whole'; scale: number; money: boolean };

/** The mapping as it reads a sheet of this name; without one, the sheet that it names itself, or the first. */
export function onSheet<C extends Intake>(mapping: Mapping<C>, sheet: string | undefined): Mapping<C> {
  return sheet === undefined ? mapping : { ...mapping, format: { ...mapping.format, sheet: sheet.trim() } };
}
