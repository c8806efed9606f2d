import { type Command, Option } from 'commander';
import { ocel } from '../../libs/ledger/exports/ocel.js';
import { xes } from '../../libs/ledger/exports/xes.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { type Log, openLog } from '../standalone/start.js';
import { written } from './export-file.js';

const FORMATS = { ocel, xes };
type LogFormat = keyof typeof FORMATS;

/** @throws Unavailable */
export const writeLog = (format: LogFormat, log: Log, out: string): Promise<void> =>
  written(FORMATS[format](log), out);

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
    .action(async (out: string, { format }: { format: LogFormat }) => {
      await withDatabase(async (database) => {
        const log = openLog(config, database);
        try {
          await writeLog(format, log, out);
        } finally {
          await log.close();
        }
      });
    });
}
