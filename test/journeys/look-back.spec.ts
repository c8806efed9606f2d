import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { cityApprover, inspector, Journey, registrar } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
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

const ANSWER = { outcome: 'accepted', document: '立案〔2026〕3号' };

/** The list follows the log by itself: asked again until the clue stands there as answered. */
async function until(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if ((answer.body as { status?: unknown }).status === 'answered' || tries > 50) return answer;
    await pause(50);
  }
}
