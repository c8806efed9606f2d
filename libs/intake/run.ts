import { setTimeout as pause } from 'node:timers/promises';
import { isRefusalCode, refusals } from '../contracts/refusal.js';
import { codeOf } from '../platform/fault.js';
import { type KnownRow, type MappedRow, type RefusedRow } from './import-row.js';
import { type Manifest, noteRefused } from './manifest.js';
import { type Intake } from './mapping/mapping.js';

/** So many rows are dealt with before it is said how far it has come. */
const PART = 256;
/** This many rows are on their way at once, where nothing else is said. */
const ABREAST = 64;
const PATIENCE = 5;

/** A row that can be registered. */
type Good = Pick<MappedRow<Intake>, 'row' | 'command'>;
/** A row of which there is nothing to be registered. */
type Other = Pick<RefusedRow, 'row' | 'refused'> | Pick<KnownRow, 'row' | 'known'>;

export interface Running<G extends Good> {
  /** Gives the command of a row under a key. What it throws has a `code` where it is a refusal. */
  register: (row: G, key: string) => Promise<{ repeated: boolean }>;
  /** Told that every row up to this one is dealt with, and none behind it, as the manifest says at that moment. */
  reached?: (row: number) => Promise<void> | void;
  /** So many rows are on their way at once. */
  abreast?: number;
}

/** Enters in the manifest what became of a row. */
type Note = (manifest: Manifest) => void;
type Outcome = { note: Note } | { error: unknown };

/**
 * Registers the good rows of a file. Its place in the file is the key of a row: a file sent again by the same person
 * registers nothing twice, and the key tells nothing of what stands there.
 * @param manifest grows with the rows, in their order
 */
export async function run<G extends Good = MappedRow<Intake>>(
  rows: AsyncIterable<G | Other>,
  manifest: Manifest,
  { register, reached, abreast = ABREAST }: Running<G>,
): Promise<void> {
  const { sha256 } = manifest;
  const underWay: { row: number; outcome: Promise<Outcome> }[] = [];
  // How far it has come is told while other rows are under way, one after the other.
  let telling: Promise<{ error: unknown } | undefined> = Promise.resolve(undefined);
  const tell = async (row: number): Promise<void> => {
    throwIfAny(await telling);
    telling = Promise.resolve(reached?.(row)).then(() => undefined, failed);
  };
  let last = 0;
  const settle = async (): Promise<void> => {
    const next = underWay.shift();
    if (!next) return;
    const outcome = await next.outcome;
    throwIfAny('error' in outcome ? outcome : undefined);
    if ('note' in outcome) outcome.note(manifest);
    manifest.rows++;
    last = next.row;
    if (manifest.rows % PART === 0) await tell(last);
  };
  try {
    for await (const row of rows) {
      const became = isGood(row) ? entered(row, register, `import:${sha256}:${row.row}`) : noteOf(row);
      underWay.push({ row: row.row, outcome: Promise.resolve(became).then((note) => ({ note }), failed) });
      if (underWay.length >= abreast) await settle();
    }
    while (underWay.length > 0) await settle();
    if (last > 0) await tell(last);
  } finally {
    // Where one broke off, nothing more is begun, and nothing is left under way.
    await Promise.all(underWay.map(({ outcome }) => outcome));
    await telling;
  }
  throwIfAny(await telling);
}

const failed = (error: unknown): { error: unknown } => ({ error });

function throwIfAny(found: { error: unknown } | undefined): void {
  if (found) throw found.error;
}

function isGood<G extends Good>(row: G | Other): row is G {
  return 'command' in row;
}

function noteOf(row: Other): Note {
  if ('refused' in row) {
    return (manifest) => {
      noteRefused(manifest, row.row, row.refused);
    };
  }
  return (manifest) => {
    manifest.known++;
  };
}

async function entered<G extends Good>(row: G, register: Running<G>['register'], key: string): Promise<Note> {
  try {
    const { repeated } = await patiently(() => register(row, key));
    return (manifest) => {
      manifest[repeated ? 'known' : 'registered']++;
    };
  } catch (error) {
    const code = codeOf(error);
    if (KNOWN.includes(code)) return noteOf({ row: row.row, known: true });
    if (!isRefusalCode(code) || isOfThePerson(code)) throw error;
    return noteOf({ row: row.row, refused: [{ reason: code, message: refusals[code] }] });
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
