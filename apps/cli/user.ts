import { type Command } from 'commander';
import { Refusal } from '../../libs/contracts/refusal.js';
import { type Account, Accounts, type SetUpLink, setUpLink } from '../../libs/identity/accounts/accounts.js';
import { Sessions } from '../../libs/identity/sessions/sessions.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { StartFault } from '../../libs/platform/fault.js';
import { Bell } from '../../libs/platform/session.js';
import { postsOf } from '../../libs/register/projection.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { runningAt } from './api.js';
import { note } from './erasure.js';
import { type WithDatabase } from './upkeep.js';

interface Options {
  person: string;
  name?: string;
  end?: boolean;
}

/** Whose account it is, and what is done to it. */
type Act = (account: Account, database: Database, options: Options) => Promise<void>;

export function addUser(program: Command, config: Config, withDatabase: WithDatabase): void {
  const user = program
    .command('user')
    .description('accounts by which people sign in: one a person, set up by a link that is shown once')
    .addHelpText('after', '\nExamples:\n  xiaohao user add --help');

  /** A command on the account of a person who has one. */
  const on = (name: string, description: string, act: Act): Command =>
    user
      .command(name)
      .description(description)
      .requiredOption('--person <id>', 'of the register')
      .addHelpText('after', `\nExamples:\n  xiaohao user ${name} --person city-registrar`)
      .action(async (options: Options) => {
        await withDatabase(async (database) => {
          await act(await accountOf(database, options.person), database, options);
        });
      });
  const changed = (database: Database, field: string, subject: string): Promise<void> =>
    note(database, { outcome: 'account-changed', field, subject });
  const show = async (link: SetUpLink): Promise<void> => {
    console.log(setUpLink(config.PUBLIC_URL ?? (await runningAt(config.DATA_DIR)), link.token));
    console.log(`Good once, until ${link.until}.`);
  };

  user
    .command('add')
    .description('makes an account for a person of the register, and prints the link that sets it up')
    .requiredOption('--person <id>', 'of the register')
    .option('--name <name>', 'by which the person signs in; else the id')
    .addHelpText('after', '\nExamples:\n  xiaohao user add --person city-registrar --name yanshi')
    .action(async ({ person, name = person }: Options) => {
      const seeded = (await readSeed(config.SEED)).person(person)?.appointments ?? [];
      await withDatabase(async (database) => {
        if (seeded.length + (await postsOf(database.sql, person)).length === 0) {
          throw new StartFault(`${person} holds no post in the register.`);
        }
        await changed(database, 'made', person);
        await show(await told(new Accounts(database.sql).make(person, name)));
      });
    });

  on(
    'disable',
    'nobody signs in with it any more, and whoever has is signed out, at once',
    async (account, db) => {
      await changed(db, 'disabled', account.person);
      await new Accounts(db.sql).disable(account);
      console.log('disabled');
    },
  );
  on('enable', 'lets its owner sign in again', async (account, db) => {
    await changed(db, 'enabled', account.person);
    await new Accounts(db.sql).enable(account);
    console.log('enabled');
  });
  on(
    'reset',
    'takes password and second factor away, signs out, and prints a new link',
    async (account, db) => {
      await changed(db, 'reset', account.person);
      await show(await new Accounts(db.sql).reset(account));
    },
  );
  on(
    'sessions',
    'says in how many browsers the person is signed in',
    async ({ person }, db, { end = false }) => {
      const sessions = sessionsOf(db, config);
      if (end) console.log(`${await sessions.endAll(person)} ended`);
      else console.log(`${await sessions.count(person)} open`);
    },
  ).option('--end', 'and ends all of them');
}

/** @throws StartFault */
async function accountOf({ sql }: Database, person: string): Promise<Account> {
  const account = await new Accounts(sql).of(person);
  if (!account) throw new StartFault(`${person} has no account.`);
  return account;
}

/** A refusal is a sentence here. */
async function told<T>(done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const [wrong] = error.details.errors ?? [];
    throw new StartFault(wrong ? `${wrong.message}.` : error.message);
  }
}

/** They are ended, not read, here: nothing is heard. */
function sessionsOf({ sql, address }: Database, config: Config): Sessions {
  const { SESSION_IDLE_MINUTES, SESSION_HOURS } = config;
  const lasting = { idleMs: SESSION_IDLE_MINUTES * 60_000, mostMs: SESSION_HOURS * 3_600_000 };
  return new Sessions(sql, new Bell(address, 'identity'), lasting);
}
