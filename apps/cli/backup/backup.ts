import { createHash } from 'node:crypto';
import { type Feed } from '../../../libs/eventing/store.js';
import { type Files } from '../../../libs/evidence/files.js';
import { placeOf } from '../../../libs/ledger/versions/bring.js';
import { VERSION } from '../../../libs/ledger/rows/columns.js';
import { standingIn } from '../../../libs/ledger/versions/served.js';
import { type Config } from '../../../libs/platform/config.js';
import { type Database } from '../../../libs/platform/database.js';
import { type Sql, type Tx } from '../../../libs/platform/sql.js';
import { filesOf } from '../../standalone/files.js';
import { LOG_COLUMNS, lineOf } from './log-lines.js';
import { FORMAT, LOG, type Manifest } from './manifest.js';
import { named, type Table, tablesIn } from './tables.js';
import { ArchiveWriter } from './writer.js';

type Told = (done: number, of: number) => void;

/**
 * Writes everything that cannot be made anew into one archive, beside a server that runs: all tables as of one moment,
 * the log among them or, where that is another engine's, up to its end just before that moment. The master key is not in it.
 */
export async function backup(
  config: Config,
  database: Database,
  log: Feed,
  file: string,
  told: Told,
): Promise<Manifest> {
  const archive = await ArchiveWriter.create(file);
  try {
    const { sql } = database;
    const tables: Manifest['tables'] = {};
    if (config.STORE !== 'postgres') {
      // First, as keys, files and numbers are noted before the events that need them.
      tables[LOG] = { columns: LOG_COLUMNS, rows: await archive.table(LOG, linesOf(log, sql, told)) };
    }
    const { files, lost } = await sql.begin('isolation level repeatable read read only', async (tx) => {
      for (const table of await tablesIn(tx)) {
        if (table.name in tables) continue;
        const { columns } = table;
        tables[table.name] = { columns, rows: await archive.table(table.name, copied(tx, table)) };
      }
      return keepFiles(archive, tx, filesOf(config), told);
    });
    const manifest: Manifest = {
      ...{ made: 'xiaohao', format: FORMAT, at: new Date().toISOString() },
      ...{ deployment: config.DEPLOYMENT, store: config.STORE, rows: VERSION },
      ...{ ordinal: tables[LOG]?.rows ?? 0, tables, files, lost, pieces: archive.pieces },
    };
    await archive.finish(manifest);
    return manifest;
  } catch (error) {
    await archive.giveUp();
    throw error;
  }
}

async function* copied(tx: Tx, table: Table): AsyncGenerator<Buffer> {
  const rows = await tx.unsafe(`copy ${named(table)} to stdout`).readable();
  for await (const chunk of rows) yield chunk as Buffer;
  // Where the end came with rows that were more than it takes at once, postgres.js 3.4.9 leaves the connection paused.
  rows._read(0);
}

/** The log as it stands now: to where it says that there is no more, and at least as far as rows have come. */
async function* linesOf(log: Feed, sql: Sql, told: Told): AsyncGenerator<Buffer> {
  const { ordinal: least } = await placeOf(sql, (await standingIn(sql)).schema);
  const stop = new AbortController();
  // Where nothing is there, nothing is said.
  const silent = setTimeout(() => {
    stop.abort();
  }, SILENCE_MS);
  let ordinal = 0;
  for await (const { events, more } of log.follow(undefined, stop.signal)) {
    silent.refresh();
    if (events.length > 0) yield Buffer.from(events.map((event) => lineOf(++ordinal, event)).join(''));
    told(ordinal, Math.max(ordinal, least));
    if (!more && ordinal >= least) break;
  }
  clearTimeout(silent);
  if (ordinal < least) throw new Error(`the log ends at ordinal ${ordinal}, the ledger has seen ${least}`);
}

const SILENCE_MS = 10_000;

/** Every file that a receipt was given for; what is missing or damaged is told, and the rest is kept all the same. */
async function keepFiles(
  archive: ArchiveWriter,
  tx: Tx,
  kept: Files,
  told: Told,
): Promise<{ files: number; lost: string[] }> {
  const uploads = tx<{ sha256: string }[]>`select distinct sha256 from evidence.uploads order by 1`;
  const [count] = await tx<{ n: number }[]>`select count(distinct sha256) as n from evidence.uploads`;
  const lost: string[] = [];
  let files = 0;
  for await (const page of uploads.cursor(500)) {
    for (const { sha256 } of page) {
      const sound = await isSound(kept, sha256);
      const opened = sound ? await kept.open(sha256) : null;
      if (!opened) lost.push(sha256);
      else {
        await archive.stream(`files/${sha256}`, opened.bytes, opened.content as AsyncIterable<Buffer>);
        files++;
      }
      told(files, count?.n ?? 0);
    }
  }
  return { files, lost };
}

async function isSound(kept: Files, sha256: string): Promise<boolean> {
  const opened = await kept.open(sha256);
  if (!opened) return false;
  const hash = createHash('sha256');
  for await (const chunk of opened.content as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex') === sha256;
}
