import { type CsvFormat } from '../csv/rows.js';
import { type DateFormat } from './dates.js';
import { type TargetPath, type Value } from './targets.js';

/** How rows of one source become commands: declared in a file, without code. */
export interface Mapping {
  /** Stable name, for manifests. */
  name: string;
  format: CsvFormat;
  fields: readonly Field[];
  /** Every column that is read, once. */
  columns: readonly string[];
}

export type Field = { target: TargetPath } & (Constant | FromColumns);

/** The same in every row. */
export interface Constant {
  constant: Value;
  /** Only in rows where this column is not empty. */
  when?: string;
}

export interface FromColumns {
  /** What is not empty of them is joined. */
  columns: readonly string[];
  join: string;
  /** All empty: the field is left out instead of refusing the row. */
  optional: boolean;
  reading: Reading;
}

/** How a text becomes a value. */
export type Reading =
  | { as: 'text' }
  | { as: 'texts' }
  | { as: 'lookup'; values: ReadonlyMap<string, Value> }
  | { as: 'day'; format: DateFormat }
  /** A decimal number moved by so many places: degrees by 7 are ten-millionths of a degree. */
  | { as: 'whole'; scale: number };
