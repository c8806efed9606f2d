import { type Command } from 'commander';
import { dayIn } from '../../libs/calendar/working-days.js';
import { dayThatDiffers } from '../../libs/identity/access-log/access-days.js';
import { AccessLog } from '../../libs/identity/access-log/access-log.js';
import { checkLedger, type CheckResult } from '../../libs/ledger/versions/check.js';
import { placesOf, type World } from '../../libs/ledger/rows/places.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { divisionsIn } from '../../libs/register/divisions/divisions-now.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { type Log, openLog } from '../standalone/log.js';
import { DIFFERENCE } from './exit-codes.js';
import { progress } from './progress.js';

export type WithDatabase = (act: (database: Database) => Promise<void>) => Promise<void>;

export interface Told {
  json?: boolean;
}

/** Works through the log and the database, beside a server or without one. */
export const withLog = (config: Config, withDatabase: WithDatabase) => {
  return (act: (log: Log, database: Database) => Promise<void>): Promise<void> =>
    withDatabase(async (database) => {
      const log = openLog(config, database.address);
      try {
        await act(log, database);
      } finally {
        await log.close();
      }
    });
};

/** The divisions as they stand today, as the rows that are served know them, and the deployment's zone. */
export async function worldIn({ SEED }: Config, { sql }: Database): Promise<World> {
  const { zone } = await readSeed(SEED);
  const divisions = await divisionsIn(sql, dayIn(zone, new Date().toISOString()));
  return { places: placesOf(() => divisions), zone };
}

export function addCheck(program: Command, config: Config, withDatabase: WithDatabase): void {
  program
    .command('check')
    .description(
      'replay the log and compare it with the ledger and with the hashes noted, and the log of accesses with its chain and the roots of its days; names the first difference',
    )
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExamples:\n  xiaohao check\n  xiaohao check --json')
    .action(async ({ json }: Told) => {
      await withLog(
        config,
        withDatabase,
      )(async (log, database) => {
        if (!(await check(config, log, database, json))) process.exitCode = DIFFERENCE;
      });
    });
}

export interface Checked extends CheckResult {
  /** Of the log of accesses, the first that is not as it was, and the first day that was closed otherwise. */
  entry?: number;
  day?: string;
}

/** Checks events, ledger and the log of accesses. */
export async function checked(
  config: Config,
  log: Log,
  database: Database,
  told?: (done: number, of: number) => void,
): Promise<Checked> {
  const { sql } = database;
  const result = await checkLedger(log, sql, await worldIn(config, database), told);
  const accesses = new AccessLog(sql);
  const entry = await accesses.difference();
  const day = await dayThatDiffers(log, accesses);
  return { ...result, ...(entry !== undefined && { entry }), ...(day !== undefined && { day }) };
}

/** Prints what a check found. @returns whether all is well */
export async function check(config: Config, log: Log, database: Database, json = false): Promise<boolean> {
  const result = await checked(config, log, database, progress('check', json));
  const { events, cases, ledger, replay, fault, entry, day } = result;
  if (json) console.log(JSON.stringify(result));
  else {
    console.log(`${events} events, ${cases} cases`);
    console.log(`ledger ${ledger}\nreplay ${replay}`);
    if (entry !== undefined) console.log(`the log of accesses is not as it was at entry ${entry}`);
    if (day !== undefined) console.log(`the log of accesses is not what it was when ${day} was closed`);
    console.log(fault ?? 'no difference');
  }
  return fault === undefined && entry === undefined && day === undefined;
}
