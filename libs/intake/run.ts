import { setTimeout as pause } from 'node:timers/promises';
import { isRefusalCode, refusals } from '../contracts/refusal.js';
import { codeOf } from '../platform/fault.js';
import { type ImportRow, type MappedRow } from './import-row.js';
import { type Manifest, noteRefused } from './manifest.js';
import { type Intake } from './mapping/mapping.js';

/** So many rows are dealt with before it is said how far it has come. */
const PART = 256;
/** This many rows are on their way at once. */
const ABREAST = 64;
const PATIENCE = 5;

export interface Running<C extends Intake> {
  /** Gives the command of a row under a key. What it throws has a `code` where it is a refusal. */
  register: (row: MappedRow<C>, key: string) => Promise<{ repeated: boolean }>;
  /** Told that every row up to this one is dealt with, as the manifest says. */
  reached?: (row: number) => Promise<void> | void;
}

/**
 * Registers the good rows of a file. Its place in the file is the key of a row: a file sent again by the same person
 * registers nothing twice, and the key tells nothing of what stands there.
 * @param manifest grows with the rows
 */
export async function run<C extends Intake>(
  rows: AsyncIterable<ImportRow<C>>,
  manifest: Manifest,
  running: Running<C>,
): Promise<void> {
  let part: ImportRow<C>[] = [];
  for await (const row of rows) {
    part.push(row);
    if (part.length < PART) continue;
    await dealWith(part, manifest, running);
    part = [];
  }
  await dealWith(part, manifest, running);
}

async function dealWith<C extends Intake>(
  rows: readonly ImportRow<C>[],
  manifest: Manifest,
  running: Running<C>,
): Promise<void> {
  const left = [...rows];
  const work = async (): Promise<void> => {
    try {
      for (let row = left.shift(); row; row = left.shift()) await one(row, manifest, running);
    } finally {
      // Where one broke off, the others begin nothing more.
      left.length = 0;
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, work));
  const last = rows.at(-1);
  if (last) await running.reached?.(last.row);
}

async function one<C extends Intake>(
  row: ImportRow<C>,
  manifest: Manifest,
  { register }: Running<C>,
): Promise<void> {
  manifest.rows++;
  if ('known' in row) {
    manifest.known++;
    return;
  }
  if ('refused' in row) {
    noteRefused(manifest, row.row, row.refused);
    return;
  }
  try {
    const { repeated } = await patiently(() => register(row, `import:${manifest.sha256}:${row.row}`));
    manifest[repeated ? 'known' : 'registered']++;
  } catch (error) {
    const code = codeOf(error);
    if (KNOWN.includes(code)) manifest.known++;
    else if (!isRefusalCode(code) || isOfThePerson(code)) throw error;
    else noteRefused(manifest, row.row, [{ reason: code, message: refusals[code] }]);
  }
}

/** The row is a case already: of another file or person, or of this file as another mapping read it. */
const KNOWN = ['case/already-registered', 'key/reused'];

/** What would be said of every other row as well. */
const isOfThePerson = (code: string): boolean =>
  code.startsWith('auth/') || code === 'case/on-leave' || PASSING.has(code);

const PASSING: ReadonlySet<string> = new Set([
  ...(['log/unavailable', 'log/outcome-unknown', 'log/contended', 'service/unavailable'] as const),
  // As the log throws them where no HTTP lies between.
  ...['Unavailable', 'OutcomeUnknown'],
]);

async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      const passes = error instanceof Error && (PASSING.has(error.name) || PASSING.has(codeOf(error)));
      if (!passes || attempt === PATIENCE) throw error;
      await pause(200 * attempt);
    }
  }
}
