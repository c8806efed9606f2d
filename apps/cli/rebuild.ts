import { type Command } from 'commander';
import { ANSWERED } from '../../libs/cases/manager.js';
import { Outbox } from '../../libs/eventing/project-outbox.js';
import { Rebuild } from '../../libs/ledger/versions/rebuild.js';
import { type Config } from '../../libs/platform/config.js';
import { StartFault } from '../../libs/platform/fault.js';
import { headlong } from '../../libs/platform/pace.js';
import { DIFFERENCE } from './exit-codes.js';
import { progress } from './progress.js';
import { worldIn, type Told, type WithDatabase, withLog } from './upkeep.js';

interface Options extends Told {
  back?: boolean;
  drop?: boolean;
  anyway?: boolean;
  hurry?: boolean;
}

const HELP = `
It works beside a server that runs, and without one. Beside one it rests most of the time, so that others hardly
wait longer for an answer; --hurry takes a third of the time. The rows that were served before are kept until
--drop or the next rebuild.

Examples:
  xiaohao rebuild            make, compare, serve
  xiaohao rebuild --anyway   serve what the log says, also where it differs from what was served
  xiaohao rebuild --back     serve again what was served before
  xiaohao rebuild --drop     remove what was served before`;

export function addRebuild(program: Command, config: Config, withDatabase: WithDatabase): void {
  program
    .command('rebuild')
    .description('make the ledger anew from the log while the old one serves, compare, and serve the new one')
    .option('--anyway', 'serve it also where it differs')
    .option('--hurry', 'as fast as it can, whoever waits for an answer meanwhile')
    .option('--back', 'serve again what was served before')
    .option('--drop', 'remove what was served before')
    .option('--json', 'the result as JSON')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      if ([options.back, options.drop, options.anyway].filter((one) => one === true).length > 1) {
        throw new StartFault('--anyway, --back and --drop exclude each other.');
      }
      await withLog(
        config,
        withDatabase,
      )(async (log, database) => {
        const rebuild = new Rebuild(
          ...([log, database.sql, await worldIn(config, database)] as const),
          Outbox.of(ANSWERED),
        );
        await run(rebuild, options);
      });
    });
}

async function run(rebuild: Rebuild, { back, drop, anyway, hurry, json = false }: Options): Promise<void> {
  const say = (result: object, ...lines: string[]): void => {
    console.log(json ? JSON.stringify(result) : lines.join('\n'));
  };
  const told = progress('rebuild', json);
  if (drop === true) {
    const dropped = await rebuild.drop();
    say({ dropped }, dropped === null ? 'There is nothing to remove.' : `${dropped} is removed.`);
    return;
  }
  if (back === true) {
    const result = await rebuild.back(told);
    say(result, `${result.schema} is served again; rows waited ${result.switchMs} ms.`);
    return;
  }
  const result = await rebuild.run(told, anyway, hurry === true ? headlong : undefined);
  const { schema, events, cases, ledger, replay, fault, switched, switchMs = 0 } = result;
  if (fault !== undefined) process.exitCode = DIFFERENCE;
  say(
    result,
    `${events} events, ${cases} cases\nserved ${ledger}\nmade   ${replay}`,
    fault ?? 'no difference',
    switched
      ? `${schema} is served; rows waited ${switchMs} ms. Go back by --back, remove the old rows by --drop.`
      : fault === undefined
        ? `${schema} is made: the next start of this version serves it.`
        : 'Nothing was changed: say --anyway to serve what the log says.',
  );
}
