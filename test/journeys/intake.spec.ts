import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as people from '../support/people.js';
import { Journey, problem } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

interface Figure {
  name: string;
  cases: number;
  filter: Record<string, string | boolean>;
}

async function figures(): Promise<Figure[]> {
  const token = await server.token(...people.inspector);
  const { body } = await server.send(token, 'GET', '/api/v1/figures');
  return (body as unknown as { figures: Figure[] }).figures;
}

/** Every figure opens exactly the cases behind it. */
async function expectFiguresToList(): Promise<void> {
  const token = await server.token(...people.inspector);
  for (const { name, cases, filter } of await figures()) {
    const query = Object.entries(filter).map(([key, value]) => `&${key}=${String(value)}`);
    const { body } = await server.send(token, 'GET', `/api/v1/cases?limit=200${query.join('')}`);
    expect([name, (body as unknown as { rows: object[] }).rows.length]).toEqual([name, cases]);
  }
}

async function adopt(one: Journey, stated: object): Promise<Answer> {
  const body = { ...problem(), stated, file: { sha256: 'a'.repeat(64), row: 2 } };
  const token = await server.token(...people.registrar);
  const headers = { 'Idempotency-Key': randomUUID() };
  const answer = await server.send(token, 'POST', '/api/v1/cases/adopted', body, headers);
  const { case: id, receipt } = answer.body as unknown as { case: string; receipt: string };
  Object.assign(one, { id, receipt, revision: 0 });
  return answer;
}

describe('a row of an old ledger', () => {
  test('is shown as it states itself, and never counted as a proven closure', async () => {
    const one = new Journey(server);
    const stated = { status: 'closed', closedOn: '2025-03-01', closureNumber: '销7号' };
    expect((await adopt(one, stated)).status).toBe(201);
    expect((await one.get(people.inspector)).body).toMatchObject({
      ...{ adopted: true, status: 'closed', closedAt: null, closureNumber: null },
      ...{ statedStatus: 'closed', statedClosedOn: '2025-03-01', statedClosureNumber: '销7号' },
    });
    const open = new Journey(server);
    expect((await adopt(open, { status: 'open' })).status).toBe(201);
    expect((await open.get(people.inspector)).body).toMatchObject({ adopted: true, status: 'registered' });
    expect((await open.give(people.dispatcher, 'assign-case', people.assignment)).status).toBe(200);
    await open.get(people.inspector);

    const counted = Object.fromEntries((await figures()).map(({ name, cases }) => [name, cases]));
    expect(counted).toMatchObject({ closed: 0, 'adopted-closed': 1, adopted: 2 });
    await expectFiguresToList();
  });

  test('has no other address', async () => {
    const one = await new Journey(server).to('registered');
    expect((await one.give(people.registrar, 'adopt-case', {})).body.code).toBe('route/unknown');
  });
});

describe('a problem that its source wants looked into first', () => {
  test('is checked by those named, whose finding decides whether it goes on', async () => {
    const one = await new Journey(server).to('registered', problem({ source: { code: 'HL' } }));
    const assign = () => one.give(people.dispatcher, 'assign-case', people.assignment);
    expect((await assign()).body.code).toBe('case/facts-unestablished');
    const checkers = [people.inspector[0], people.verifier[0]];
    const start = (who: typeof people.dispatcher, body: object) => one.give(who, 'start-fact-check', body);
    expect(
      (await start(people.dispatcher, { checkers: [people.evaluator[0], people.verifier[0]] })).status,
    ).toBe(200);
    // One of them leaves: another is named, by nobody else, and not without a reason.
    const anew = { checkers, reason: '原核查人调离' };
    expect((await start(people.verifier, anew)).body.code).toBe('case/role');
    expect((await start(people.dispatcher, { checkers })).body.code).toBe('input/invalid');
    expect((await start(people.dispatcher, anew)).status).toBe(200);
    const photos = [await one.upload(people.inspector, `${one.id} check`)];
    const found = {
      substantiation: 'none',
      findings: '外墙完好。',
      place: '现场',
      visitedOn: '2026-01-06',
      photos,
    };
    expect((await one.give(people.secondVerifier, 'establish-facts', found)).body.code).toBe(
      'case/not-checker',
    );
    expect((await one.give(people.inspector, 'establish-facts', found)).status).toBe(200);
    expect((await one.get(people.inspector)).body).toMatchObject({
      ...{ status: 'unsubstantiated', substantiation: 'none', heldBy: [] },
    });
    expect((await assign()).body.code).toBe('case/status');
    await expectFiguresToList();
  });
});

describe('what should not have been entered', () => {
  test('a state secret is refused, and there is no case', async () => {
    const before = (await figures()).find(({ name }) => name === 'all')?.cases;
    const { status, body } = await new Journey(server).register(problem({ remark: '机密★' }));
    expect([status, body.code]).toEqual([422, 'case/state-secret']);
    expect((await figures()).find(({ name }) => name === 'all')?.cases).toBe(before);
  });

  test('a mistake is put right by who made it, a doublet is void', async () => {
    const one = await new Journey(server).to('assigned');
    const correction = { field: 'foundOn', to: '2026-01-04', why: '原件如此。' };
    expect((await one.give(people.dispatcher, 'correct-registration', correction)).body.code).toBe(
      'case/role',
    );
    expect((await one.give(people.registrar, 'correct-registration', correction)).status).toBe(200);
    expect((await one.get(people.inspector)).body).toMatchObject({ foundOn: '2026-01-04' });
    const doublet = { reason: '重复登记。', document: '更正〔2026〕1号' };
    expect((await one.give(people.dispatcher, 'void-case', doublet)).status).toBe(200);
    expect((await one.get(people.inspector)).body).toMatchObject({ status: 'voided', heldBy: [] });
  });
});
