import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { account, Browser, PASSWORD, signedIn, stateIn } from '../support/browser.js';
import * as people from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const OTHER = '另一个 password 也够长 77';
const cases = (browser: Browser): Promise<Answer> => browser.send('GET', '/api/v1/cases');
const admin = async (path: string, body: object = {}): Promise<Answer> =>
  server.send(await server.token(...people.operator), 'POST', `/api/v1/accounts${path}`, body);
const log = async (): Promise<Record<string, string>[]> => {
  const { body } = await server.send(
    await server.token(...people.auditAdmin),
    'GET',
    '/api/v1/access-log?limit=200',
  );
  return (body as unknown as { entries: Record<string, string>[] }).entries;
};

describe('an account', () => {
  test('is set up by a link, which counts once, and opens what its owner may see', async () => {
    const { token } = await account(server, 'city-registrar', 'Registrar.One');
    const browser = new Browser(server);
    const answer = await browser.post('/set-up', { token, password: PASSWORD });
    expect(stateIn(answer)).toMatchObject({
      ...{ stage: 'whole', person: 'city-registrar', name: '演示登记员', strong: false },
      post: { unit: 'city-office', role: 'registrar' },
    });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^xiaohao=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await cases(browser)).status).toBe(200);
    const headers = { 'Idempotency-Key': randomUUID() };
    expect((await browser.send('POST', '/api/v1/cases', people.problem(), headers)).status).toBe(201);
    const again = await new Browser(server).post('/set-up', { token, password: OTHER });
    expect([again.status, again.body.code]).toEqual([410, 'auth/set-up']);
  });

  test('takes its name in capitals or full width; the time of the last sign-in is told', async () => {
    const browser = new Browser(server);
    const first = stateIn(await browser.signIn('ＲＥＧＩＳＴＲＡＲ.one'));
    expect(first.person).toBe('city-registrar');
    expect(first.lastSignIn).toMatch(/^\d{4}-/);
  });

  test.each([
    ['short 密码', 'minLength'],
    ['x1'.repeat(65), 'maxLength'],
    ['bronx-handler 2019', 'containsName'],
    ['PasswordPassword', 'common'],
    ['ababababababab', 'common'],
    ['Xiaohao-2026!!', 'organisation'],
    ['Queens-Office 2026', 'organisation'],
  ])('takes no password like %s', async (password, rule) => {
    const person = 'bronx-handler';
    const operator = await server.token(...people.operator);
    const known = await server.send(operator, 'GET', '/api/v1/accounts?after=bronx-h&limit=1');
    const [found] = (known.body as unknown as { accounts: { id: string; name: string }[] }).accounts;
    const token =
      found?.name === person
        ? await admin(`/${found.id}/reset`).then(({ body }) => String(body.link).split('#')[1])
        : (await account(server, person)).token;
    const { status, body } = await new Browser(server).post('/set-up', { token, password });
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ field: 'password', rule })]]);
  });

  test('is made once a person, for people of the register', async () => {
    expect((await admin('', { person: 'city-registrar', name: 'else' })).body.code).toBe('account/exists');
    expect((await admin('', { person: 'city-dispatcher', name: 'registrar.one' })).body.code).toBe(
      'account/exists',
    );
    expect((await admin('', { person: 'nobody', name: 'nobody' })).body.code).toBe('account/person-unknown');
  });

  test('is listed by name, a page at a time, without its secrets', async () => {
    const operator = await server.token(...people.operator);
    const { body } = await server.send(operator, 'GET', '/api/v1/accounts?limit=1&after=bronx-handler');
    expect(body).toEqual({
      accounts: [
        {
          ...{ id: expect.any(String), name: 'registrar.one', person: 'city-registrar', disabled: false },
          ...{ setUp: true, secondFactor: false, lastSignIn: expect.any(String) },
        },
      ],
      after: 'registrar.one',
    });
  });
});

describe('a second factor', () => {
  test('is asked for once it is confirmed; each code counts once; recovery codes stand in for it', async () => {
    const { browser } = await signedIn(server, people.dispatcher);
    const before = browser.id;
    const { app, codes } = await browser.enrol();
    expect(browser.id).not.toBe(before);
    expect(codes).toHaveLength(10);
    expect(await browser.state()).toMatchObject({ strong: true, secondFactor: true });

    const next = new Browser(server);
    expect(stateIn(await next.signIn('city-dispatcher')).stage).toBe('code');
    expect((await cases(next)).body.code).toBe('auth/code-wanted');
    const half = next.copy();
    const code = app.code();
    expect(stateIn(await next.post('/code', { code }))).toMatchObject({ stage: 'whole', strong: true });
    expect((await cases(next)).status).toBe(200);
    expect((await cases(half)).body.code).toBe('auth/invalid');

    const replay = new Browser(server);
    await replay.signIn('city-dispatcher');
    expect((await replay.post('/code', { code })).body.code).toBe('auth/refused');
    expect(stateIn(await replay.post('/code', { code: codes[0] ?? '' })).stage).toBe('whole');
    const spent = new Browser(server);
    await spent.signIn('city-dispatcher');
    expect((await spent.post('/code', { code: codes[0] ?? '' })).body.code).toBe('auth/refused');
    expect(stateIn(await spent.post('/code', { code: (codes[1] ?? '').toLowerCase() })).stage).toBe('whole');
  });

  test('is set up by an administrator before anything else', async () => {
    const { browser } = await signedIn(server, people.securityAdmin);
    expect((await browser.state()).stage).toBe('enrolment');
    const refused = await browser.send('GET', '/api/v1/register/persons');
    expect([refused.status, refused.body.code]).toEqual([403, 'auth/enrolment-wanted']);
    expect((await browser.post('/second-factor', { password: OTHER })).body.code).toBe('auth/refused');
    await browser.enrol();
    expect((await browser.send('GET', '/api/v1/register/persons')).status).toBe(200);
  });
});

describe('a session', () => {
  test('goes on in another post under another id; the other posts of others are refused', async () => {
    const { browser } = await signedIn(server, ['many-posts-handler', 'manhattan-office', 'handler']);
    const { posts } = await browser.state();
    expect(posts.length).toBeGreaterThan(2);
    const before = browser.copy();
    const { unit, role } = posts[1] ?? { unit: '', role: '' };
    expect(stateIn(await browser.post('/post', { unit, role })).post).toEqual({ unit, role });
    expect((await cases(before)).body.code).toBe('auth/invalid');
    expect((await cases(browser)).status).toBe(200);
    const foreign = await browser.post('/post', { unit: 'bronx-office', role: 'leader' });
    expect(foreign.body.code).toBe('auth/post-missing');
  });

  test('goes on in the post of somebody who delegated it, as long as that lasts', async () => {
    const { browser } = await signedIn(server, people.secondVerifier);
    const [from, unit, role] = people.reviewer;
    const [person] = people.secondVerifier;
    const lent = { to: person, unit, role, from: '2026-01-01', until: '2099-12-31' };
    const security = await server.token(...people.securityAdmin);
    const say = (command: string, body: object): Promise<Answer> =>
      server.send(security, 'POST', `/api/v1/register/persons/${from}/${command}`, body, {
        'Idempotency-Key': randomUUID(),
      });
    expect((await say('give-delegation', lent)).status).toBe(200);
    expect((await browser.state()).posts).toContainEqual(
      expect.objectContaining({ unit, role, onBehalfOf: from }),
    );
    stateIn(await browser.post('/post', { unit, role }));
    expect((await cases(browser)).status).toBe(200);
    const ended = await say('end-delegation', { to: person, unit, role, from: '2026-01-01' });
    expect([ended.status, ended.body.code]).toEqual([200, undefined]);
    expect((await cases(browser)).body.code).toBe('auth/invalid');
  });

  test('ends by signing out, one or all, and by a new password all but one', async () => {
    const { browser } = await signedIn(server, people.inspector);
    const [name] = people.inspector;
    const [second, third] = [new Browser(server), new Browser(server)];
    await second.signIn(name);
    await third.signIn(name);
    const stale = third.copy();
    expect((await third.post('/sign-out')).status).toBe(204);
    expect(third.id).toBe('');
    expect((await cases(stale)).body.code).toBe('auth/invalid');

    expect((await browser.post('/password', { present: OTHER, password: OTHER })).body.code).toBe(
      'auth/refused',
    );
    stateIn(await browser.post('/password', { present: PASSWORD, password: OTHER }));
    expect((await cases(browser)).status).toBe(200);
    expect((await cases(second)).body.code).toBe('auth/invalid');
    expect((await new Browser(server).signIn(name)).body.code).toBe('auth/refused');

    stateIn(await second.signIn(name, OTHER));
    const kept = second.copy();
    expect((await browser.post('/sign-out-everywhere')).status).toBe(204);
    expect((await cases(kept)).body.code).toBe('auth/invalid');
  });

  test('ends at once, live updates too, when the account is disabled or reset', async () => {
    const { id, browser } = await signedIn(server, people.verifier);
    const [name] = people.verifier;
    const live = await fetch(`${server.url}/api/v1/live`, { headers: { Cookie: `xiaohao=${browser.id}` } });
    expect(live.status).toBe(200);
    const ended = live.text();
    expect((await admin(`/${id}/disable`)).status).toBe(204);
    expect(await ended).toMatch(/^: /);
    expect((await cases(browser)).body.code).toBe('auth/invalid');
    expect((await new Browser(server).signIn(name)).body.code).toBe('auth/refused');
    expect((await admin(`/${id}/enable`)).status).toBe(204);
    stateIn(await browser.signIn(name));
    const { body } = await admin(`/${id}/reset`);
    expect(String(body.link)).toMatch(/^\/set-up#[\w-]{43}$/);
    expect((await cases(browser)).body.code).toBe('auth/invalid');
    expect((await new Browser(server).signIn(name)).body.code).toBe('auth/refused');
  });

  test.each([
    ['nobody used', `update identity.sessions set seen_at = now() - interval '31 minutes' where person = $1`],
    ['was begun 12 hours ago', `update identity.sessions set until = now() where person = $1`],
  ])('that %s has ended', async (_, statement) => {
    const browser = new Browser(server);
    const { person } = stateIn(await browser.signIn('registrar.one'));
    await server.database.sql.unsafe(statement, [person]);
    await server.database.sql`select pg_notify('identity', '')`;
    const heard = new Browser(server);
    expect((await heard.signIn('registrar.one')).status).toBe(200);
    expect((await cases(browser)).body.code).toBe('auth/invalid');
  });

  test('is used by writing down at most once a minute that somebody is there', async () => {
    const browser = new Browser(server);
    await browser.signIn('registrar.one');
    const seen = async (): Promise<Date | undefined> => {
      const [row] = await server.database.sql<{ at: Date }[]>`
        select max(seen_at) as at from identity.sessions where person = 'city-registrar'`;
      return row?.at;
    };
    const before = await seen();
    for (let n = 0; n < 5; n++) expect((await cases(browser)).status).toBe(200);
    expect(await seen()).toEqual(before);
  });
});

describe('somebody who signed in', () => {
  const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const EDGE = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0';
  interface Own {
    id: string;
    begunAt: string;
    usedAt: string;
    browser: string;
    address: string;
    this: boolean;
  }
  const own = async (browser: Browser): Promise<Own[]> => {
    const { status, body } = await browser.send('GET', '/api/v1/sessions');
    expect(status).toBe(200);
    return body as unknown as Own[];
  };
  const known = async (who: typeof people.evaluator, agent: string): Promise<Browser> => {
    const browser = new Browser(server);
    const { token } = await account(server, who[0]);
    stateIn(await browser.post('/set-up', { token, password: PASSWORD }, { 'User-Agent': agent }));
    return browser;
  };

  test('sees each of their sessions and ends one of them, and nobody else’s', async () => {
    const browser = await known(people.evaluator, FIREFOX);
    const other = new Browser(server);
    await other.post('', { name: people.evaluator[0], password: PASSWORD }, { 'User-Agent': EDGE });
    const all = await own(browser);
    expect(all).toHaveLength(2);
    const mine = all.find((one) => one.this);
    const others = all.find((one) => !one.this);
    expect(mine).toMatchObject({ browser: 'Firefox, Windows', address: '127.0.0.*' });
    expect(others).toMatchObject({ browser: 'Edge, Linux', address: '127.0.0.*' });
    expect(Date.parse(others?.usedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(others?.begunAt ?? ''));
    expect(JSON.stringify(all)).not.toContain(browser.id);
    expect((await own(other)).find((one) => one.this)?.id).toBe(others?.id);

    const stranger = await known(people.auditor, FIREFOX);
    const path = `/api/v1/sessions/${others?.id ?? ''}`;
    const foreign = await stranger.send('DELETE', path);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'session/unknown']);
    const forged = browser.copy();
    forged.csrf = '';
    expect((await forged.send('DELETE', path)).body.code).toBe('auth/csrf');
    expect((await cases(other)).status).toBe(200);
    expect((await browser.send('DELETE', path)).status).toBe(204);
    expect((await cases(other)).body.code).toBe('auth/invalid');
    expect((await browser.send('DELETE', path)).body.code).toBe('session/unknown');
    expect((await browser.send('DELETE', '/api/v1/sessions/none')).body.code).toBe('session/unknown');
    expect(await own(browser)).toEqual([expect.objectContaining({ id: mine?.id, this: true })]);
  });

  test('is told what failed and what was changed since the last time, and which tokens end soon', async () => {
    const [name] = people.countyLeader;
    const { id, browser } = await signedIn(server, people.countyLeader);
    for (const password of [OTHER, 'not this one either']) await new Browser(server).signIn(name, password);
    stateIn(await browser.post('/password', { present: PASSWORD, password: OTHER }));
    for (const act of ['disable', 'enable']) expect((await admin(`/${id}/${act}`)).status).toBe(204);
    await server.token(...people.countyLeader);
    const next = new Browser(server);
    stateIn(await next.signIn(name, OTHER));
    const { body } = await next.send('GET', '/api/v1/session/notices');
    const [, unit, role] = people.countyLeader;
    expect(body).toMatchObject({
      failed: { times: 2, last: expect.stringMatching(/Z$/) },
      changes: [
        { what: 'password', own: true },
        { what: 'disabled', own: false },
        { what: 'enabled', own: false },
      ],
      endingTokens: [{ unit, role }],
    });

    const later = new Browser(server);
    stateIn(await later.signIn(name, OTHER));
    expect((await later.send('GET', '/api/v1/session/notices')).body).toMatchObject({
      failed: { times: 0 },
      changes: [],
    });
    // Whoever holds a token only has not signed in.
    const token = await server.token(...people.countyLeader);
    for (const path of ['sessions', 'session/notices']) {
      expect((await server.send(token, 'GET', `/api/v1/${path}`)).body.code).toBe('auth/session');
    }
  });
});

describe('what is kept', () => {
  test('is no password, id, link or code', async () => {
    const { token } = await account(server, 'province-leader');
    const browser = new Browser(server);
    await browser.post('/set-up', { token, password: PASSWORD });
    const { body } = await browser.post('/second-factor', { password: PASSWORD });
    const { secret } = body as unknown as { secret: string };
    const tables = ['accounts', 'sessions', 'set_ups', 'recovery_codes', 'failures'];
    for (const table of tables) {
      const rows = await server.database.sql<{ text: string }[]>`
        select t::text as text from ${server.database.sql(`identity.${table}`)} t`;
      const all = rows.map(({ text }) => text).join('\n');
      for (const told of [PASSWORD, browser.id, token, secret]) expect(all).not.toContain(told);
    }
    expect(server.said()).not.toContain(PASSWORD);
  });

  test('in the log of accesses are sign-ins and their failures, sign-outs and what was done to accounts', async () => {
    const stranger = new Browser(server);
    await stranger.signIn('Nobody.Knows.Me');
    const entries = await log();
    expect(entries[0]).toMatchObject({ outcome: 'sign-in-failed', person: '', field: 'password' });
    expect(JSON.stringify(entries)).not.toMatch(/nobody\.knows/i);
    const said = entries.map(({ outcome, field }) => `${outcome ?? ''} ${field ?? ''}`.trim());
    expect(said).toEqual(
      expect.arrayContaining([
        ...['signed-in password', 'signed-in set-up', 'signed-in code', 'signed-out', 'sign-in-failed code'],
        ...['account-changed made', 'account-changed disabled', 'account-changed reset'],
        ...['account-changed password', 'account-changed second-factor', 'signed-out everywhere'],
      ]),
    );
  });
});
