import { type Provider as Provided } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { readFile } from 'node:fs/promises';
import { Accounts } from '../../libs/identity/accounts/accounts.js';
import { Passwords } from '../../libs/identity/accounts/passwords.js';
import { Provider, type ProviderSettings } from '../../libs/identity/signing-in/provider.js';
import { SecondFactor } from '../../libs/identity/signing-in/second-factor.js';
import { Sessions } from '../../libs/identity/sessions/sessions.js';
import { SignIns } from '../../libs/identity/signing-in/sign-ins.js';
import { Throttle } from '../../libs/identity/signing-in/throttle.js';
import { Tokens } from '../../libs/identity/sessions/tokens.js';
import { type Config } from '../../libs/platform/config.js';
import { codeOf, StartFault } from '../../libs/platform/fault.js';
import { Site } from '../../libs/platform/http/site.js';
import { type Bell } from '../../libs/platform/session.js';
import { type Sql } from '../../libs/platform/sql.js';
import { type Sealer } from '../../libs/sealing/sealer.js';

/** By which the secrets of second factors are sealed. */
const SECOND_FACTOR_KEY = 'second-factor';

/** What the product is called: no password may consist of that. */
const PRODUCT = ['xiaohao', '销号', '销号管理'];

interface Means {
  config: Config;
  sql: Sql;
  /** Rings when sessions or tokens have ended. */
  bell: Bell;
  sealer: Sealer;
  demo: boolean;
}

/** Who signs in, and by what. */
export function identityOf({ config, sql, bell, sealer, demo }: Means): Provided[] {
  const accounts = new Accounts(sql);
  const sessions = new Sessions(sql, bell, {
    idleMs: config.SESSION_IDLE_MINUTES * 60_000,
    mostMs: config.SESSION_HOURS * 3_600_000,
  });
  const throttle = new Throttle(sql);
  const passwords = passwordsOf(config);
  const secondFactor = new SecondFactor(sql, sealer.keyFor(SECOND_FACTOR_KEY));
  const asked = config.SECOND_FACTOR;
  const words = [...PRODUCT, ...(config.PASSWORD_WORDS ?? '').split(',')];
  return [
    { provide: Tokens, useValue: new Tokens(sql, bell) },
    { provide: Site, useValue: new Site(config.PUBLIC_URL, demo) },
    { provide: Accounts, useValue: accounts },
    { provide: Sessions, useValue: sessions },
    { provide: Throttle, useValue: throttle },
    {
      provide: Provider,
      useFactory: async () => new Provider(sql, accounts, await settingsOf(config)),
    },
    {
      provide: SignIns,
      useFactory: (commands: CommandBus, queries: QueryBus) =>
        new SignIns({
          accounts,
          sessions,
          passwords,
          secondFactor,
          throttle,
          commands,
          queries,
          asked,
          words,
        }),
      inject: [CommandBus, QueryBus],
    },
  ];
}

export function passwordsOf({ ARGON2_KIB, ARGON2_PASSES, ARGON2_LANES }: Config): Passwords {
  return new Passwords({ kib: ARGON2_KIB, passes: ARGON2_PASSES, lanes: ARGON2_LANES });
}

/** @throws StartFault */
async function settingsOf(config: Config): Promise<ProviderSettings | undefined> {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLAIM: claim, PUBLIC_URL: url } = config;
  if (issuer === undefined || clientId === undefined || url === undefined) return undefined;
  const strong = (config.OIDC_STRONG ?? '').split(',').filter(Boolean);
  return { issuer, clientId, claim, url, strong, secret: await secretOf(config) };
}

async function secretOf({
  OIDC_CLIENT_SECRET,
  OIDC_CLIENT_SECRET_FILE,
}: Config): Promise<string | undefined> {
  if (OIDC_CLIENT_SECRET_FILE === undefined) return OIDC_CLIENT_SECRET;
  try {
    return (await readFile(OIDC_CLIENT_SECRET_FILE, 'utf8')).trim();
  } catch (error) {
    throw new StartFault(`OIDC_CLIENT_SECRET_FILE cannot be read (${codeOf(error)}).`, { cause: error });
  }
}
