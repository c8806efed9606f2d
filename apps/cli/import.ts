import { setTimeout as pause } from 'node:timers/promises';
import { type CommandReceipt } from '../../libs/contracts/envelope.js';
import { type MappedRow, openImport } from '../../libs/intake/import.js';
import { readMapping } from '../../libs/intake/mapping/mapping-file.js';
import { type Api, Refused } from './api.js';
import { closeBatch, type Manifest, openBatch } from './batch.js';

/** A row that is a case now, or was one already. */
export interface Imported {
  row: MappedRow;
  receipt: CommandReceipt;
}

/** This many rows are on their way at once. */
const ABREAST = 16;
const PATIENCE = 5;

/**
 * Registers every good row of a file over HTTP, as a batch of the register. Its place in the file is the key of a row: a
 * file sent again by the same person registers nothing twice, and the key tells nothing of what stands there.
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
  const manifest: Manifest = { sha256, encoding, rows: 0, registered: 0, known: 0, refused: [], kept: false };
  const rows = await source.count();
  if (rows > 0) await openBatch(api, sha256, rows);
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
  return { ...manifest, kept: rows > 0 && (await closeBatch(api, manifest)) };
}

async function register(
  row: MappedRow,
  api: Api,
  manifest: Manifest,
  each: (imported: Imported) => void,
): Promise<void> {
  const key = `import:${manifest.sha256}:${row.row}`;
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
      // The row is a case already: of another file or person, or of this file as another mapping read it.
      if (['case/already-registered', 'key/reused'].includes(error.code)) manifest.known++;
      else manifest.refused.push({ row: row.row, reason: error.code, message: error.message });
      return;
    }
  }
}
