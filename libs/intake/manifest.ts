import { codeOf } from '../platform/fault.js';
import { type Problem } from './problem.js';

/** What became of a file: each row was registered, known already, or refused for one or more reasons. */
export interface Manifest {
  sha256: string;
  encoding: string;
  rows: number;
  registered: number;
  known: number;
  /** Rows that were refused. */
  refusedRows: number;
  /** Why, of the first of them: no more than an event may hold. */
  refused: ({ row: number } & Problem)[];
  /** Reasons that are not told beside these. */
  more: number;
  /** Whether the register has a manifest of the file: it keeps the first that is whole. */
  kept: boolean;
}

/** Far more than one event holds, and little to keep in memory. */
const MOST_TOLD = 10_000;

export function manifestOf({ sha256, encoding }: Pick<Manifest, 'sha256' | 'encoding'>): Manifest {
  return {
    ...{ sha256, encoding, rows: 0, registered: 0, known: 0 },
    ...{ refusedRows: 0, refused: [], more: 0, kept: false },
  };
}

export function noteRefused(manifest: Manifest, row: number, problems: readonly Problem[]): void {
  manifest.refusedRows++;
  const told = problems.slice(0, MOST_TOLD - manifest.refused.length);
  manifest.refused.push(...told.map((problem) => ({ row, ...problem })));
  manifest.more += problems.length - told.length;
}

/** Gives a command on the batch of the file. What it throws has a `code` where it is a refusal. */
export type OnBatch = (command: 'open-batch' | 'close-batch', body: object, key: string) => Promise<object>;

/** As many rows as one list of a manifest takes. */
const LIST = 5000;

/** It was imported before: by this person, or by another. */
const BEGUN = ['key/reused', 'register/entered-already', 'register/ended'];
/** More refusals than an event holds, or other rows than another mapping had found. */
const UNFIT = ['input/invalid', 'input/too-large', 'register/manifest'];

/** A file is one batch, whoever imports it and how often. It may be open already, or closed. */
export async function openBatch(give: OnBatch, sha256: string, rows: number): Promise<void> {
  await unless(BEGUN, () => give('open-batch', { file: sha256, rows }, `import:${sha256}:open`));
}

/**
 * Ends the batch with what became of its rows, and never with what stood in them.
 * @returns whether the register has a manifest of the file
 */
export async function closeBatch(give: OnBatch, manifest: Manifest): Promise<boolean> {
  const { sha256, registered, known, more } = manifest;
  // A part of the refusals would be no manifest.
  if (more > 0) return false;
  const lists = refusedIn(manifest);
  const body = { registered, known, ...(lists.length > 0 && { refused: lists }) };
  const refused = await unless([...BEGUN, ...UNFIT], () =>
    give('close-batch', body, `import:${sha256}:close`),
  );
  return refused === undefined || BEGUN.includes(refused);
}

/** @returns the code of the refusal, if it is one of these */
async function unless(codes: readonly string[], act: () => Promise<object>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (codes.includes(code)) return code;
    throw error;
  }
}

interface RefusedRows {
  reason: string;
  column?: string;
  rows: number[];
}

function refusedIn({ refused }: Manifest): RefusedRows[] {
  const lists = new Map<string, { reason: string; column?: string; rows: Set<number> }>();
  for (const { reason, column, row } of refused) {
    const key = JSON.stringify([reason, column]);
    const list = lists.get(key) ?? { reason, ...(column !== undefined && { column }), rows: new Set() };
    lists.set(key, list);
    list.rows.add(row);
  }
  return [...lists.values()].flatMap(({ rows, ...why }) =>
    Array.from({ length: Math.ceil(rows.size / LIST) }, (_, n) => ({
      ...why,
      rows: [...rows].slice(n * LIST, (n + 1) * LIST),
    })),
  );
}
