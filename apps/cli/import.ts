import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type CommandReceipt } from '../../libs/contracts/envelope.js';
import { type MappedRow, openImport } from '../../libs/intake/import.js';
import { readMapping } from '../../libs/intake/mapping/mapping-file.js';
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
}

/** A row that is a case now, or was one already. */
export interface Imported {
  row: MappedRow;
  receipt: CommandReceipt;
}

/** This many rows are on their way at once. */
const ABREAST = 16;
const PATIENCE = 5;

/**
 * Registers every good row of a file over HTTP. A row is its own key, so that a file sent again registers nothing twice.
 * @param each is told of every row that is a case now
 */
export async function importFile(
  file: string,
  mappingFile: string,
  api: Api,
  each: (imported: Imported) => void = () => undefined,
): Promise<Manifest> {
  const source = await openImport(file, await readMapping(mappingFile));
  const { sha256, encoding } = source.source;
  const manifest: Manifest = { sha256, encoding, rows: 0, registered: 0, known: 0, refused: [] };
  const abreast = new Set<Promise<void>>();
  for await (const row of source.rows()) {
    manifest.rows++;
    if ('refused' in row) {
      manifest.refused.push(...row.refused.map((problem) => ({ row: row.row, ...problem })));
      continue;
    }
    const sending = register(row, api, manifest, each).finally(() => abreast.delete(sending));
    abreast.add(sending);
    if (abreast.size >= ABREAST) await Promise.race(abreast);
  }
  await Promise.all(abreast);
  return manifest;
}

async function register(
  row: MappedRow,
  api: Api,
  manifest: Manifest,
  each: (imported: Imported) => void,
): Promise<void> {
  const key = `import:${createHash('sha256').update(JSON.stringify(row.command)).digest('hex')}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const receipt = await api.register(row.command, key);
      if (receipt.repeated) manifest.known++;
      else manifest.registered++;
      each({ row, receipt });
      return;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 503 && attempt < PATIENCE) {
        await pause(200 * attempt);
        continue;
      }
      if (error.code === 'case/already-registered') manifest.known++;
      else manifest.refused.push({ row: row.row, reason: error.code, message: error.message });
      return;
    }
  }
}
