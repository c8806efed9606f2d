import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CLI, runToEnd } from '../faults/support/processes.js';
import * as people from '../support/people.js';
import { type Who } from '../support/deployments.js';
import { startSeeded } from '../support/seeded.js';
import { type Answer, type TestServer } from '../support/server.js';

const { auditAdmin, auditor, cityApprover, inspector, registrar, securityAdmin } = people;
const { Journey } = people;
const other: Who = ['second-inspector', 'province-office', 'inspector'];
type Journey = people.Journey;

let server: TestServer;
beforeAll(async () => {
  server = await startSeeded([other]);
});
afterAll(() => server.stop());

async function send(method: string, path: string, body?: object): Promise<Answer> {
  const token = await server.token(...inspector);
  return server.send(token, method, `/api/v1/${path}`, body, { 'Idempotency-Key': randomUUID() });
}

test('a draw is made of what was closed before today; a case that was not drawn is not looked back at by it', async () => {
  const journey = await new Journey(server).to('verified');
  expect((await journey.give(cityApprover, 'close-case')).status).toBe(200);
  await journey.get(inspector);
  const frame = { from: '2020-01-01', until: '2020-12-31' };
  expect((await send('POST', 'draws', { seed: '第1期', frame, size: 5 })).body.code).toBe('draw/empty');
  expect((await send('GET', `draws/${randomUUID()}`)).body.code).toBe('draw/unknown');

  const photos = [await journey.upload(inspector, `look-back ${journey.id}`)];
  const visit = { place: '现场', visitedOn: '2026-01-25', findings: '又脱落', photos, outcome: 'failed' };
  const failed = { ...visit, reasons: [{ slot: 'after-photo', reason: '与现场不符' }] };
  const wrong = await journey.give(inspector, 'record-look-back', { ...failed, draw: randomUUID() });
  expect(wrong.body.code).toBe('case/draw-unknown');
  expect((await journey.give(inspector, 'record-look-back', failed)).status).toBe(200);
  expect((await journey.get(inspector)).body).toMatchObject({ lookBack: 'failed', heldBy: ['city-office'] });
});

test('a clue leaves no trace in its case, and is read by inspectors alone', async () => {
  const journey = await new Journey(server).to('registered');
  const before = (await journey.get(inspector)).body;
  const clue = { case: journey.id, to: '省纪委监委', text: '演示线索', persons: [{ name: '演示某甲' }] };
  const { status, body } = await send('POST', 'referrals', clue);
  expect(status).toBe(201);
  const { referral } = body as unknown as { referral: string };
  expect((await send('POST', `referrals/${referral}/answer-referral`, ANSWER)).status).toBe(200);
  expect((await send('POST', `referrals/${referral}/answer-referral`, ANSWER)).body.code).toBe(
    'referral/answered',
  );
  expect((await journey.get(inspector)).body).toEqual(before);
  const found = await until(async () => send('GET', `referrals/${referral}`));
  expect(found.body).toMatchObject({ case: journey.id, status: 'answered', outcome: 'accepted' });
  const token = await server.token(...registrar);
  expect((await server.send(token, 'GET', '/api/v1/referrals')).body.code).toBe('auth/forbidden');
});

test('whoever is excluded from a case knows nothing of its clues', async () => {
  const journey = await new Journey(server).to('registered');
  const clue = { case: journey.id, to: '省纪委监委', text: '演示线索' };
  const { referral } = (await send('POST', 'referrals', clue)).body as unknown as { referral: string };
  await until(async () => send('GET', `referrals/${referral}`), 'sent');
  const exclusion = { person: inspector[0], reason: '近亲属' };
  expect(await journey.give(other, 'exclude-person', exclusion)).toMatchObject({ status: 200 });
  expect((await journey.get(inspector)).body.code).toBe('case/unknown');
  expect((await send('GET', `referrals/${referral}`)).body.code).toBe('referral/unknown');
  expect(JSON.stringify((await send('GET', 'referrals?limit=200')).body)).not.toContain(referral);
  const answer = await send('POST', `referrals/${referral}/answer-referral`, ANSWER);
  expect(answer.body.code).toBe('referral/unknown');
  const asked = { revision: 0, field: 'text', purpose: '核对线索内容' };
  expect((await send('POST', `referrals/${referral}/reveal`, asked)).body.code).toBe('referral/unknown');
});

test('a clue is read with a purpose, and forgotten; each is noted, and not under its case', async () => {
  const journey = await new Journey(server).to('registered');
  const clue = { case: journey.id, to: '省纪委监委', text: '演示线索', persons: [{ name: '演示某甲' }] };
  const { referral } = (await send('POST', 'referrals', clue)).body as unknown as { referral: string };
  const found = await until(async () => send('GET', `referrals/${referral}`), 'sent');
  expect(found.body).toMatchObject({
    text: { sealed: true, masked: '**', field: 'text' },
    persons: [{ name: { sealed: true, field: 'persons.0.name' } }],
  });
  expect(JSON.stringify(found.body)).not.toMatch(/"(?:alg|iv|tag)":/);
  const reveal = (field: string): Promise<Answer> =>
    send('POST', `referrals/${referral}/reveal`, { revision: 0, field, purpose: '核对线索内容' });
  expect((await reveal('text')).body).toEqual({ text: '演示线索' });
  expect((await reveal('persons.0.name')).body).toEqual({ text: '演示某甲' });
  expect((await reveal('to')).body.code).toBe('personal/unknown');
  const stream = `referral-${referral}`;
  expect(await noted(auditAdmin)).toMatchObject([
    { outcome: 'denied' },
    { stream, field: 'persons.0.name', outcome: 'revealed', purpose: '核对线索内容' },
    { stream, field: 'text', outcome: 'revealed', purpose: '核对线索内容' },
  ]);
  expect(JSON.stringify(await noted(auditor))).not.toContain(referral);

  const erase = [CLI, 'erase', stream, '0', 'persons.0.name', '--yes'];
  expect(await runToEnd(erase, { DATA_DIR: server.dataDir })).toMatchObject({ code: 0, stderr: '' });
  expect(await noted(auditAdmin, 1)).toMatchObject([{ stream, via: 'cli', outcome: 'erased' }]);
  await server.restart();
  expect((await send('GET', `referrals/${referral}`)).body).toMatchObject({
    text: { masked: '**' },
    persons: [{ name: { sealed: true, erased: true } }],
  });
  expect((await reveal('persons.0.name')).body.code).toBe('personal/erased');
  expect((await reveal('text')).body).toEqual({ text: '演示线索' });
});

test('a name of the register is read by who keeps persons, and forgotten; each is noted', async () => {
  const token = await server.token(...securityAdmin);
  const ask = (what: string, body: object): Promise<Answer> =>
    server.send(token, 'POST', `/api/v1/register/persons/demo-forgotten/${what}`, body, {
      'Idempotency-Key': randomUUID(),
    });
  const asked = { revision: 0, field: 'name', purpose: '核对人员档案' };
  expect((await ask('reveal', asked)).body.code).toBe('personal/unknown');
  expect((await ask('enter-person', { name: '演示旧名', from: '2026-01-01' })).status).toBe(200);
  expect((await ask('reveal', asked)).body).toEqual({ text: '演示旧名' });
  const stream = 'person-demo-forgotten';
  expect(await noted(auditAdmin, 1)).toMatchObject([{ stream, field: 'name', outcome: 'revealed' }]);
  const other = await server.token(...registrar);
  const path = '/api/v1/register/persons/demo-forgotten/reveal';
  expect((await server.send(other, 'POST', path, asked)).body.code).toBe('auth/forbidden');
  const erase = [CLI, 'erase', stream, '0', 'name', '--yes'];
  expect(await runToEnd(erase, { DATA_DIR: server.dataDir })).toMatchObject({ code: 0, stderr: '' });
  await server.restart();
  expect((await ask('reveal', asked)).body.code).toBe('personal/erased');
});

async function noted(who: Parameters<Journey['get']>[0], limit = 3): Promise<unknown> {
  const token = await server.token(...who);
  const { body } = await server.send(token, 'GET', `/api/v1/access-log?limit=${limit}`);
  return (body as unknown as { entries: unknown }).entries;
}

const ANSWER = { outcome: 'accepted', document: '立案〔2026〕3号' };

/** The list follows the log by itself: asked again until the clue stands there so. */
async function until(ask: () => Promise<Answer>, status = 'answered'): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if ((answer.body as { status?: unknown }).status === status || tries > 50) return answer;
    await pause(50);
  }
}
