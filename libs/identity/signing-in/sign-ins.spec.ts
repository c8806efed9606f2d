import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { createSecretKey, randomBytes } from 'node:crypto';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Tally } from '../../../test/support/tally.js';
import { type Access, type NoteAccess } from '../../contracts/access.js';
import { type Person, type Register } from '../../contracts/register.js';
import { Bell } from '../../platform/session.js';
import { Accounts } from '../accounts/accounts.js';
import { Passwords } from '../accounts/passwords.js';
import { migrateIdentity } from '../schema.js';
import { SecondFactor } from './second-factor.js';
import { Sessions } from '../sessions/sessions.js';
import { SignIns } from './sign-ins.js';
import { FREE, Throttle } from './throttle.js';

const COST = { kib: 64, passes: 1, lanes: 1 };
const PASSWORD = 'a long sentence of my own';
const WRONG = 'another sentence, not mine';
const post = { unit: 'hill-office', role: 'handler' as const };
const people = new Map<string, Person>(
  ['li', 'wu', 'gone'].map((id) => [
    id,
    { id, name: id, appointments: id === 'gone' ? [] : [post], delegations: [], onLeave: false },
  ]),
);
const register = {
  ...{ person: (id: string) => people.get(id), unit: () => undefined, roots: [] },
} as unknown as Register;

const tally = new Tally();
const noted: Access[] = [];
let database: TestDatabase;
let bell: Bell;
let accounts: Accounts;
let passwords: Passwords;
let signIns: SignIns;

const partsAt = (cost: typeof COST): SignIns => {
  const sql = tally.of(database.sql);
  accounts = new Accounts(sql);
  passwords = new Passwords(cost);
  return new SignIns({
    ...{ accounts, passwords, throttle: new Throttle(sql), asked: 'nobody', words: [] },
    sessions: new Sessions(sql, bell, { idleMs: 60_000, mostMs: 600_000 }),
    secondFactor: new SecondFactor(sql, createSecretKey(randomBytes(32))),
    commands: {
      execute: ({ access }: NoteAccess) => {
        noted.push(access);
        return Promise.resolve();
      },
    } as unknown as CommandBus,
    queries: { execute: () => Promise.resolve(register) } as unknown as QueryBus,
  });
};

async function made(person: string): Promise<void> {
  const { token } = await accounts.make(person, person);
  await signIns.setUp({ token, password: PASSWORD }, '10.0.0.1');
}

beforeAll(async () => {
  database = await createDatabase();
  await migrateIdentity(database.sql);
  bell = new Bell(database.app, 'identity');
  signIns = partsAt(COST);
  await made('li');
  await made('wu');
  const wu = await accounts.of('wu');
  if (wu) await accounts.disable(wu);
  const { token } = await accounts.make('gone', 'gone');
  const gone = await accounts.meant(token);
  await accounts.setUp(token, gone, await passwords.hashed(PASSWORD, 'gone'));
});
beforeEach(async () => {
  noted.length = 0;
  // What is done once an hour is done before.
  await signIns.withPassword({ name: 'nobody-at-all', password: WRONG }, '10.0.0.2').catch(() => undefined);
  await database.sql`delete from identity.failures`;
  noted.length = 0;
});
afterAll(async () => {
  await bell.end();
  await database.drop();
});

/** What a failed sign-in makes the server do. */
async function work(name: string, password: string): Promise<object> {
  const before = passwords.verified;
  let code: unknown;
  const { statements } = await tally.during(async () => {
    await signIns.withPassword({ name, password }, '10.0.0.2').catch((error: unknown) => {
      ({ code } = error as { code: unknown });
    });
  });
  const lines = noted.splice(0).map(({ outcome, via }) => ({ outcome, via }));
  return { code, hashes: passwords.verified - before, statements, lines };
}

// To see it fail: return before the hash is compared where there is no such name, or where it is locked.
describe('a sign-in that fails', () => {
  test('costs the same, whatever is wrong', async () => {
    const unknown = await work('nobody', WRONG);
    expect(unknown).toMatchObject({
      ...{ code: 'auth/refused', hashes: 1 },
      lines: [{ outcome: 'sign-in-failed', via: 'http' }],
    });
    expect(await work('li', WRONG)).toEqual(unknown);
    expect(await work('wu', PASSWORD)).toEqual(unknown);
    expect(await work('gone', PASSWORD)).toEqual(unknown);
    for (let n = 0; n < FREE; n++) await work('li', WRONG);
    expect(await work('li', WRONG)).toEqual(unknown);
    expect(await work('li', PASSWORD)).toEqual(unknown);
    for (let n = 0; n < FREE; n++) await work('nobody', WRONG);
    expect(await work('nobody', WRONG)).toEqual(unknown);
  });

  test('is noted with the person that is meant, and of a name that nobody has without it', async () => {
    const fail = (name: string): Promise<unknown> =>
      signIns.withPassword({ name, password: WRONG }, '10.0.0.2').catch(() => undefined);
    await fail('li');
    await fail('my secret, typed as a name');
    expect(noted.map(({ person }) => person)).toEqual(['li', '']);
    expect(JSON.stringify(noted)).not.toMatch(/secret|sentence/);
  });
});

test('a hash that was made when less was asked for is made anew at the next sign-in', async () => {
  const hashOf = async (): Promise<string> => (await accounts.of('li'))?.password ?? '';
  expect(await hashOf()).toContain('m=64,t=1,p=1');
  signIns = partsAt({ kib: 128, passes: 2, lanes: 1 });
  await signIns.withPassword({ name: 'li', password: PASSWORD }, '10.0.0.1');
  expect(await hashOf()).toContain('m=128,t=2,p=1');
  await signIns.withPassword({ name: 'li', password: PASSWORD }, '10.0.0.1');
});
