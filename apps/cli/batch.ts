import { type Problem } from '../../libs/intake/problem.js';
import { type Api, Refused } from './api.js';

/** What became of a file: each row was registered, known already, or refused for one or more reasons. */
export interface Manifest {
  sha256: string;
  encoding: string;
  rows: number;
  registered: number;
  known: number;
  refused: ({ row: number } & Problem)[];
  /** Whether the register has a manifest of the file: it keeps the first that is whole. */
  kept: boolean;
}

/** As many rows as one list of a manifest takes. */
const LIST = 5000;

/** It was imported before: by this person, or by another. */
const BEGUN = ['key/reused', 'register/entered-already', 'register/ended'];
/** More refusals than an event holds, or other rows than another mapping had found. */
const UNFIT = ['input/invalid', 'input/too-large', 'register/manifest'];

/** A file is one batch, whoever imports it and how often. It may be open already, or closed. */
export async function openBatch(api: Api, sha256: string, rows: number): Promise<void> {
  await unless(BEGUN, () =>
    api.onRegister(`batches/${sha256}/open-batch`, { file: sha256, rows }, `import:${sha256}:open`),
  );
}

/**
 * Ends the batch with what became of its rows, and never with what stood in them.
 * @returns whether the register has a manifest of the file
 */
export async function closeBatch(api: Api, manifest: Manifest): Promise<boolean> {
  const { sha256, registered, known } = manifest;
  const lists = refusedIn(manifest);
  const body = { registered, known, ...(lists.length > 0 && { refused: lists }) };
  const path = `batches/${sha256}/close-batch`;
  const refused = await unless([...BEGUN, ...UNFIT], () =>
    api.onRegister(path, body, `import:${sha256}:close`),
  );
  return refused === undefined || BEGUN.includes(refused);
}

/** @returns the code of the refusal, if it is one of these */
async function unless(codes: readonly string[], act: () => Promise<object>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof Refused && codes.includes(error.code)) return error.code;
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
