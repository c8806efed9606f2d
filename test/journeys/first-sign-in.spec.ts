import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Browser, PASSWORD, stateIn } from '../support/browser.js';
import { startSeeded, type Seed } from '../support/seeded.js';
import { type TestServer } from '../support/server.js';

const MASTER_KEY = randomBytes(32).toString('base64');
const CLI = 'dist/apps/cli/main.js';

/** People are real. */
const real = (seed: Seed): void => {
  Object.assign(seed, { demo: false });
};
const LINK = /^http:\/\/127\.0\.0\.1:\d+\/set-up#([\w-]{43})$/gm;
const links = ({ said }: TestServer): string[] => [...said().matchAll(LINK)].map(([, token = '']) => token);

/** Once it has started so many times, all that it says at a start. */
async function started(times: number): Promise<void> {
  const count = (): number => server.said().match(/^Xiaohao is serving .*$\n/gm)?.length ?? 0;
  for (let look = 0; look < 200 && count() < times; look++) await pause(25);
  // What follows it is on its way.
  await pause(200);
}

let server: TestServer;
beforeAll(async () => {
  server = await startSeeded([], real, { MASTER_KEY });
});
afterAll(() => server.stop());

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function cli(...args: string[]): Promise<Outcome> {
  const env = { ...process.env, DATA_DIR: server.dataDir, MASTER_KEY };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [CLI, ...args], { env })) };
  } catch (error) {
    return error as Outcome;
  }
}

describe('the first start', () => {
  test('prints a link for a system administrator, another at the next start, and none once it was used', async () => {
    await started(1);
    expect(links(server)).toHaveLength(1);
    expect(server.said()).toContain('operator sets up the first account');
    await server.restart();
    await started(2);
    const [old = '', token = ''] = links(server);
    const browser = new Browser(server);
    expect((await browser.post('/set-up', { token: old, password: PASSWORD })).body.code).toBe('auth/set-up');
    const answer = await browser.post('/set-up', { token, password: PASSWORD });
    expect(stateIn(answer)).toMatchObject({ person: 'operator', stage: 'enrolment' });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-xiaohao=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    await browser.enrol();
    expect((await browser.send('GET', '/api/v1/accounts')).status).toBe(200);
    await server.restart();
    await started(3);
    expect(links(server)).toHaveLength(2);
    expect((await browser.send('GET', '/api/v1/accounts')).status).toBe(200);
  });

  test('says what is missing where the register has no system administrator', async () => {
    const none = await startSeeded(
      [],
      (seed) => {
        real(seed);
        seed.persons = seed.persons.filter(({ id }) => id !== 'operator');
      },
      { MASTER_KEY: randomBytes(32).toString('base64') },
    );
    try {
      expect(none.said()).toContain('the register has no system-admin');
      expect(links(none)).toEqual([]);
    } finally {
      await none.stop();
    }
  });
});

describe('xiaohao user', () => {
  const person = ['--person', 'city-registrar'];

  test('makes, resets, disables and enables accounts, and ends sessions', async () => {
    const added = await cli('user', 'add', ...person, '--name', 'gu');
    const [, token] = /#([\w-]{43})$/m.exec(added.stdout) ?? [];
    const browser = new Browser(server);
    stateIn(await browser.post('/set-up', { token, password: PASSWORD }));
    expect((await cli('user', 'sessions', ...person)).stdout).toBe('1 open\n');
    expect((await cli('user', 'sessions', ...person, '--end')).stdout).toBe('1 ended\n');
    const gone = await browser.send('GET', '/api/v1/cases');
    expect(gone.body.code).toBe('auth/invalid');
    expect((await cli('user', 'disable', ...person)).stdout).toBe('disabled\n');
    expect((await browser.signIn('gu')).body.code).toBe('auth/refused');
    expect((await cli('user', 'enable', ...person)).stdout).toBe('enabled\n');
    stateIn(await browser.signIn('gu'));
    expect((await cli('user', 'reset', ...person)).stdout).toMatch(LINK);
    expect((await browser.signIn('gu')).body.code).toBe('auth/refused');
  });

  test.each([
    ['add', 'city-registrar', 'The person has an account already'],
    ['add', 'nobody', 'nobody holds no post in the register.'],
    ['reset', 'nobody', 'nobody has no account.'],
  ])('%s refuses %s', async (command, who, told) => {
    const { code, stderr } = await cli('user', command, '--person', who);
    expect([code, stderr]).toEqual([1, expect.stringContaining(told)]);
  });

  test('makes tokens that read and change nothing', async () => {
    const post = ['--unit', 'city-office', '--role', 'registrar'];
    const issued = await cli('token', 'issue', ...person, ...post, '--scope', 'read');
    const token = issued.stdout.trim();
    expect((await server.send(token, 'GET', '/api/v1/cases')).status).toBe(200);
    const refused = await server.send(token, 'POST', '/api/v1/cases', {}, { 'Idempotency-Key': 'one' });
    expect([refused.status, refused.body.code]).toEqual([403, 'auth/scope']);
  });
});
