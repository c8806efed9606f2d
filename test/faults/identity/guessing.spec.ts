import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADDRESS_FREE, FREE } from '../../../libs/identity/signing-in/throttle.js';
import { account, Browser, PASSWORD, signedIn, stateIn } from '../../support/browser.js';
import * as people from '../../support/people.js';
import { type Answer, startServer, type TestServer } from '../../support/server.js';

/** Each part has one of its own: failures of one address count together. */
let server: TestServer;

const WRONG = '猜不中的一句长密码 1';
/** All that a guesser sees of an answer. */
const shown = ({ status, headers, body }: Answer): object => ({
  ...{ status, body, headers: [...headers.keys()].filter((name) => name !== 'date').sort() },
});
const admin = async (path: string): Promise<Answer> =>
  server.send(await server.token(...people.operator), 'POST', `/api/v1/accounts${path}`, {});

describe('a guesser', () => {
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  test('sees the same of unknown, wrong, locked, disabled, not set up, and of the right password of a lock', async () => {
    await signedIn(server, people.registrar);
    const { id } = await signedIn(server, people.inspector);
    await admin(`/${id}/disable`);
    await account(server, 'province-leader');
    const [registrar] = people.registrar;
    const seen = [
      await new Browser(server).signIn('nobody-knows', WRONG),
      await new Browser(server).signIn(registrar, WRONG),
      await new Browser(server).signIn(people.inspector[0]),
      await new Browser(server).signIn('province-leader'),
    ];
    for (let n = 1; n < FREE; n++) seen.push(await new Browser(server).signIn(registrar, WRONG));
    seen.push(
      await new Browser(server).signIn(registrar, WRONG),
      await new Browser(server).signIn(registrar),
    );
    const [first, ...others] = seen.map(shown);
    expect(first).toMatchObject({ status: 401, body: { code: 'auth/refused' } });
    for (const other of others) expect(other).toEqual(first);
    // When the wait is over, the owner comes in.
    await server.database.sql`update identity.failures set locked_until = now()`;
    stateIn(await new Browser(server).signIn(registrar));
  });

  test('gets no more tries by trying at once', async () => {
    const { browser } = await signedIn(server, people.verifier);
    const [name] = people.verifier;
    await Promise.all(Array.from({ length: 3 * FREE }, () => new Browser(server).signIn(name, WRONG)));
    const [row] = await server.database.sql<{ most: number }[]>`
      select max(failures) as most from identity.failures`;
    expect(row?.most).toBe(FREE);
    expect((await new Browser(server).signIn(name)).body.code).toBe('auth/refused');
    // Whoever is in is not thrown out by it.
    expect((await browser.state()).stage).toBe('whole');
  });

  test('of codes is locked out too, and the password gives no new tries', async () => {
    const { browser } = await signedIn(server, people.dispatcher);
    const { app, codes } = await browser.enrol();
    const [name] = people.dispatcher;
    for (let n = 0; n < FREE; n++) {
      const half = new Browser(server);
      await half.signIn(name);
      expect((await half.post('/code', { code: '000000' })).body.code).toBe('auth/refused');
    }
    const half = new Browser(server);
    stateIn(await half.signIn(name));
    expect((await half.post('/code', { code: app.code() })).body.code).toBe('auth/refused');
    await server.database.sql`update identity.failures set locked_until = now()`;
    expect(stateIn(await half.post('/code', { code: codes[0] ?? '' })).stage).toBe('whole');
  });

  test('waits longer each time', async () => {
    const { sql } = server.database;
    const waits: number[] = [];
    for (let n = 0; n < FREE + 3; n++) {
      await new Browser(server).signIn('nobody-waits', WRONG);
      const [row] = await sql<{ wait: number }[]>`
        select extract(epoch from locked_until - last_at)::int as wait from identity.failures
        order by last_at desc limit 1`;
      waits.push(row?.wait ?? 0);
      await sql`update identity.failures set locked_until = now()`;
    }
    expect(waits).toEqual([0, 0, 0, 0, 15, 30, 60, 120]);
  });
});

describe('an address', () => {
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  test('from which very many fail is turned away, whatever it says that it is forwarded for', async () => {
    await signedIn(server, people.registrar);
    let last: Answer | undefined;
    for (let n = 0; n <= ADDRESS_FREE; n++) {
      const headers = { 'X-Forwarded-For': `10.0.0.${n}`, Forwarded: `for=10.0.0.${n}` };
      const body = { name: `nobody-${n}`, password: WRONG };
      last = await new Browser(server).post('', body, headers);
      expect([n, last.body.code]).toEqual([n, n < ADDRESS_FREE ? 'auth/refused' : 'auth/too-many']);
    }
    expect([last?.status, last?.headers.get('retry-after')]).toEqual([429, '60']);
    const [name] = people.registrar;
    const owner = await new Browser(server).post('', { name, password: PASSWORD });
    expect(owner.body.code).toBe('auth/too-many');
  });
});

describe('an address behind a proxy that is trusted', () => {
  beforeAll(async () => {
    server = await startServer({ TRUSTED_PROXIES: '127.0.0.1,::1' });
  });
  afterAll(() => server.stop());

  test('counts by itself, a network of IPv6 as one', async () => {
    const fail = (name: string, address: string): Promise<Answer> =>
      new Browser(server).post('', { name, password: WRONG }, { 'X-Forwarded-For': address });
    for (let n = 0; n < ADDRESS_FREE; n++) await fail(`nobody-${n}`, `2001:db8:1:2::${n.toString(16)}`);
    expect((await fail('nobody', '2001:db8:1:2:ffff::1')).body.code).toBe('auth/too-many');
    expect((await fail('nobody', '2001:db8:1:3::1')).body.code).toBe('auth/refused');
    // What the client says itself stands before what the proxy adds.
    expect((await fail('nobody', '10.0.0.1, 2001:db8:1:2::1')).body.code).toBe('auth/too-many');
  });
});
