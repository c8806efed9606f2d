import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Who } from '../support/deployments.js';
import { startSeeded } from '../support/seeded.js';
import { startServer, type TestServer } from '../support/server.js';
import {
  cityApprover as approver,
  dispatcher,
  inspector,
  Journey,
  operator,
  reviewer,
  securityAdmin,
} from '../support/people.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const DAY = 86_400_000;

interface Past {
  type: string;
  recordedAt: string;
  actor: { person: string; role: string; via: string };
  data: Record<string, unknown>;
}

async function clock(): Promise<{ now: string; today: string; simulated: boolean }> {
  const answer = await server.send(await server.token(...operator), 'GET', '/api/v1/clock');
  return answer.body as never;
}

async function moveOn(days: number): Promise<number> {
  const to = new Date(Date.parse((await clock()).now) + days * DAY).toISOString();
  return (await server.send(await server.token(...operator), 'POST', '/api/v1/clock', { to })).status;
}

async function history(journey: Journey): Promise<Past[]> {
  const answer = await journey.get(dispatcher, '/history');
  return (answer.body as unknown as { events: Past[] }).events;
}

/** Waits until the clock has said what it had to. */
async function until(journey: Journey, type: string): Promise<Past[]> {
  for (let look = 0; look < 200; look++) {
    const events = await history(journey);
    if (events.some((event) => event.type === type)) return events;
    await pause(50);
  }
  throw new Error(`${type} did not come`);
}

test('time that passes accepts what nobody returned, and says what is late, once', async () => {
  const journey = await new Journey(server).to('assigned');
  const suspended = await new Journey(server).to('rectifying');
  const { today } = await clock();
  const inFiveDays = new Date(Date.parse(today) + 5 * DAY).toISOString().slice(0, 10);
  const suspension = { ground: 'weather', until: inFiveDays, document: '证明1号', reason: '冰冻' };
  expect((await suspended.give(dispatcher, 'suspend-case', suspension)).status).toBe(200);
  // The clock looks into the ledger: both cases stand there as they are before a day begins.
  expect((await suspended.get(dispatcher)).body).toMatchObject({ suspendedUntil: inFiveDays });

  expect(await moveOn(10)).toBe(201);
  expect(await clock()).toMatchObject({ simulated: true });
  const accepted = await until(journey, 'AssignmentDeemedAccepted');
  expect(accepted.at(-1)).toMatchObject({ actor: { person: 'clock', role: 'clock', via: 'clock' } });
  await until(suspended, 'CaseResumed');

  // Half a year of silence: one word on it, with the highest rung that is due.
  expect(await moveOn(180)).toBe(201);
  await until(journey, 'DeadlinePassed');
  await pause(500);
  const late = (await history(journey)).filter(
    ({ type, data }) => type === 'DeadlinePassed' && data.duty === 'complete',
  );
  expect(late.map(({ data }) => data.rung)).toEqual(['listed']);
  const row = await journey.get(dispatcher);
  expect(row.body).toMatchObject({ overdueRung: 'listed', status: 'rectifying' });
});

/** The rungs that came due for a late completion, once there are so many. */
async function rungs(journey: Journey, n: number): Promise<unknown[]> {
  for (let look = 0; look < 200; look++) {
    const late = (await history(journey)).filter(
      ({ type, data }) => type === 'DeadlinePassed' && data.duty === 'complete',
    );
    if (late.length >= n) return late.map(({ data }) => data.rung);
    await pause(50);
  }
  throw new Error(`${n} rungs did not come`);
}

test('what is late stays late when it is sent back: the ladder goes on from where it stood', async () => {
  const journey = await new Journey(server).to('rectifying');
  const { dueOn } = (await journey.get(dispatcher)).body as unknown as { dueOn: string };
  const { today } = await clock();
  expect(await moveOn((Date.parse(dueOn) - Date.parse(today)) / DAY + 1)).toBe(201);
  expect(await rungs(journey, 1)).toEqual(['red']);

  expect((await journey.submit()).status).toBe(200);
  const reasons = [{ slot: 'after-photo', reason: '角度不同，无法比对。' }];
  expect((await journey.give(reviewer, 'reject-rectification', { reasons })).status).toBe(200);
  expect((await journey.get(dispatcher)).body).toMatchObject({ status: 'rectifying', dueOn });
  // Sixteen days have ten working days at least, and no twenty.
  expect(await moveOn(16)).toBe(201);
  expect(await rungs(journey, 2)).toEqual(['red', 'interview']);
});

test('only an operator moves the time, only onwards, and only to an instant', async () => {
  const someone = await server.token(...approver);
  const { now } = await clock();
  expect((await server.send(someone, 'POST', '/api/v1/clock', { to: now })).status).toBe(403);
  const own = await server.token(...operator);
  for (const to of [now, '2020-01-01T00:00:00.000Z', 'tomorrow', '', null, 5, '2026-01-01']) {
    expect((await server.send(own, 'POST', '/api/v1/clock', { to })).status).toBe(422);
  }
});

/** Of the events of a stream whether each says that its time was not the real one. */
async function simulated(stream: string): Promise<(boolean | null)[]> {
  const rows = await server.database.sql<{ simulated: boolean | null }[]>`
    select (meta::json ->> 'simulated')::boolean as simulated from log.events
    where stream = ${stream} order by revision`;
  return rows.map((row) => row.simulated);
}

test('what happens in moved time says so in the log, of whatever kind it is', async () => {
  const journey = await new Journey(server).to('assigned');
  expect(await simulated(`case-${journey.id}`)).toEqual([true, true]);
  const send = async (who: Who, path: string, body: object): Promise<Record<string, string>> => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const token = await server.token(...who);
    return (await server.send(token, 'POST', `/api/v1/${path}`, body, headers)).body;
  };
  const { referral } = await send(inspector, 'referrals', { case: journey.id, to: '省纪委', text: '线索' });
  expect(await simulated(`referral-${String(referral)}`)).toEqual([true]);
  const { today } = await clock();
  await send(securityAdmin, 'register/persons/demo-late/enter-person', { name: '演示迟到', from: today });
  expect(await simulated('person-demo-late')).toEqual([true]);
});

test('a demo that is started again goes on in the time it was moved to', async () => {
  const journey = await new Journey(server).to('registered');
  const before = await clock();
  await server.restart();
  const after = await clock();
  expect(after).toMatchObject({ simulated: true });
  expect(after.now >= before.now).toBe(true);
  expect(Date.parse(after.now) - Date.parse(before.now)).toBeLessThan(DAY);
  await journey.to('assigned');
  expect(await simulated(`case-${journey.id}`)).toEqual([true, true]);
});

test('what is no demo has no clock to move', async () => {
  const real = await startSeeded(
    [],
    (seed) => {
      Object.assign(seed, { demo: false });
    },
    { MASTER_KEY: randomBytes(32).toString('base64') },
  );
  try {
    const own = await real.token(...operator);
    const to = '2999-01-01T00:00:00.000Z';
    const moved = await real.send(own, 'POST', '/api/v1/clock', { to });
    expect([moved.status, moved.body.code]).toEqual([404, 'route/unknown']);
    expect((await real.send(own, 'GET', '/api/v1/clock')).body).toMatchObject({ simulated: false });
  } finally {
    await real.stop();
  }
});
