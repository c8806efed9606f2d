import { type Command } from 'commander';
import { stat } from 'node:fs/promises';
import { type Config } from '../../../libs/platform/config.js';
import { openDatabase } from '../../../libs/platform/database.js';
import { usableFolder } from '../../../libs/platform/embedded/folder.js';
import { Sentinel } from '../../../libs/platform/sentinel.js';
import { readSeed } from '../../../libs/register/seed/seed.js';
import { openLog } from '../../standalone/log.js';
import { migrate } from '../../standalone/start.js';
import { erasuresIn, note } from '../erasure.js';
import { DIFFERENCE } from '../exit-codes.js';
import { progress } from '../progress.js';
import { check, worldIn, type Told, type WithDatabase, withLog } from '../upkeep.js';
import { backup } from './backup.js';
import { madeAnew } from './made-anew.js';
import { Archive } from './reader.js';
import { Restore, rowsIn } from './restore.js';

const KEY = 'The master key is not in it: keep a copy of it in another place.';

export function addBackup(program: Command, config: Config, withDatabase: WithDatabase): void {
  program
    .command('backup')
    .description('write everything but the master key into one archive, beside a server that runs')
    .argument('<file>', 'that is not there yet, such as xiaohao.tar.gz')
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExamples:\n  xiaohao backup /backup/2026-01-05.tar.gz')
    .action(async (file: string, { json = false }: Told) => {
      await withLog(
        config,
        withDatabase,
      )(async (log, database) => {
        const made = await backup(config, database, log, file, progress('backup', json));
        const { ordinal, files, lost } = made;
        if (lost.length > 0) process.exitCode = DIFFERENCE;
        const result = { ordinal, rows: rowsIn(made), files, lost, bytes: (await stat(file)).size };
        if (json) console.log(JSON.stringify(result));
        else {
          console.log(
            `${ordinal} events, ${result.rows} rows, ${files} files, ${result.bytes} bytes. ${KEY}`,
          );
          for (const sha256 of lost) console.log(`file ${sha256} is missing or not what was uploaded`);
        }
      });
    });
}

export function addRestore(program: Command, config: Config): void {
  program
    .command('restore')
    .description('put an archive into an empty place, make the ledger anew, erase again, and check')
    .argument('<file>', 'as `backup` wrote it')
    .option('--erasures <file>', 'a later list, as `erasures export` wrote it')
    .option('--json', 'the result of the check as JSON')
    .addHelpText(
      'after',
      '\nThe settings are those of the new place, the master key the one of old.\n\n' +
        'Examples:\n  xiaohao restore /backup/2026-01-05.tar.gz --erasures /safe/erasures.json',
    )
    .action(async (file: string, options: Told & { erasures?: string }) => {
      await restore(config, file, options);
    });
}

async function restore(
  config: Config,
  file: string,
  { json = false, erasures }: Told & { erasures?: string },
): Promise<void> {
  const archive = new Archive(file);
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  const verifying = progress('verify', json);
  let bytes = 0;
  const manifest = await archive.verified((more) => {
    verifying((bytes += more), Math.max(size, bytes));
  });
  const later = erasures === undefined ? [] : await erasuresIn(erasures);
  const seeded = await readSeed(config.SEED);
  await usableFolder(config.DATA_DIR);
  const database = await openDatabase(config);
  try {
    const { sql } = database;
    // Nobody starts a server meanwhile.
    const sentinel = await Sentinel.post(database, (fault) => {
      process.stderr.write(`${fault.message}\n`);
      process.exit(1);
    });
    try {
      await migrate(database);
      const log = openLog(config, database.address);
      try {
        const restoring = new Restore(config, database, log, seeded);
        await restoring.assertFits(manifest);
        const loaded = await restoring.load(archive, manifest, later, progress('load', json));
        if (later.length > 0) await note(database, { outcome: 'reapplied' });
        const places = () => worldIn(config, database);
        await madeAnew(log, sql, loaded, places, progress('rows', json));
        const well = await check(config, log, database, json);
        await restoring.done();
        if (!well || manifest.lost.length > 0) process.exitCode = DIFFERENCE;
        if (json) return;
        console.log(`${loaded.erased} keys of erased holders were in the archive and are destroyed.`);
        for (const sha256 of manifest.lost) console.log(`file ${sha256} was not in the archive`);
      } finally {
        await log.close();
      }
    } finally {
      await sentinel.leave();
    }
  } finally {
    await database.close();
  }
}
