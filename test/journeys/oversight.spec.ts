import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as people from '../support/people.js';
import { Journey, problem } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const journey = (): Journey => new Journey(server);

async function figure(who: Parameters<Journey['get']>[0], name: string): Promise<number | undefined> {
  const { body } = await server.send(await server.token(...who), 'GET', '/api/v1/figures');
  const { figures } = body as unknown as { figures: { name: string; cases: number }[] };
  return figures.find((one) => one.name === name)?.cases;
}

const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

async function listed(who: Parameters<Journey['get']>[0]): Promise<string[]> {
  const { body } = await server.send(await server.token(...who), 'GET', '/api/v1/cases');
  return (body as unknown as { rows: { id: string }[] }).rows.map(({ id }) => id);
}

describe('people at risk, and more time than there was', () => {
  test('they are made safe first; then time is asked for and given, and nothing is lost in the ledger', async () => {
    const one = await journey().to('rectifying', problem({ personsAtRisk: true }));
    // Later than the day that is due, and no later than it may ever be.
    const until = daysAfter(String((await one.get(people.handler)).body.dueOn), 7);
    const more = { until, reason: '连续降雨。' };
    expect((await one.give(people.handler, 'request-extension', more)).body.code).toBe('case/flag-atRisk');
    const safety = { measures: '已搬至安置点。', persons: 4, doneOn: '2026-01-06' };
    expect((await one.give(people.handler, 'record-interim-safety', safety)).status).toBe(200);
    expect((await one.give(people.handler, 'report-progress', { text: '已搭架。' })).status).toBe(200);
    expect((await one.give(people.handler, 'request-extension', more)).status).toBe(200);
    expect((await one.get(people.inspector)).body).toMatchObject({ flags: ['extensionPending'] });
    expect((await one.give(people.handler, 'grant-extension')).body.code).toBe('case/role');
    expect((await one.give(people.dispatcher, 'grant-extension')).status).toBe(200);
    expect((await one.get(people.inspector)).body).toMatchObject({
      ...{ flags: [], dueOn: until, extensions: 1, reports: 1, progress: '已搭架。' },
    });
  });
});

describe('an excluded person', () => {
  test('finds the case in no list, no figure, no history and under no command; others do', async () => {
    const one = await journey().to('rectifying');
    const before = (await figure(people.handler, 'all')) ?? 0;
    expect(await listed(people.handler)).toContain(one.id);
    const out = { person: people.handler[0], reason: '近亲属为施工方。' };
    expect((await one.give(people.dispatcher, 'exclude-person', out)).status).toBe(200);
    await one.get(people.inspector);

    expect(await listed(people.handler)).not.toContain(one.id);
    expect(await figure(people.handler, 'all')).toBe(before - 1);
    for (const path of ['', '/history']) {
      const { status, body } = await one.get(people.handler, path);
      expect([status, body.code]).toEqual([404, 'case/unknown']);
    }
    expect((await one.give(people.handler, 'report-progress')).body.code).toBe('case/unknown');
    await expect(one.upload(people.handler, 'late')).rejects.toThrow('404 case/unknown');

    expect(await listed(people.reviewer)).toContain(one.id);
    expect(await listed(people.dispatcher)).toContain(one.id);
  });
});

describe('a leader’s instruction', () => {
  test('keeps the case from being struck off until its answer is accepted', async () => {
    const one = await journey().to('verified');
    const word = { from: '分管副市长', original: '请尽快解决。', lead: 'bronx-office', dueOn: '2099-12-31' };
    expect((await one.give(people.dispatcher, 'record-instruction', word)).status).toBe(200);
    const answer = { instruction: 1, answer: '已修复。' };
    expect((await one.give(people.cityApprover, 'close-case')).body.code).toBe('case/instruction-open');
    expect((await one.give(people.otherHandler, 'answer-instruction', answer)).body.code).toBe(
      'case/unknown',
    );
    expect((await one.give(people.handler, 'answer-instruction', answer)).status).toBe(200);
    expect((await one.give(people.cityApprover, 'close-case')).body.code).toBe('case/instruction-open');
    expect((await one.give(people.dispatcher, 'accept-answer', { instruction: 1 })).status).toBe(200);
    expect((await one.give(people.cityApprover, 'close-case')).status).toBe(200);
    expect((await one.get(people.inspector)).body).toMatchObject({ status: 'closed', openInstructions: 0 });
  });
});
