import { Command } from 'commander';
import { type Config } from '../../libs/platform/config.js';
import { openDatabase } from '../../libs/platform/database.js';
import { migrate } from '../standalone/start.js';
import { addBackup, addRestore } from './backup/commands.js';
import { checkSeed } from './check-seed.js';
import { addDemo } from './demo-command.js';
import { addErasure } from './erasure.js';
import { EXIT_CODES } from './exit-codes.js';
import { addExport } from './export-command.js';
import { addExportLog } from './export-log.js';
import { addImport } from './import-command.js';
import { addRebuild } from './rebuild.js';
import { addToken } from './token.js';
import { addCheck, type WithDatabase } from './upkeep.js';
import { addUser } from './user.js';

/** All that can be said on the command line. */
export function programOf(config: Config): Command {
  /** The database of the server that runs, or one started for as long as this takes. */
  const withDatabase: WithDatabase = async (act) => {
    const database = await openDatabase(config);
    try {
      await migrate(database);
      await act(database);
    } finally {
      await database.close();
    }
  };

  const program = new Command('xiaohao')
    .description('The honest problem ledger. Works on DATA_DIR or DATABASE_URL.')
    .addHelpText('after', '\nExamples:\n  xiaohao demo\n  xiaohao import --help')
    .addHelpText('afterAll', EXIT_CODES);
  addDemo(program, config);
  addImport(program, config);
  addExport(program, config);
  addExportLog(program, config, withDatabase);
  addCheck(program, config, withDatabase);
  addRebuild(program, config, withDatabase);
  addBackup(program, config, withDatabase);
  addRestore(program, config);
  addCheckSeed(program);
  addToken(program, config, withDatabase);
  addUser(program, config, withDatabase);
  addErasure(program, config, withDatabase);
  return program;
}

function addCheckSeed(program: Command): void {
  program
    .command('check-seed')
    .description('read a deployment and say what it is made of, or what is wrong with it')
    .argument('<file>', 'of divisions, units, persons and rules')
    .addHelpText('after', '\nExamples:\n  xiaohao check-seed config/example/example.yaml')
    .action(async (file: string) => {
      for (const line of await checkSeed(file)) console.log(line);
    });
}
