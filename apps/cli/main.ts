import 'reflect-metadata';
import { Command, InvalidArgumentError } from 'commander';
import { type Role, ROLES } from '../../libs/contracts/roles.js';
import { Tokens } from '../../libs/identity/tokens.js';
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
import { importFile } from './import.js';
import { join, type Joined } from './join.js';
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

program
  .command('import')
  .description('register the rows of a CSV file')
  .argument('<file>')
  .requiredOption('--mapping <file>', 'which column is what')
  .requiredOption('--as <person>', 'a registrar of the register')
  .option('--json', 'the manifest as JSON')
  .action(async (file: string, { mapping, as, json }: { mapping: string; as: string; json?: boolean }) => {
    const joined = await join(config);
    try {
      const post = (await readSeed(config.SEED))
        .person(as)
        ?.appointments.find(({ role }) => role === 'registrar');
      if (!post) throw new StartFault(`${as} is no registrar.`);
      const manifest = await importFile(file, mapping, await joined.as({ person: as, ...post }));
      if (json === true) console.log(JSON.stringify(manifest));
      else {
        const { rows, registered, known, refused } = manifest;
        console.log(`${rows} rows: ${registered} registered, ${known} already known, the rest refused.`);
        if (!manifest.kept) console.log('The register has no manifest of this file.');
        for (const { row, column = '', value = '', reason, message } of refused) {
          console.log(`row ${row}\t${column}\t${value}\t${reason}\t${message}`);
        }
      }
      if (manifest.refused.length > 0) process.exitCode = DIFFERENCE;
    } finally {
      await joined.leave();
    }
  });

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
  const told = error instanceof StartFault || error instanceof FileRefused;
  process.stderr.write(`${told ? error.message : String((error as Error).stack)}\n`);
  process.exit(1);
}
