import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { Accounts } from '../../../libs/identity/accounts/accounts.js';
import { Provider, type Shown } from '../../../libs/identity/signing-in/provider.js';
import { migrateIdentity } from '../../../libs/identity/schema.js';
import { createDatabase, type TestDatabase } from '../../support/database.js';
import { CLIENT, type Forge, type Hostile, signed, startHostile } from './hostile-provider.js';

const URL_OF_US = 'http://127.0.0.1:9';
const SECRET = 'shared with the service, and long enough to sign by';

let database: TestDatabase;
let hostile: Hostile;
let provider: Provider;
beforeAll(async () => {
  database = await createDatabase();
  await migrateIdentity(database.sql);
  hostile = await startHostile();
});
beforeEach(async () => {
  hostile.token = undefined;
  hostile.described = {};
  hostile.redirects.clear();
  provider = await known();
});
afterAll(async () => {
  await hostile.close();
  await database.drop();
});

async function known(claim = 'sub'): Promise<Provider> {
  const accounts = new Accounts(database.sql);
  await accounts.link(hostile.issuer, 'emp-1', 'city-registrar');
  const { issuer } = hostile;
  const settings = { issuer, clientId: CLIENT, secret: SECRET, claim, strong: ['otp'], url: URL_OF_US };
  return new Provider(database.sql, accounts, settings);
}

interface Left {
  secret: string;
  state: string;
}

async function leave(): Promise<Left> {
  const { to, secret } = await provider.begin('/work');
  const { searchParams } = new URL(to);
  hostile.nonce = searchParams.get('nonce') ?? '';
  expect(searchParams.get('code_challenge_method')).toBe('S256');
  return { secret, state: searchParams.get('state') ?? '' };
}

const comeBack = ({ secret, state }: Left, more = ''): Promise<Shown> =>
  provider.finish(`?code=any&state=${state}${more}`, secret);

const refused = { code: 'auth/refused' };

test('an answer that is as it should be signs in', async () => {
  await expect(comeBack(await leave())).resolves.toEqual({
    ...{ person: 'city-registrar', strong: false, back: '/work' },
  });
  hostile.token = ({ key, claims }) => signed({ key }, { ...claims, amr: ['pwd', 'otp'] });
  await expect(comeBack(await leave())).resolves.toMatchObject({ strong: true });
  hostile.token = ({ key, claims }) => signed({ key }, claims, { typ: 'JWT' });
  await expect(comeBack(await leave())).resolves.toMatchObject({ person: 'city-registrar' });
});

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const unsigned = (header: object, claims: object): string => `${encoded(header)}.${encoded(claims)}.`;
const hmac = (claims: Record<string, unknown>, key: string): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(key));

const logoutOf = ({ nonce: _, ...claims }: Record<string, unknown>): Record<string, unknown> => ({
  ...claims,
  events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
});
const accessOf = (claims: Record<string, unknown>): Record<string, unknown> => ({
  ...{ ...claims, aud: 'https://api.example', scope: 'openid', client_id: CLIENT },
});

const FORGERIES: [string, (forge: Forge) => Promise<string | undefined>][] = [
  ['of another issuer', (f) => signed(f, { ...f.claims, iss: 'https://evil.example' })],
  ['of an issuer that begins the same', (f) => signed(f, { ...f.claims, iss: `${f.issuer}/` })],
  ['for somebody else', (f) => signed(f, { ...f.claims, aud: 'another-client' })],
  ['for several, and given to another', (f) => signed(f, { ...f.claims, aud: [CLIENT, 'x'], azp: 'x' })],
  ['of another attempt', (f) => signed(f, { ...f.claims, nonce: 'another' })],
  ['without a nonce', (f) => signed(f, { ...f.claims, nonce: undefined })],
  ['that has expired', (f) => signed(f, { ...f.claims, iat: 1_700_000_000, exp: 1_700_000_300 })],
  ['that never expires', (f) => signed(f, { ...f.claims, exp: undefined })],
  ['that names nobody', (f) => signed(f, { ...f.claims, sub: undefined })],
  ['that names nobody in a text', (f) => signed(f, { ...f.claims, sub: { $ne: '' } })],
  ['signed by nobody', (f) => Promise.resolve(unsigned({ alg: 'none' }, f.claims))],
  ['signed by nobody in other letters', (f) => Promise.resolve(unsigned({ alg: 'nOnE' }, f.claims))],
  ['that lost its signature', async (f) => (await signed(f, f.claims)).replace(/[^.]+$/, '')],
  ['signed by the public key as if it were shared', (f) => hmac(f.claims, f.pem)],
  ['signed by the secret that is shared', (f) => hmac(f.claims, SECRET)],
  ['signed by a foreign key', (f) => signed({ key: f.foreign }, f.claims)],
  ['that says where its key is', (f) => signed({ key: f.foreign }, f.claims, { jku: URL_OF_US, kid: 'two' })],
  [
    'changed after it was signed',
    async (f) => {
      const [head = '', , signature = ''] = (await signed(f, f.claims)).split('.');
      return `${head}.${encoded({ ...f.claims, sub: 'emp-2' })}.${signature}`;
    },
  ],
  ['that is called an access token', (f) => signed(f, f.claims, { typ: 'at+jwt' })],
  ['that is called a logout token', (f) => signed(f, f.claims, { typ: 'logout+jwt' })],
  ['that is called what is no text', (f) => signed(f, f.claims, { typ: ['JWT'] })],
  ['that is called a proof', (f) => signed(f, f.claims, { typ: 'dpop+jwt' })],
  ['of another kind: of signing out', (f) => signed(f, logoutOf(f.claims))],
  ['of another kind: an access token', (f) => signed(f, { ...accessOf(f.claims) }, { typ: 'at+jwt' })],
  ['that is none', () => Promise.resolve('{}')],
  ['that is missing', () => Promise.resolve(undefined)],
];

describe('an ID token', () => {
  test.each(FORGERIES)('%s is refused', async (_, token) => {
    hostile.token = token;
    const asked = hostile.asked;
    await expect(comeBack(await leave())).rejects.toMatchObject(refused);
    // It was looked at, and not something else refused.
    expect(hostile.asked).toBe(asked + 1);
  });

  test('whose claim has the name of what every object has names nobody', async () => {
    for (const claim of ['constructor', '__proto__', 'toString']) {
      provider = await known(claim);
      await expect(comeBack(await leave())).resolves.toMatchObject({ person: undefined });
    }
  });
});

test('where another claim names the person, it is the register’s id, or nobody', async () => {
  provider = await known('employee');
  for (const [employee, person] of [
    ['bronx-handler', 'bronx-handler'],
    ['Not An Id', undefined],
    [['bronx-handler'], undefined],
    [7, undefined],
    [undefined, undefined],
  ] as const) {
    hostile.token = (forge) => signed(forge, { ...forge.claims, employee });
    await expect(comeBack(await leave())).resolves.toMatchObject({ person });
  }
});

describe('what comes back', () => {
  test.each([
    ['with another state', (left: Left) => provider.finish(`?code=any&state=${left.state}x`, left.secret)],
    ['without a state', (left: Left) => provider.finish('?code=any', left.secret)],
    ['with two states', (left: Left) => comeBack(left, `&state=${left.state}`)],
    ['from another browser', (left: Left) => comeBack({ ...left, secret: 'x'.repeat(43) })],
    ['without its cookie', (left: Left) => provider.finish(`?code=any&state=${left.state}`, undefined)],
    ['from another issuer', (left: Left) => comeBack(left, '&iss=https%3A%2F%2Fevil.example')],
    [
      'with a refusal',
      (left: Left) => provider.finish(`?error=access_denied&state=${left.state}`, left.secret),
    ],
    ['with nothing', (left: Left) => provider.finish('', left.secret)],
  ])('%s is refused before anything is asked', async (_, back) => {
    const asked = hostile.asked;
    await expect(back(await leave())).rejects.toMatchObject(refused);
    expect(hostile.asked).toBe(asked);
  });

  test('counts once', async () => {
    const left = await leave();
    await comeBack(left);
    await expect(comeBack(left)).rejects.toMatchObject(refused);
  });

  test('too late is refused', async () => {
    const left = await leave();
    await database.sql`update identity.attempts set until = now()`;
    await expect(comeBack(left)).rejects.toMatchObject(refused);
  });
});

test.each(['/.well-known/openid-configuration', '/token', '/jwks'])(
  'a service that sends us on from %s is not followed',
  async (path) => {
    if (path.startsWith('/.well-known')) {
      hostile.redirects.add(path);
      await expect(provider.begin('/')).rejects.toMatchObject({ code: 'auth/provider' });
    } else {
      const left = await leave();
      hostile.redirects.add(path);
      await expect(comeBack(left)).rejects.toBeDefined();
    }
    expect(hostile.followed).toEqual([]);
    hostile.redirects.clear();
    await expect(comeBack(await leave())).resolves.toMatchObject({ person: 'city-registrar' });
  },
);

test('a service that calls itself something else is no way to sign in, until it does not any more', async () => {
  hostile.described = { issuer: 'https://evil.example' };
  await expect(provider.begin('/')).rejects.toMatchObject({ code: 'auth/provider' });
  hostile.described = {};
  await expect(provider.begin('/')).resolves.toMatchObject({ secret: expect.any(String) });
});
