import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Figures } from '../../libs/contracts/ledger.js';
import * as people from '../support/people.js';
import { Journey, problem } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

type Who = (typeof people)['inspector'];

let server: TestServer;
let town: Journey;
beforeAll(async () => {
  server = await startServer();
  town = await new Journey(server).to('assigned', problem({ divisions: ['mott-haven'] }));
  const restricted = await new Journey(server).to('registered', problem({ visibility: 'restricted' }));
  await new Journey(server).to('verified');
  await restricted.get(people.inspector);
});
afterAll(() => server.stop());

const get = async (who: Who, path: string): Promise<Answer> =>
  server.send(await server.token(...who), 'GET', `/api/v1/${path}`);

async function figures(who: Who, query = ''): Promise<Figures> {
  const { body } = await get(who, `figures?${query}`);
  return body as unknown as Figures;
}

const counted = async (who: Who, query = ''): Promise<number | undefined> =>
  (await figures(who, query)).figures[0]?.cases;

async function listed(who: Who, filter: Readonly<Record<string, string>> = {}): Promise<number> {
  const { body } = await get(who, `cases/count?${new URLSearchParams(filter).toString()}`);
  return (body as unknown as { cases: number }).cases;
}

/** Once it is so; the day is over before the test gives up. */
async function untilIs(wanted: number, ask: () => Promise<number | undefined>): Promise<void> {
  for (let found = await ask(); found !== wanted; found = await ask()) await pause(50);
}

describe('figures', () => {
  test('open their cases: rates on both sides, lights, ageing and groups', async () => {
    for (const who of [people.inspector, people.countyLeader, people.registrar]) {
      const answer = await figures(who, 'by=division');
      const groups = answer.groups ?? [];
      const every = [
        ...[...answer.figures, ...(answer.lights ?? []), ...(answer.ageing ?? [])],
        ...groups.flatMap((one) => one.figures),
        ...answer.rates.flatMap(({ numerator, denominator }) => [numerator, denominator]),
      ];
      for (const { name, cases, filter } of every)
        expect([name, filter, await listed(who, filter)]).toEqual([name, filter, cases]);
    }
    const { division, figures: all } = await figures(people.inspector);
    expect([division, all[0]]).toMatchObject(['demo-province', { name: 'all', cases: 3, weight: 3000 }]);
  });

  test('are narrowed, and told of a day', async () => {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    expect(await counted(people.inspector, 'division=bronx&source=HL')).toBe(0);
    expect(await figures(people.inspector, `asOf=${today}`)).toMatchObject({ asOf: today, plainOnly: true });
    expect(await counted(people.inspector, `asOf=${today}`)).toBe(2);
    expect(await counted(people.inspector, 'asOf=2026-01-01')).toBe(0);
  });

  test.each([
    ['division=atlantis', 'division'],
    ['by=weather', 'by'],
    ['asOf=2026-02-30', 'asOf'],
    ['asOf=yesterday', 'asOf'],
    ['asOf=2199-01-01', 'asOf'],
    ['category=,', 'category'],
    ['sort=-seq', 'sort'],
  ])('of %s are refused', async (query, field) => {
    const { status, body } = await get(people.inspector, `figures?${query}`);
    expect([status, body.code]).toEqual([422, 'input/invalid']);
    expect(body).toMatchObject({ errors: [{ field }] });
  });
});

describe('a case of the past', () => {
  test('is told without what could be done with it', async () => {
    const now = (await town.get(people.inspector)).body as unknown as { seq: number; actions: object[] };
    expect(now.actions.length).toBeGreaterThan(0);
    const { status, body } = await town.get(people.inspector, `?ordinal=${now.seq}`);
    expect([status, body]).toMatchObject([200, { revision: 0, status: 'registered', leads: [] }]);
    expect(body).not.toHaveProperty('actions');
  });

  test.each([
    ['asOf=2026-02-30', 422],
    ['asOf=2199-01-01', 422],
    ['asOf=2020-01-01', 404],
    ['ordinal=0', 422],
    ['ordinal=1.5', 422],
    ['ordinal=99999999', 422],
    ['ordinal=7&asOf=2026-01-01', 422],
    ['at=2026-01-01', 422],
  ])('%s is %d', async (query, status) => {
    expect((await town.get(people.inspector, `?${query}`)).status).toBe(status);
  });

  test('is nobody’s who does not see it now', async () => {
    expect((await town.get(people.otherHandler, '?ordinal=99')).status).toBe(404);
  });
});

test('a town that moves to another county takes its cases along, in lists, scopes and figures', async () => {
  expect([await counted(people.inspector, 'division=bronx'), await listed(people.otherHandler)]).toEqual([
    3, 0,
  ]);
  const token = await server.token(...people.operator);
  const headers = { 'Idempotency-Key': randomUUID() };
  const path = '/api/v1/register/divisions/mott-haven/move-division';
  const body = { parent: 'queens', from: '2026-01-01' };
  expect((await server.send(token, 'POST', path, body, headers)).status).toBe(200);
  await untilIs(1, () => counted(people.inspector, 'division=queens'));
  expect(await counted(people.inspector, 'division=bronx')).toBe(2);
  expect(await counted(people.inspector)).toBe(3);
  await untilIs(1, () => listed(people.otherHandler, { division: 'queens' }));
  // The worker goes on behind it.
  const next = await new Journey(server).to('registered', problem({ divisions: ['mott-haven'] }));
  expect((await next.get(people.otherHandler)).status).toBe(200);
  expect(await counted(people.otherHandler)).toBe(2);
});
