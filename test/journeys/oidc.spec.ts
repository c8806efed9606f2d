import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { account, Browser, signedIn, stateIn } from '../support/browser.js';
import * as people from '../support/people.js';
import { freePort } from '../support/ports.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';
import { CLIENT, follow, type SignInService, startSignInService } from '../support/sign-in-service.js';

const PATH = '/api/v1/session/single-sign-on';

let server: TestServer;
let service: SignInService;
beforeAll(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  service = await startSignInService(`${url}${PATH}/callback`);
  server = await startServer({
    ...{ PORT: String(port), PUBLIC_URL: url, OIDC_ISSUER: service.issuer },
    ...{ OIDC_CLIENT_ID: CLIENT.client_id, OIDC_CLIENT_SECRET: CLIENT.client_secret, OIDC_STRONG: 'otp,hwk' },
  });
});
afterAll(async () => {
  await server.stop();
  await service.close();
});

/** Where the browser is sent. */
async function leave(browser: Browser, back = '/work'): Promise<string> {
  const answer = await browser.post('/single-sign-on', { back });
  expect(answer.status).toBe(200);
  const [set = ''] = answer.headers.getSetCookie();
  expect(set).toMatch(/^xiaohao-attempt=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
  return String(answer.body.to);
}

const comeBack = (browser: Browser, address: string): Promise<Answer> =>
  browser.send('GET', address.slice(server.url.length));

async function signIn(browser: Browser, subject: string, back?: string, amr?: string[]): Promise<Answer> {
  service.next = { subject, ...(amr && { amr }) };
  return comeBack(browser, await follow(await leave(browser, back)));
}

async function linked(person: string, subject: string): Promise<void> {
  const { id } = await account(server, person);
  const operator = await server.token(...people.operator);
  const answer = await server.send(operator, 'POST', `/api/v1/accounts/${id}/link`, { subject });
  expect(answer.status).toBe(204);
}

describe('by the sign-in service of the organisation', () => {
  test('comes whoever was linked, is led on by a page, and acts', async () => {
    expect((await server.send(null, 'GET', '/api/v1/session/ways')).body).toEqual({
      ...{ password: true, singleSignOn: true },
    });
    await linked('city-registrar', 'emp-1001');
    const browser = new Browser(server);
    const answer = await signIn(browser, 'emp-1001', '/cases?status=closed&q="x"');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.getSetCookie().join()).toMatch(
      /xiaohao=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict/,
    );
    expect(String(answer.body.text)).toContain('url=/cases?status=closed&#38;q=%22x%22"');
    expect(await browser.state()).toMatchObject({ person: 'city-registrar', stage: 'whole', strong: false });
    expect((await browser.send('GET', '/api/v1/cases')).status).toBe(200);
  });

  test('nobody comes who was not linked, nor by another’s link', async () => {
    const browser = new Browser(server);
    const answer = await signIn(browser, 'emp-9999');
    expect([answer.status, answer.body.code, browser.id]).toEqual([401, 'auth/refused', '']);
    const { id } = await account(server, 'city-dispatcher');
    const operator = await server.token(...people.operator);
    const taken = await server.send(operator, 'POST', `/api/v1/accounts/${id}/link`, { subject: 'emp-1001' });
    expect(taken.body.code).toBe('account/exists');
  });

  test('a second factor that was given there counts by what the configuration says, else ours is asked for', async () => {
    const { id, browser: before } = await signedIn(server, people.inspector);
    const { app } = await before.enrol();
    const operator = await server.token(...people.operator);
    await server.send(operator, 'POST', `/api/v1/accounts/${id}/link`, { subject: 'emp-2002' });
    const weak = new Browser(server);
    await signIn(weak, 'emp-2002', '/', ['pwd']);
    expect((await weak.state()).stage).toBe('code');
    expect(stateIn(await weak.post('/code', { code: app.code() })).stage).toBe('whole');
    const strong = new Browser(server);
    await signIn(strong, 'emp-2002', '/', ['pwd', 'otp']);
    expect(await strong.state()).toMatchObject({ stage: 'whole', strong: true });
  });
});

describe('an attempt', () => {
  test('begins by a page of ours only, never by an address that somebody is led to', async () => {
    const led = await fetch(`${server.url}${PATH}?back=%2Fwork`, { redirect: 'manual' });
    expect([led.status, led.headers.getSetCookie(), led.headers.get('location')]).toEqual([404, [], null]);
    const from = async (headers: Record<string, string>, body: object | string = {}): Promise<unknown> => {
      const answer = await new Browser(server).post('/single-sign-on', body as object, headers);
      expect(answer.headers.getSetCookie()).toEqual([]);
      return answer.body.code;
    };
    expect(await from({ Origin: 'https://evil.example' })).toBe('auth/csrf');
    expect(await from({ 'Sec-Fetch-Site': 'cross-site' })).toBe('auth/csrf');
    expect(await from({ 'Sec-Fetch-Site': 'same-site' })).toBe('auth/csrf');
    expect(await from({ 'Content-Type': 'text/plain' })).toBe('input/media-type');
  });

  test('counts once, and only in the browser in which it began', async () => {
    service.next = { subject: 'emp-1001' };
    const browser = new Browser(server);
    const address = await follow(await leave(browser));
    const other = new Browser(server);
    expect((await comeBack(other, address)).body.code).toBe('auth/refused');
    await leave(other);
    expect((await comeBack(other, address)).body.code).toBe('auth/refused');
    expect((await comeBack(browser, address)).status).toBe(200);
    expect((await comeBack(browser.copy(), address)).body.code).toBe('auth/refused');
  });

  test('that comes back ends the session that the browser had', async () => {
    const browser = new Browser(server);
    await signIn(browser, 'emp-1001');
    const before = browser.copy();
    await signIn(browser, 'emp-1001');
    expect(before.id).not.toBe(browser.id);
    expect((await before.send('GET', '/api/v1/cases')).body.code).toBe('auth/invalid');
    expect((await browser.send('GET', '/api/v1/cases')).status).toBe(200);
  });

  test.each([
    ...[
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/%09/evil.example',
    ],
    ...['javascript:alert(1)', '/\t/evil.example', '/./\\/evil.example', '/..//evil.example', 'evil', ''],
    ...['http:evil.example', '/@evil.example', '/?to=//evil.example', '/x"><script>'],
  ])('that wants to go on to %j goes on to a path of this service', async (back) => {
    const { body } = await signIn(new Browser(server), 'emp-1001', back);
    const to = /content="0; url=([^"]*)"/.exec(String(body.text))?.[1] ?? '';
    expect(new URL(to.replaceAll('&#38;', '&'), server.url).origin).toBe(server.url);
    expect(to).toMatch(/^\/(?![/\\])[^<>"]*$/);
  });
});
