import 'reflect-metadata';
import { Command, InvalidArgumentError } from 'commander';
import { type Role, ROLES } from '../../libs/contracts/roles.js';
import { Tokens } from '../../libs/identity/tokens.js';
import { MappingRefused } from '../../libs/intake/mapping/faults.js';
import { FileRefused } from '../../libs/intake/problem.js';
import { readConfig } from '../../libs/platform/config.js';
import { type Database, openDatabase } from '../../libs/platform/database.js';
import { StartFault } from '../../libs/platform/fault.js';
import { Bell } from '../../libs/platform/session.js';
import { postsOf } from '../../libs/register/projection.js';
import { readSeed } from '../../libs/register/seed.js';
import { migrate } from '../standalone/start.js';
import { addBackup, addRestore } from './backup/commands.js';
import { checkSeed } from './check-seed.js';
import { demo } from './demo.js';
import { addErasure } from './erasure.js';
import { demoHunan } from './hunan/demo.js';
import { addExportLog } from './export-log.js';
import { addImport } from './import-command.js';
import { type Joined } from './join.js';
import { addRebuild } from './rebuild.js';
import { addCheck, DIFFERENCE } from './upkeep.js';

const config = readConfigOrStop();
const program = new Command('xiaohao').description(
  'The honest problem ledger. Works on DATA_DIR or DATABASE_URL.',
);

const demos = program
  .command('demo')
  .description('start, register 100 real housing violations, take each to its end, and stay up')
  .action(async () => {
    await served(await demo(config));
  });

demos
  .command('hunan')
  .description('start with the divisions of Hunan, carry 300 made-up problems into every status, and stay up')
  .action(async () => {
    // Another deployment has other data: beside the demo's, unless a folder is named.
    const beside = (process.env.DATA_DIR ?? '') === '' ? `${config.DATA_DIR}-hunan` : config.DATA_DIR;
    await served(await demoHunan(Object.assign(config, { DATA_DIR: beside })));
  });

addImport(program, config, DIFFERENCE);

addCheck(program, config, withDatabase);
addRebuild(program, config, withDatabase);
addBackup(program, config, withDatabase);
addRestore(program, config);

program
  .command('check-seed')
  .description('read a deployment and say what it is made of, or what is wrong with it')
  .argument('<file>')
  .action(async (file: string) => {
    for (const line of await checkSeed(file)) console.log(line);
  });

const token = program.command('token').description('bearer tokens: shown once, kept as a hash');

token
  .command('issue')
  .requiredOption('--person <id>', 'of the register')
  .requiredOption('--unit <id>', 'at which the person is appointed')
  .requiredOption('--role <role>', ROLES.join(', '), roleOf)
  .option('--days <n>', 'until it expires', daysOf, 30)
  .action(
    async ({ person, unit, role, days }: { person: string; unit: string; role: Role; days: number }) => {
      const seeded = (await readSeed(config.SEED)).person(person)?.appointments ?? [];
      await withDatabase(async (database) => {
        // A token of a post that is not in effect is worth nothing; whether it ever was one is what is asked here.
        const posts = [...seeded, ...(await postsOf(database.sql, person))];
        if (!posts.some((post) => post.unit === unit && post.role === role)) {
          throw new StartFault(`${person} is not appointed ${role} at ${unit}.`);
        }
        console.log(await tokensOf(database).issue({ person, unit, role }, days));
      });
    },
  );

token
  .command('revoke')
  .description('withdraws all tokens of a person, at once')
  .requiredOption('--person <id>', 'of the register')
  .action(async ({ person }: { person: string }) => {
    await withDatabase(async (database) => {
      console.log(`${await tokensOf(database).revoke(person)} withdrawn`);
    });
  });

addErasure(program, config, withDatabase);
addExportLog(program, config, withDatabase);

await program.parseAsync().catch(stop);

function tokensOf(database: Database): Tokens {
  return new Tokens(database.sql, new Bell(database.address, 'identity'));
}

/** The database of the server that runs, or one started for as long as this takes. */
async function withDatabase(act: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(config);
  try {
    await migrate(database);
    await act(database);
  } finally {
    await database.close();
  }
}

/** Stays up with a server that was started here. */
async function served(joined: Joined): Promise<void> {
  if (!joined.own) return joined.leave();
  console.log(`\nServing ${joined.url} until Ctrl-C.`);
  await untilStopped(joined);
}

async function untilStopped(joined: Joined): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
  await joined.leave();
}

function roleOf(text: string): Role {
  if ((ROLES as readonly string[]).includes(text)) return text as Role;
  throw new InvalidArgumentError(`one of ${ROLES.join(', ')}`);
}

function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 366) return days;
  throw new InvalidArgumentError('a whole number from 1 to 366');
}

function readConfigOrStop(): ReturnType<typeof readConfig> {
  try {
    return readConfig(process.env);
  } catch (error) {
    return stop(error);
  }
}

function stop(error: unknown): never {
  const told = [StartFault, FileRefused, MappingRefused].some((kind) => error instanceof kind);
  process.stderr.write(`${told ? (error as Error).message : String((error as Error).stack)}\n`);
  process.exit(1);
}
