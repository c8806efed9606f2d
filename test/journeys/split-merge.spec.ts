import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { partId } from '../../libs/eventing/ids.js';
import * as people from '../support/people.js';
import { Journey, problem } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const journey = (): Journey => new Journey(server);

interface Seen {
  status: string;
  weight: number;
  amountFen: number | null;
  parent: string | null;
  caseNumber: string;
  revision: number;
  items: number;
  absorbed: string[];
  sources: { document: string }[];
  mergedInto: string | null;
}

/** A case as the inspector sees it, as soon as something is so. */
async function when(id: string, so: (row: Seen) => boolean): Promise<Seen> {
  const token = await server.token(...people.inspector);
  for (let look = 0; look < 200; look++) {
    const { status, body } = await server.send(token, 'GET', `/api/v1/cases/${id}`);
    const row = body as unknown as Seen;
    if (status === 200 && so(row)) return row;
    await pause(25);
  }
  throw new Error(`${id} has not come to it`);
}

/** A case that was not registered by us goes on from what is seen of it. */
async function joined(id: string): Promise<Journey> {
  const one = journey();
  const { revision } = await when(id, () => true);
  return Object.assign(one, { id, revision, receipt: `${id}@${revision}` });
}

async function figure(name: string): Promise<{ cases: number; weight: number }> {
  const { body } = await server.send(await server.token(...people.inspector), 'GET', '/api/v1/figures');
  const { figures } = body as unknown as { figures: { name: string; cases: number; weight: number }[] };
  return figures.find((one) => one.name === name) ?? { cases: 0, weight: 0 };
}

const types = ({ body }: Answer): string[] =>
  (body as unknown as { events: { type: string }[] }).events.map(({ type }) => type);

async function close(one: Journey): Promise<Answer> {
  await one.give(people.dispatcher, 'assign-case', people.assignment);
  await one.give(people.handler, 'accept-assignment');
  await one.submit();
  await one.give(people.reviewer, 'pass-review');
  await one.verify();
  return one.give(people.cityApprover, 'close-case');
}

describe('a problem of two counties', () => {
  test('its households go to the county where they live, and their names with them', async () => {
    const whole = await journey().to('registered', problem({ divisions: ['bronx', 'queens'] }));
    const name = '演示户主丁';
    const house = { kind: 'household', holder: { name } };
    const items = [
      { ...house, id: 'h1', division: 'bronx' },
      { id: 'h2', kind: 'household', division: 'queens' },
    ];
    expect((await whole.give(people.registrar, 'list-items', { items })).status).toBe(200);
    const split = (...dealt: string[][]) =>
      whole.give(people.registrar, 'split-case', {
        parts: ['bronx', 'queens'].map((division, n) => ({
          ...{ weight: 500, divisions: [division], items: dealt[n] },
        })),
        reason: '分属两县',
      });
    expect((await split(['h1'])).body).toMatchObject({ code: 'case/items-undealt', items: ['h2'] });
    expect((await split(['h2'], ['h1'])).body).toMatchObject({ code: 'input/invalid' });
    expect((await split(['h1'], ['h2'])).status).toBe(200);

    const bronx = await joined(partId(whole.id, 0));
    await when(bronx.id, (row) => row.items === 1);
    await when(partId(whole.id, 1), (row) => row.items === 1);
    await when(whole.id, (row) => row.status === 'split' && row.items === 0);
    const token = await server.token(...people.inspector);
    const shown = await server.send(token, 'POST', `/api/v1/cases/${bronx.id}/reveal`, {
      ...{ revision: 1, field: 'items.0.holder.name', purpose: '核对户主姓名' },
    });
    expect(shown.body).toMatchObject({ text: name });
  });

  test('is split: each has its part in the ledger with its weight and money, and one is struck off by itself', async () => {
    const whole = await journey().to(
      'registered',
      problem({ divisions: ['bronx', 'queens'], amountFen: 900_000 }),
    );
    await whole.get(people.inspector);
    const before = await figure('all');
    const parts = [
      { weight: 400, divisions: ['bronx'], amountFen: 300_000, taskText: '北侧外墙' },
      { weight: 600, divisions: ['queens'], amountFen: 600_000 },
    ];
    const uneven = { parts: [parts[0], { ...parts[1], weight: 601 }], reason: '分属两县' };
    expect((await whole.give(people.registrar, 'split-case', uneven)).body).toMatchObject({
      ...{ code: 'case/weights-unequal', sum: 1001 },
    });
    expect((await whole.give(people.registrar, 'split-case', { parts, reason: '分属两县' })).status).toBe(
      200,
    );
    expect((await whole.get(people.inspector)).body).toMatchObject({
      status: 'split',
      weight: 0,
      amountFen: 0,
    });

    const [bronx, queens] = [partId(whole.id, 0), partId(whole.id, 1)];
    const [one, other] = [await when(bronx, () => true), await when(queens, () => true)];
    expect(one).toMatchObject({ parent: whole.id, weight: 400, amountFen: 300_000, taskText: '北侧外墙' });
    expect(other).toMatchObject({ parent: whole.id, weight: 600, amountFen: 600_000 });
    expect(one.caseNumber).not.toBe(other.caseNumber);
    expect(await figure('all')).toMatchObject({ cases: before.cases + 2, weight: before.weight });

    const part = await joined(bronx);
    expect((await close(part)).status).toBe(200);
    expect((await part.get(people.inspector)).body).toMatchObject({ status: 'closed', weight: 400 });
    expect((await when(queens, () => true)).status).toBe('registered');
    const { body } = await part.get(people.inspector, '/history');
    expect((body as unknown as { events: object[] }).events[0]).toMatchObject({
      actor: { person: 'process-manager', unit: 'city-office', via: 'manager' },
      data: { parent: whole.id, finder: 'city-office' },
    });
  });

  test('of which a remainder is left goes on without it', async () => {
    const whole = await journey().to('rectifying', problem({ amountFen: 900_000 }));
    const rest = { weight: 100, amountFen: 200_000, taskText: '一户外出', reason: '该户外出' };
    expect((await whole.give(people.handler, 'split-residual', rest)).body.code).toBe('case/role');
    expect((await whole.give(people.dispatcher, 'split-residual', rest)).status).toBe(200);
    const row = { status: 'rectifying', weight: 900, amountFen: 700_000 };
    expect((await whole.get(people.inspector)).body).toMatchObject(row);
    expect(await when(partId(whole.id, 0), () => true)).toMatchObject({
      ...{ status: 'registered', weight: 100, amountFen: 200_000, parent: whole.id },
    });
  });
});

describe('a problem that was registered twice', () => {
  test('is merged: one case goes on and shows where both were written down', async () => {
    const [twin, one] = [await journey().to('rectifying'), await journey().to('registered')];
    const both = { into: twin.id, reason: '同一处外墙' };
    expect((await one.give(people.registrar, 'merge-case', both)).status).toBe(200);
    const row = await when(twin.id, ({ absorbed }) => absorbed.length > 0);
    expect(row).toMatchObject({ status: 'rectifying', absorbed: [one.id] });
    expect(new Set(row.sources.map(({ document }) => document)).size).toBe(2);
    expect((await one.get(people.inspector)).body).toMatchObject({ status: 'merged', mergedInto: twin.id });
    expect((await figure('merged')).cases).toBeGreaterThan(0);
    expect((await one.give(people.dispatcher, 'assign-case', people.assignment)).body.code).toBe(
      'case/status',
    );
  });

  test('into a case that is closed: that is undone, and it goes on', async () => {
    const [twin, one] = [await journey().to('verified'), await journey().to('registered')];
    await twin.give(people.cityApprover, 'close-case');
    await one.give(people.registrar, 'merge-case', { into: twin.id, reason: '同一处外墙' });
    const { revision } = await when(one.id, ({ revision }) => revision > 1);
    const again = await joined(one.id);
    expect((await again.get(people.inspector)).body).toMatchObject({
      ...{ status: 'registered', mergedInto: null, heldBy: ['city-office'], revision },
    });
    expect(types(await again.get(people.inspector, '/history'))).toEqual([
      ...['ProblemRegistered', 'CaseMerged', 'MergeUndone'],
    ]);
    expect((await again.give(people.dispatcher, 'assign-case', people.assignment)).status).toBe(200);
  });

  test('only into a case that one may see', async () => {
    const one = await journey().to('registered');
    const into = { into: partId(one.id, 7), reason: '同一处外墙' };
    const { status, body } = await one.give(people.registrar, 'merge-case', into);
    expect([status, body.code]).toEqual([404, 'case/target-unknown']);
  });
});

test('what only the system does has no address', async () => {
  const one = await journey().to('registered');
  for (const command of ['register-part', 'absorb-case', 'undo-merge']) {
    expect((await one.give(people.registrar, command)).body.code).toBe('route/unknown');
  }
});

test('how it is carried on is told to whoever runs it', async () => {
  const { body } = await server.send(null, 'GET', '/health/ready');
  expect(body).toMatchObject({ status: 'ok', manager: { waiting: 0, stuck: 0 } });
  const operator = await server.token(...people.operator);
  const metrics = await server.send(operator, 'GET', '/metrics');
  expect(String(metrics.body.text)).toContain('xiaohao_manager_stuck 0');
});
