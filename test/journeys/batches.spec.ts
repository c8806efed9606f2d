import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Batch } from '../../libs/contracts/batch.js';
import * as people from '../support/people.js';
import { assignment, Journey, problem } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

type Who = Parameters<Journey['get']>[0];

async function decide(who: Who, body: object, key: string = randomUUID()): Promise<Answer> {
  const token = await server.token(...who);
  return server.send(token, 'POST', '/api/v1/decision-batches', body, { 'Idempotency-Key': key });
}

async function outcome(who: Who, answer: Answer): Promise<Batch> {
  expect(answer.status).toBe(202);
  for (let look = 0; look < 200; look++) {
    const path = answer.headers.get('location') ?? '';
    const { body } = await server.send(await server.token(...who), 'GET', path);
    const batch = body as unknown as Batch;
    if (batch.done) return batch;
    await pause(50);
  }
  throw new Error('the batch was not carried out');
}

const all = (journeys: readonly Journey[]) =>
  journeys.map(({ id, revision }) => ({ case: id, seen: revision }));
const several = (n: number, to: 'registered' | 'verified', body?: object): Promise<Journey[]> =>
  Promise.all(Array.from({ length: n }, () => new Journey(server).to(to, body ?? problem())));

async function eventsOf({
  id,
}: Journey): Promise<{ type: string; data: { letter?: string }; decisionBatch?: string; entry?: object }[]> {
  const path = `/api/v1/cases/${id}/history`;
  const { body } = await server.send(await server.token(...people.dispatcher), 'GET', path);
  return (body as unknown as { events: never[] }).events;
}

describe('many at once', () => {
  test('thirty cases are assigned under one letter, each with its own result', async () => {
    const journeys = await several(30, 'registered');
    const other = await new Journey(server).to('assigned');
    const cases = [...all(journeys), ...all([other]), { case: randomUUID(), seen: 0 }];
    const key = randomUUID();
    const body = { command: 'assign-case', cases, body: assignment };
    const batch = await outcome(people.dispatcher, await decide(people.dispatcher, body, key));
    expect(batch.results.map(({ status, code }) => code ?? status)).toEqual([
      ...journeys.map(() => 'done'),
      'case/status',
      'case/unknown',
    ]);
    const events = (await Promise.all(journeys.map(eventsOf))).map((past) => past.at(-1));
    expect(new Set(events.map((event) => event?.data.letter)).size).toBe(1);
    expect(new Set(events.map((event) => event?.decisionBatch))).toEqual(new Set([batch.batch]));
    // Sent again, it is the same batch, and nothing happens twice.
    expect(await outcome(people.dispatcher, await decide(people.dispatcher, body, key))).toEqual(batch);
    expect((await decide(people.dispatcher, { ...body, cases: cases.slice(1) }, key)).body.code).toBe(
      'key/reused',
    );
  });

  test('approved at once are general cases only, each of them looked at before', async () => {
    const [seen, unseen] = await several(2, 'verified');
    const severe = await new Journey(server).to('verified', problem({ severity: 'serious' }));
    if (!seen || !unseen) throw new Error('no cases');
    await seen.get(people.cityApprover);
    await severe.get(people.provinceApprover);
    const close = (journeys: readonly Journey[]) => ({
      command: 'close-case',
      cases: all(journeys),
      body: {},
    });
    const batch = await outcome(
      people.cityApprover,
      await decide(people.cityApprover, close([seen, unseen])),
    );
    expect(batch.results.map(({ status, code }) => code ?? status)).toEqual(['done', 'case/batch-unopened']);
    const approve = { command: 'approve-closure', cases: all([severe]), body: {} };
    const refused = await outcome(people.provinceApprover, await decide(people.provinceApprover, approve));
    expect(refused.results.map(({ code }) => code)).toEqual(['case/batch-severe']);
  });

  test('a flood moves the days of all its cases, and uses up none of their extensions', async () => {
    const journeys = await several(12, 'registered');
    const assigned = { command: 'assign-case', cases: all(journeys), body: assignment };
    const first = await outcome(people.dispatcher, await decide(people.dispatcher, assigned));
    const cases = first.results.map(({ case: id, revision = 0 }) => ({ case: id, seen: revision }));
    const row = await journeys[0]?.get(people.dispatcher);
    const due = String(row?.body.dueOn);
    const until = new Date(Date.parse(due) + 86_400_000).toISOString().slice(0, 10);
    const flood = { until, reason: '洪涝灾害', document: '防汛〔2026〕9号' };
    const moved = await outcome(
      people.dispatcher,
      await decide(people.dispatcher, { command: 'extend-many', cases, body: flood }),
    );
    expect(moved.results.filter(({ status }) => status === 'done')).toHaveLength(12);
    const [journey] = journeys;
    if (journey) journey.receipt = `${journey.id}@${moved.results[0]?.revision ?? 0}`;
    expect((await journey?.get(people.dispatcher))?.body).toMatchObject({ dueOn: until, extensions: 0 });
  });

  test.each([
    ['a command that there is none of', { command: 'bless-case' }, 'batch/command'],
    ['a command that begins a case', { command: 'register-problem' }, 'batch/command'],
    ['one that brings files', { command: 'attach-evidence' }, 'batch/command'],
    ['one that nobody gives', { command: 'deem-accepted' }, 'batch/command'],
    ['no cases', { cases: [] }, 'input/invalid'],
    [
      'too many cases',
      { cases: Array.from({ length: 501 }, () => ({ case: randomUUID(), seen: 0 })) },
      'input/invalid',
    ],
    ['a case that has no such id', { cases: [{ case: 'x', seen: 0 }] }, 'input/invalid'],
    ['no revision', { cases: [{ case: randomUUID() }] }, 'input/invalid'],
    ['a body that is none', { body: [] }, 'input/invalid'],
    ['a body that its command does not take', { body: { leads: [] } }, 'input/invalid'],
  ])('%s is refused', async (_, changes, code) => {
    const sound = { command: 'assign-case', cases: [{ case: randomUUID(), seen: 0 }], body: assignment };
    expect((await decide(people.dispatcher, { ...sound, ...changes })).body.code).toBe(code);
  });

  test('nobody looks into the batch of somebody else', async () => {
    const [one] = await several(1, 'registered');
    const body = { command: 'assign-case', cases: all(one ? [one] : []), body: assignment };
    const answer = await decide(people.dispatcher, body);
    const path = answer.headers.get('location') ?? '';
    const other = await server.send(await server.token(...people.registrar), 'GET', path);
    expect([other.status, other.body.code]).toEqual([404, 'batch/unknown']);
  });
});

describe('a decision that was signed on paper three days ago', () => {
  const entry = { effectiveOn: '2026-01-05', document: '纪要〔2026〕3号' };

  test('is entered with its day and document, and says so for good', async () => {
    const journey = await new Journey(server).to('registered');
    expect((await journey.give(people.dispatcher, 'assign-case', { ...assignment, entry })).status).toBe(200);
    expect((await eventsOf(journey)).at(-1)).toMatchObject({ type: 'CaseAssigned', entry });
  });

  test.each([
    ['a day that lies ahead', { ...entry, effectiveOn: '2190-01-01' }, 'entry.effectiveOn'],
    ['no day', { document: 'x' }, 'entry.effectiveOn'],
    ['no document', { effectiveOn: '2026-01-05' }, 'entry.document'],
    ['more than that', { ...entry, by: 'me' }, 'entry.by'],
    ['null', null, 'entry.'],
  ])('is refused with %s', async (_, wrong, field) => {
    const journey = await new Journey(server).to('registered');
    const answer = await journey.give(people.dispatcher, 'assign-case', { ...assignment, entry: wrong });
    expect([answer.status, answer.body.errors?.map((error) => error.field)]).toEqual([422, [field]]);
  });
});
