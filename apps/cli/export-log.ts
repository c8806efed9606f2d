import { type Command, Option } from 'commander';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ocel } from '../../libs/ledger/exports/ocel.js';
import { xes } from '../../libs/ledger/exports/xes.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { openLog } from '../standalone/log.js';

const FORMATS = { ocel, xes };

export function addExportLog(
  program: Command,
  config: Config,
  withDatabase: (act: (database: Database) => Promise<void>) => Promise<void>,
): void {
  program
    .command('export-log')
    .description('write the log of all cases for process mining: ids, codes, days and sums, no texts')
    .argument('<out>')
    .addOption(
      new Option('--format <format>', 'OCEL 2.0 as JSON, or XES (IEEE 1849)')
        .choices(Object.keys(FORMATS))
        .makeOptionMandatory(),
    )
    .addHelpText('after', '\nExample:\n  xiaohao export-log --format ocel cases.json')
    .action(async (out: string, { format }: { format: keyof typeof FORMATS }) => {
      await withDatabase(async (database) => {
        const log = openLog(config, database.address);
        try {
          // What broke off is not taken for the whole.
          const begun = `${out}.part`;
          await pipeline(Readable.from(FORMATS[format](log)), createWriteStream(begun));
          await rename(begun, out);
        } finally {
          await log.close();
        }
      });
    });
}
