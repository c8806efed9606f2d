import { Secret } from 'otpauth';
import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type Role } from '../../../libs/contracts/roles.js';
import { Accounts } from '../../../libs/identity/accounts/accounts.js';
import { type Passwords } from '../../../libs/identity/accounts/passwords.js';
import { readSeed } from '../../../libs/register/seed/seed.js';
import { passwordsOf } from '../../standalone/identity.js';
import { type Line, toned } from './page.js';
import { type Showing } from './tale.js';

/** 100 random bits, to be typed by hand. */
const LETTERS = 20;

/** An account of the first person of each role, with a password of its own, for whoever wants to sign in. */
export async function showAccounts({ page, joined, config, words }: Showing): Promise<void> {
  const { file, demo } = await readSeed(config.SEED);
  // Nobody's password is changed where people are real.
  if (!demo) return;
  const accounts = new Accounts(joined.database.sql);
  const passwords = passwordsOf(config);
  const seen = new Set<Role>();
  const rows: Line[] = [];
  for (const { id: person, appointments } of file.persons) {
    const [post] = appointments;
    if (!post || seen.has(post.role)) continue;
    seen.add(post.role);
    const password = await chosen(accounts, passwords, person);
    rows.push([zhCN.roles[post.role], post.role, person, toned('cool', password), words.persons([person])]);
  }
  page.part('账号', `An account per role; passwords are made anew by each demo (POST /api/v1/session)`);
  page.table(rows);
}

async function chosen(accounts: Accounts, passwords: Passwords, person: string): Promise<string> {
  const account = await accounts.of(person);
  const { token } = account ? await accounts.reset(account) : await accounts.make(person, person);
  const { base32 } = new Secret({ size: Math.ceil((LETTERS * 5) / 8) });
  const password = base32
    .slice(0, LETTERS)
    .toLowerCase()
    .replace(/(.{5})(?=.)/g, '$1-');
  const owner = await accounts.meant(token);
  await accounts.setUp(token, owner, await passwords.hashed(password, owner.name));
  return password;
}
