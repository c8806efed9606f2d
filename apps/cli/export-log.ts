import { type Command, Option } from 'commander';
import { stat } from 'node:fs/promises';
import { type Feed } from '../../libs/eventing/store.js';
import { ocel } from '../../libs/ledger/exports/ocel.js';
import { xes } from '../../libs/ledger/exports/xes.js';
import { standingIn } from '../../libs/ledger/versions/served.js';
import { type Config } from '../../libs/platform/config.js';
import { type Sql } from '../../libs/platform/sql.js';
import { type Log } from '../standalone/log.js';
import { written } from './export-file.js';
import { progress } from './progress.js';
import { type Told, type WithDatabase, withLog } from './upkeep.js';

const FORMATS = { ocel, xes };
type LogFormat = keyof typeof FORMATS;
/** How often each reads the log. */
const PASSES: Readonly<Record<LogFormat, number>> = { ocel: 2, xes: 1 };

interface Options extends Told {
  format: LogFormat;
}

/** @throws Unavailable */
export const writeLog = (format: LogFormat, log: Log, out: string): Promise<void> =>
  written(FORMATS[format](log), out);

export function addExportLog(program: Command, config: Config, withDatabase: WithDatabase): void {
  program
    .command('export-log')
    .description('write the log of all cases for process mining: ids, codes, days and sums, no texts')
    .argument('<out>')
    .addOption(
      new Option('--format <format>', 'OCEL 2.0 as JSON, or XES (IEEE 1849)')
        .choices(Object.keys(FORMATS))
        .makeOptionMandatory(),
    )
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExamples:\n  xiaohao export-log --format ocel cases.json')
    .action(async (out: string, { format, json = false }: Options) => {
      await withLog(
        config,
        withDatabase,
      )(async (log, { sql }) => {
        const cases = await casesIn(sql);
        const told = progress('export', json);
        let begun = 0;
        const listened = listening(log, () => {
          told(++begun, cases * PASSES[format]);
        });
        await writeLog(format, listened, out);
        const { size: bytes } = await stat(out);
        console.log(json ? JSON.stringify({ format, cases, bytes }) : `${cases} cases, ${bytes} bytes`);
      });
    });
}

async function casesIn(sql: Sql): Promise<number> {
  const { schema } = await standingIn(sql);
  const [found] = await sql<{ count: number }[]>`select count(*) as count from ${sql(schema)}.cases`;
  return found?.count ?? 0;
}

/** The same log; each case that is come to is told. */
function listening(log: Log, told: () => void): Log {
  async function* follow(...asked: Parameters<Feed['follow']>): ReturnType<Feed['follow']> {
    for await (const page of log.follow(...asked)) {
      for (const { revision } of page.events) if (revision === 0) told();
      yield page;
    }
  }
  return {
    follow,
    read: (...asked) => log.read(...asked),
    append: (...asked) => log.append(...asked),
    close: () => log.close(),
  };
}
