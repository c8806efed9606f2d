import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { Browser, PASSWORD, signedIn, stateIn } from '../../support/browser.js';
import * as people from '../../support/people.js';
import { type Answer, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const cases = (browser: Browser): Promise<Answer> => browser.send('GET', '/api/v1/cases');
const register = (browser: Browser, headers: Record<string, string> = {}): Promise<Answer> =>
  browser.send('POST', '/api/v1/cases', people.problem(), { 'Idempotency-Key': randomUUID(), ...headers });
/** An attacker holds what the browser held then. */
const worthless = async (...browsers: Browser[]): Promise<void> => {
  for (const browser of browsers) expect((await cases(browser)).body.code).toBe('auth/invalid');
};
const [registrar] = people.registrar;

describe('an id', () => {
  let browser: Browser;
  beforeAll(async () => {
    ({ browser } = await signedIn(server, people.registrar));
  });

  test('that was planted before the sign-in is not the one that counts afterwards', async () => {
    const planted = randomBytes(32).toString('base64url');
    const victim = new Browser(server);
    victim.cookies.set('xiaohao', planted);
    stateIn(await victim.signIn(registrar));
    expect(victim.id).not.toBe(planted);
    const attacker = new Browser(server);
    attacker.cookies.set('xiaohao', planted);
    await worthless(attacker);
  });

  test('of the attacker’s own session ends when the victim signs in over it', async () => {
    const attacker = new Browser(server);
    await attacker.signIn(registrar);
    const victim = attacker.copy();
    stateIn(await victim.signIn(registrar));
    await worthless(attacker);
  });

  test('from before a second factor, a new post or a new password is worth nothing', async () => {
    const { browser: mine } = await signedIn(server, ['many-posts-handler', 'manhattan-office', 'handler']);
    const first = mine.copy();
    await mine.enrol();
    const second = mine.copy();
    const [, post] = (await mine.state()).posts;
    stateIn(await mine.post('/post', { unit: post?.unit, role: post?.role }));
    const third = mine.copy();
    stateIn(await mine.post('/password', { present: PASSWORD, password: '完全不同的又一句长长的密码' }));
    await worthless(first, second, third);
  });

  test('from before signing out is worth nothing, after a restart too', async () => {
    const mine = new Browser(server);
    await mine.signIn(registrar);
    const stolen = mine.copy();
    expect((await mine.post('/sign-out')).status).toBe(204);
    await worthless(stolen);
    await server.restart();
    await worthless(stolen);
    expect((await cases(browser)).status).toBe(200);
  });

  test.each([
    ['nothing', ''],
    ['a guess', 'A'.repeat(43)],
    ['a name of an object', '__proto__'],
    ['a hash as it is kept', '\\x' + '0'.repeat(64)],
    ['SQL', "' or 1=1 --".padEnd(43, '-')],
    ['too much', 'A'.repeat(7000)],
    ['percent signs', '%E0%A4%A'],
  ])('that is %s is refused', async (_, id) => {
    const forged = new Browser(server);
    forged.cookies.set('xiaohao', id);
    expect((await cases(forged)).body.code).toMatch(/^auth\/(?:invalid|missing)$/);
  });

  test('with a letter changed, or as a bearer token, is refused; a token as a cookie too', async () => {
    const forged = browser.copy();
    const { id } = browser;
    forged.cookies.set('xiaohao', (id.startsWith('A') ? 'B' : 'A') + id.slice(1));
    await worthless(forged);
    expect((await server.send(id, 'GET', '/api/v1/cases')).body.code).toBe('auth/invalid');
    forged.cookies.set('xiaohao', await server.token(...people.registrar));
    await worthless(forged);
  });

  test('is not taken from the address or the body', async () => {
    const bare = await server.send(null, 'GET', `/api/v1/cases?xiaohao=${browser.id}`);
    expect(bare.body.code).toBe('auth/missing');
  });
});

describe('a page of another site', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = new Browser(server);
    stateIn(await browser.signIn(registrar));
  });

  test('registers nothing: without the session’s token, with another one’s, or from elsewhere', async () => {
    const { csrf } = browser;
    const other = new Browser(server);
    await other.signIn(registrar);
    const hostile: Record<string, string>[] = [
      { 'X-CSRF-Token': '' },
      { 'X-CSRF-Token': 'x' },
      { 'X-CSRF-Token': other.csrf },
      { 'X-CSRF-Token': `${csrf}, ${csrf}` },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: `${server.url}.evil.example` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'unheard-of' },
    ];
    for (const headers of hostile) {
      const { status, body } = await register(browser, headers);
      expect([headers, status, body.code]).toEqual([headers, 403, 'auth/csrf']);
    }
    const own: Record<string, string>[] = [{}, { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' }];
    for (const headers of own) expect((await register(browser, headers)).status).toBe(201);
  });

  test('signs nobody in or out, nor uses a link', async () => {
    const victim = new Browser(server);
    for (const [path, body] of [
      ['', { name: registrar, password: PASSWORD }],
      ['/set-up', { token: 'A'.repeat(43), password: PASSWORD }],
    ] as const) {
      const answer = await victim.post(path, body, { Origin: 'https://evil.example' });
      expect([answer.status, answer.body.code, victim.id]).toEqual([403, 'auth/csrf', '']);
    }
    const forged = await browser.post('/sign-out', {}, { 'X-CSRF-Token': 'x' });
    expect(forged.body.code).toBe('auth/csrf');
    expect((await cases(browser)).status).toBe(200);
  });

  test('is told of no permission to read or send', async () => {
    const answer = await browser.send('OPTIONS', '/api/v1/cases', undefined, {
      ...{ Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    });
    const allowed = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'));
    expect(allowed).toEqual([]);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const { status } = await browser.send('POST', '/api/v1/session', 'name=a&password=b', {
        'Content-Type': type,
      });
      expect([type, status]).toEqual([type, 415]);
    }
  });
});

describe('somebody who left', () => {
  test('has nothing left of token, session or password, and no way to sign in', async () => {
    const [person, unit, role] = people.otherHandler;
    const token = await server.token(person, unit, role);
    const { browser } = await signedIn(server, people.otherHandler);
    expect((await cases(browser)).status).toBe(200);
    const security = await server.token(...people.securityAdmin);
    const ended = await server.send(
      ...([security, 'POST', `/api/v1/register/persons/${person}/end-appointment`] as const),
      { unit, role, from: '2026-01-02' },
      { 'Idempotency-Key': randomUUID() },
    );
    expect([ended.status, ended.body.code]).toEqual([200, undefined]);
    await worthless(browser);
    expect((await server.send(token, 'GET', '/api/v1/cases')).body.code).toBe('auth/invalid');
    const again = await new Browser(server).signIn(person);
    expect([again.status, again.body.code]).toEqual([401, 'auth/refused']);
  });
});

describe('a body', () => {
  const BODIES: [path: string, good: Record<string, unknown>][] = [
    ['', { name: registrar, password: PASSWORD }],
    ['/code', { code: '123456' }],
    ['/post', { unit: 'city-office', role: 'registrar' }],
    ['/password', { present: PASSWORD, password: PASSWORD }],
    ['/second-factor', { password: PASSWORD }],
    ['/second-factor/confirm', { code: '123456' }],
    ['/set-up', { token: 'A'.repeat(43), password: PASSWORD }],
  ];

  test.each(BODIES)('of %s takes no other field, and none that every object has', async (path, good) => {
    const browser = new Browser(server);
    await browser.signIn(registrar);
    const more = [
      'person',
      'role',
      'stage',
      'strong',
      'account',
      'id',
      'disabled',
      'constructor',
      'toString',
    ];
    for (const name of more.filter((one) => !(one in good))) {
      const { status, body } = await browser.post(path, { ...good, [name]: 'system-admin' });
      expect([path, name, status, body.code]).toEqual([path, name, 422, 'input/invalid']);
    }
    const text = JSON.stringify(good).replace(/}$/, ',"__proto__":{"stage":"whole","role":"system-admin"}}');
    const polluted = await browser.send('POST', `/api/v1/session${path}`, text);
    expect([400, 422]).toContain(polluted.status);
    const arrays = Object.fromEntries(Object.keys(good).map((name) => [name, [good[name]]]));
    const objects = Object.fromEntries(Object.keys(good).map((name) => [name, { $ne: '' }]));
    for (const body of [[], 'x', null, arrays, objects])
      expect((await browser.send('POST', `/api/v1/session${path}`, JSON.stringify(body))).status).toBe(422);
    expect(({} as Record<string, unknown>).stage).toBeUndefined();
  });

  test('of an account takes no other field either', async () => {
    const operator = await server.token(...people.operator);
    for (const name of ['id', 'password', 'disabled', 'setUp', '__proto__x', 'constructor']) {
      const body = { person: 'city-dispatcher', name: 'x1', [name]: 'x' };
      const answer = await server.send(operator, 'POST', '/api/v1/accounts', body);
      expect([name, answer.status]).toEqual([name, 422]);
    }
  });
});

describe('lines', () => {
  test('do not break out of names into headers, log or answers', async () => {
    const browser = new Browser(server);
    const names = ['a\r\nSet-Cookie: xiaohao=evil', 'a\nFORGED line', 'a\u0000b', 'a\u202eb', 'a\u2028b'];
    for (const name of names) {
      const { status, headers } = await browser.signIn(name);
      expect([401, 422]).toContain(status);
      expect(headers.getSetCookie()).toEqual([]);
    }
    expect(server.said()).not.toContain('FORGED');
    const back = await browser.post('/single-sign-on', { back: '/\r\nSet-Cookie: x=y' });
    expect([back.status, back.headers.getSetCookie()]).toEqual([404, []]);
  });

  test('that make two requests of one are not taken', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const smuggled = `POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n`;
    let said = '';
    socket.on('data', (piece: Buffer) => (said += piece.toString()));
    socket.on('error', () => undefined);
    socket.write(smuggled);
    await once(socket, 'close');
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect(said).not.toContain('200 OK');
  });
});
