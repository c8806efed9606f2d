import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import * as people from '../support/people.js';
import { Journey, problem } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const journey = (): Journey => new Journey(server);

describe('a serious problem', () => {
  test('is closed by the province only, and only after the province approved', async () => {
    const one = await journey().to('verified', problem({ severity: 'serious' }));
    expect((await one.give(people.cityApprover, 'close-case')).body.code).toBe('case/role');
    expect((await one.give(people.provinceApprover, 'close-case')).body.code).toBe('case/awaits-approve');
    expect((await one.give(people.provinceApprover, 'approve-closure')).status).toBe(200);
    expect((await one.give(people.provinceApprover, 'approve-closure')).body.code).toBe('case/step-done');
    expect((await one.give(people.provinceApprover, 'close-case')).status).toBe(200);
  });

  test('that turns out false is reopened by the inspector: a new round, nothing of the old proof counts', async () => {
    const one = await journey().to('verified', problem({ severity: 'serious' }));
    await one.give(people.provinceApprover, 'approve-closure');
    await one.give(people.provinceApprover, 'close-case');
    const reason = { cause: 'false-rectification', reason: '现场未整改。' };
    expect((await one.give(people.handler, 'reopen-case', reason)).body.code).toBe('case/role');
    expect((await one.give(people.inspector, 'reopen-case', reason)).status).toBe(200);
    const { body } = await one.get(people.inspector);
    expect(body).toMatchObject({ status: 'rectifying', round: 2, reopened: 1, closedAt: null, evidence: 0 });
    const again = { result: 'completed', measures: '无', completedOn: '2026-01-20' };
    expect((await one.give(people.handler, 'submit-rectification', again)).body).toMatchObject({
      code: 'case/evidence-missing',
      slots: ['before-photo', 'after-photo', 'result'],
    });
    await one.submit();
    await one.give(people.reviewer, 'pass-review');
    const photos = [await one.upload(people.verifier, randomUUID())];
    const visit = { method: 'on-site', place: '现场', visitedOn: '2026-01-22', findings: '已修复。', photos };
    expect((await one.give(people.verifier, 'record-verification', visit)).body.code).toBe(
      'case/verifier-barred',
    );
  });
});

describe('ways back', () => {
  test('a wrong assignment is returned, the ruling settles it, and the second return is not rejected', async () => {
    const one = await journey().to('assigned');
    const back = { ground: 'wrong-division', reason: '不在本县。' };
    expect(
      (await one.give(people.handler, 'return-assignment', { ...back, ground: 'no-money' })).body.code,
    ).toBe('case/return-ground');
    await one.give(people.handler, 'return-assignment', back);
    expect((await one.give(people.handler, 'accept-assignment')).body.code).toBe('case/flag-returnPending');
    expect((await one.get(people.inspector)).body).toMatchObject({
      flags: ['returnPending'],
      heldBy: ['city-office'],
    });
    await one.give(people.dispatcher, 'reject-return', { reason: '属地无误。' });
    await one.give(people.handler, 'return-assignment', back);
    expect((await one.give(people.dispatcher, 'reject-return', { reason: '属地无误。' })).body.code).toBe(
      'case/return-second',
    );
    await one.give(people.dispatcher, 'uphold-return', { reason: '重新交办。' });
    expect((await one.give(people.dispatcher, 'assign-case', people.assignment)).body.code).toBe(
      'case/assignment-not-final',
    );
    await one.give(people.dispatcher, 'assign-case', { ...people.assignment, final: true });
    expect((await one.give(people.handler, 'return-assignment', back)).body.code).toBe('case/return-final');
    expect((await one.give(people.handler, 'accept-assignment')).status).toBe(200);
  });

  test.each([
    ['reject-rectification', 'submitted', people.reviewer],
    ['fail-verification', 'rectified', people.verifier],
    ['reject-closure', 'verified', people.cityApprover],
  ] as const)('%s sends a case that is %s back to the county', async (command, status, who) => {
    const one = await journey().to(status);
    const reasons = [{ slot: 'after-photo', reason: '角度不同，无法比对。' }];
    const unknown = await one.give(who, command, { reasons: [{ slot: 'no-such', reason: '。' }] });
    expect(unknown.body.code).toBe('case/slot-unknown');
    expect((await one.give(who, command, { reasons })).status).toBe(200);
    expect((await one.get(people.inspector)).body).toMatchObject({
      status: 'rectifying',
      heldBy: ['bronx-office'],
    });
  });
});

describe('the same command twice', () => {
  test('is carried out once and answered twice', async () => {
    const one = await journey().to('assigned');
    const key = { 'Idempotency-Key': randomUUID(), 'If-Match': `"${one.revision}"` };
    const first = await one.give(people.handler, 'accept-assignment', {}, key);
    const second = await one.give(people.handler, 'accept-assignment', {}, key);
    expect(second.status).toBe(200);
    expect(second.body).toEqual({ ...first.body, repeated: true });
  });

  test('registering the same line of the same document again names the case that is there', async () => {
    const one = journey();
    const body = problem({ source: { code: 'CC', document: `Ｎ-${randomUUID()}`, line: '7' } });
    expect((await one.register(body)).status).toBe(201);
    const { source } = body as { source: { document: string } };
    const same = {
      ...body,
      source: { ...source, document: ` ${source.document.toLowerCase().normalize('NFKC')} ` },
    };
    const again = await new Journey(server).register(same);
    expect(again).toMatchObject({ status: 409, body: { code: 'case/already-registered', case: one.id } });
  });

  test('two who decide at the same moment on what they saw: one of them is told to look again', async () => {
    const one = await journey().to('submitted');
    const seen = { 'If-Match': `"${one.revision}"` };
    const reasons = [{ slot: 'result', reason: '说明不全。' }];
    const outcomes = await Promise.all([
      one.give(people.reviewer, 'pass-review', {}, seen),
      one.give(people.reviewer, 'reject-rectification', { reasons }, seen),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 412]);
  });
});

describe('what one reads', () => {
  test('is what one wrote, when the receipt is shown', async () => {
    for (let n = 0; n < 20; n++) {
      const one = await journey().to('registered');
      const { status, body, headers } = await one.get(people.dispatcher);
      expect([status, body.revision, headers.get('ledger-behind')]).toEqual([200, 0, null]);
    }
  });

  test('says that it is behind when the receipt is ahead of everything', async () => {
    const one = await journey().to('registered');
    const token = await server.token(...people.dispatcher);
    const ahead = { 'Ledger-At-Least': `${one.id}@999` };
    const { status, headers } = await server.send(token, 'GET', `/api/v1/cases/${one.id}`, undefined, ahead);
    expect([status, headers.get('ledger-behind')]).toEqual([200, 'true']);
  });

  test('is listed a page at a time, newest first, each case once', async () => {
    const token = await server.token(...people.inspector);
    const seen: number[] = [];
    let next: string | undefined;
    do {
      const path = `/api/v1/cases?limit=7${next === undefined ? '' : `&after=${next}`}`;
      const { body } = await server.send(token, 'GET', path);
      const page = body as unknown as { rows: { seq: number }[]; next?: string };
      seen.push(...page.rows.map(({ seq }) => seq));
      ({ next } = page);
    } while (next !== undefined);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    const { body } = await server.send(token, 'GET', '/api/v1/figures');
    const { figures } = body as unknown as { figures: { cases: number; filter: Record<string, string> }[] };
    expect(figures[0]?.cases).toBe(seen.length);
    for (const { cases, filter } of figures) {
      const { body: page } = await server.send(
        token,
        'GET',
        `/api/v1/cases?limit=200&${new URLSearchParams(filter).toString()}`,
      );
      expect((page as unknown as { rows: object[] }).rows).toHaveLength(cases);
    }
  });

  test('is one’s own scope: another county’s case is not there', async () => {
    const one = await journey().to('assigned');
    for (const path of ['', '/history']) expect((await one.get(people.otherHandler, path)).status).toBe(404);
    expect((await one.give(people.otherHandler, 'accept-assignment')).body.code).toBe('case/unknown');
    await expect(one.upload(people.otherHandler, 'x')).rejects.toThrow('404 case/unknown');
    const token = await server.token(...people.otherHandler);
    const { body } = await server.send(token, 'GET', '/api/v1/cases?limit=200');
    expect((body as unknown as { rows: object[] }).rows).toEqual([]);
  });

  test('a token that was withdrawn is worth nothing from then on', async () => {
    const token = await server.token(...people.operator);
    expect((await server.send(token, 'GET', '/metrics')).status).toBe(200);
    await server.database.sql`update identity.tokens set revoked_at = now() where person = 'operator'`;
    await server.database.sql.notify('identity', '');
    let status = 200;
    for (let look = 0; look < 100 && status === 200; look++)
      ({ status } = await server.send(token, 'GET', '/metrics'));
    expect(status).toBe(401);
  });
});
