import { Archive } from '../../../apps/cli/backup/reader.js';
import { FORMAT } from '../../../apps/cli/backup/manifest.js';
import { ArchiveWriter } from '../../../apps/cli/backup/writer.js';
import { peak } from './peak.js';

/**
 * Writes an archive of one table and reads it again, in a process of its own, and says how many rows were written
 * and how much memory that took. Arguments: file, kibibytes, which are its rows.
 */
const [file = '', rows = ''] = process.argv.slice(2);
const most = peak();
const writer = await ArchiveWriter.create(file);
const ROWS_A_CHUNK = 64;
const chunk = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(ROWS_A_CHUNK));

async function* lines(): AsyncGenerator<Buffer> {
  for (let n = 0; n < Number(rows) / ROWS_A_CHUNK; n++) yield await Promise.resolve(chunk);
}

const written = await writer.table('log.events', lines());
await writer.finish({
  ...{ made: 'xiaohao', format: FORMAT, at: '', deployment: 'x', store: 'postgres', rows: written },
  ...{ ordinal: 0, tables: {}, files: 0, lost: [], pieces: writer.pieces },
});
await new Archive(file).verified(() => undefined);
process.stdout.write(JSON.stringify({ rows: written, megabytes: Math.round(most() / 2 ** 20) }));
