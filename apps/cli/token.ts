import { type Command, InvalidArgumentError, Option } from 'commander';
import { TOKEN_SCOPES, type TokenScope } from '../../libs/contracts/identity.js';
import { type Role, ROLES } from '../../libs/contracts/roles.js';
import { Tokens } from '../../libs/identity/sessions/tokens.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { StartFault } from '../../libs/platform/fault.js';
import { Bell } from '../../libs/platform/session.js';
import { postsOf } from '../../libs/register/projection.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { type WithDatabase } from './upkeep.js';

interface Options {
  person: string;
  unit: string;
  role: Role;
  days: number;
  scope: TokenScope;
}

export function addToken(program: Command, config: Config, withDatabase: WithDatabase): void {
  const token = program
    .command('token')
    .description('bearer tokens: shown once, kept as a hash')
    .addHelpText('after', '\nExamples:\n  xiaohao token issue --help');

  token
    .command('issue')
    .description('makes a token of somebody in one of their posts')
    .requiredOption('--person <id>', 'of the register')
    .requiredOption('--unit <id>', 'at which the person is appointed')
    .requiredOption('--role <role>', ROLES.join(', '), roleOf)
    .option('--days <n>', 'until it expires', daysOf, 30)
    .addOption(
      new Option('--scope <scope>', 'read: it gives no command').choices(TOKEN_SCOPES).default('all'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  xiaohao token issue --person city-registrar --unit city-office --role registrar --days 1',
    )
    .action(async ({ person, unit, role, days, scope }: Options) => {
      const seeded = (await readSeed(config.SEED)).person(person)?.appointments ?? [];
      await withDatabase(async (database) => {
        // A token of a post that is not in effect is worth nothing; whether it ever was one is what is asked here.
        const posts = [...seeded, ...(await postsOf(database.sql, person))];
        if (!posts.some((post) => post.unit === unit && post.role === role)) {
          throw new StartFault(`${person} is not appointed ${role} at ${unit}.`);
        }
        console.log(await tokensOf(database).issue({ person, unit, role }, days, scope));
      });
    });

  token
    .command('revoke')
    .description('withdraws all tokens of a person, at once')
    .requiredOption('--person <id>', 'of the register')
    .addHelpText('after', '\nExamples:\n  xiaohao token revoke --person city-registrar')
    .action(async ({ person }: Pick<Options, 'person'>) => {
      await withDatabase(async (database) => {
        console.log(`${await tokensOf(database).revoke(person)} withdrawn`);
      });
    });
}

function tokensOf(database: Database): Tokens {
  return new Tokens(database.sql, new Bell(database.address, 'identity'));
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
