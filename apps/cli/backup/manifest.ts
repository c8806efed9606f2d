import { StartFault } from '../../../libs/platform/fault.js';

/** The shape of the archive. */
export const FORMAT = 1;
export const MANIFEST = 'manifest.json';
export const LOG = 'log.events';

/** What stands at the end of an archive, and says what the whole must be. */
export interface Manifest {
  made: 'xiaohao';
  format: number;
  /** ISO 8601 UTC. */
  at: string;
  deployment: string;
  /** Of the log; the archive can be restored with either. */
  store: string;
  /** The version of the ledger's rows. They are not in the archive: they are made anew. */
  rows: number;
  /** Of the last event. */
  ordinal: number;
  tables: Record<string, { columns: string[]; rows: number }>;
  files: number;
  /** SHA-256 of files that were to be kept and could not, as they were missing or not what was uploaded. */
  lost: string[];
  /** SHA-256 of every piece of a table. An uploaded file is named by its own. */
  pieces: Record<string, string>;
}

export const isTable = (name: string): boolean => name.startsWith('tables/');
export const isFile = (name: string): boolean => /^files\/[0-9a-f]{64}$/.test(name);
export const pieceOf = (table: string, n: number): string => `tables/${table}/${String(n).padStart(6, '0')}`;
/** Of a piece. */
export const tableOf = (name: string): string => name.split('/')[1] ?? '';

/** @throws StartFault */
export function manifestIn(text: string, damaged: () => StartFault): Manifest {
  let found: Partial<Manifest>;
  try {
    found = JSON.parse(text) as Partial<Manifest>;
  } catch {
    throw damaged();
  }
  if (found.made !== 'xiaohao') throw damaged();
  if (found.format !== FORMAT) {
    throw new StartFault('The backup was made by another version of Xiaohao: restore it with that one.');
  }
  return found as Manifest;
}
