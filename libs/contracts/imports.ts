import { IsBoolean, IsObject } from 'class-validator';
import { IsFilled, Optional, type Uuid } from './values.js';

/** How the rows of a file are to be read. */
export class TryImport {
  /** By its name. */
  @IsFilled(100) mapping!: string;
  /** Of a workbook; without it, the first that is shown. */
  @Optional() @IsFilled(200) sheet?: string;
  /** What is the same in every row, by field. */
  @Optional() @IsObject() given?: object;
}

export class CommitImport extends TryImport {
  /** Wrong rows are left out; otherwise one of them keeps all from being entered. */
  @IsBoolean() onlyGood!: boolean;
}

/** A mapping that could read the file. */
export interface MappingGuess {
  mapping: string;
  /** Columns that must be there and are not. */
  missing: readonly string[];
  /** The share that is found of all columns that it reads. */
  ofAll: number;
}

export interface ReceivedImport {
  import: Uuid;
  sha256: string;
  bytes: number;
  /** Of a workbook, those that are shown. */
  sheets: readonly string[];
  /** The best first. */
  mappings: readonly MappingGuess[];
}

/** `failed`: nothing more is entered; see `code`. */
export const IMPORT_STATES = ['received', 'running', 'done', 'failed'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** What is wrong with a row: never with what stood there, but masked in a dry run. */
export interface WrongRow {
  row: number;
  column?: string;
  value?: string;
  reason: string;
  message: string;
}

export interface TriedImport {
  rows: number;
  new: number;
  known: number;
  wrong: number;
  blank: number;
  /** Columns that the mapping would read, and names that nothing reads. */
  missing: readonly string[];
  unread: readonly string[];
  otherSheets: readonly string[];
  /** The first of them. */
  wrongRows: readonly WrongRow[];
}

export interface ImportProgress {
  import: Uuid;
  state: ImportState;
  sha256: string;
  name?: string;
  mapping?: string;
  /** Of the file, and how far it has come in it. */
  rows?: number;
  row: number;
  registered: number;
  known: number;
  refused: number;
  /** Why it failed. */
  code?: string;
}
