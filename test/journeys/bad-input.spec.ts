import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { assignment, dispatcher, handler, Journey, problem, registrar, verifier } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Everything that a refusal might leave behind. */
async function left(): Promise<object> {
  const [counted] = await server.database.sql`
    select (select count(*) from log.events) as events, (select count(*) from register.numbers) as numbers,
      (select count(*) from cases.keys) as keys, (select count(*) from evidence.uploads) as uploads`;
  return { ...counted };
}

async function register(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const token = await server.token(...registrar);
  return server.send(token, 'POST', '/api/v1/cases', body, { 'Idempotency-Key': randomUUID(), ...headers });
}

const without = (field: string): object =>
  Object.fromEntries(Object.entries(problem()).filter(([name]) => name !== field));

describe('a problem that is not as it must be is refused with the field, and leaves nothing behind:', () => {
  test.each<[string, unknown, number, string, string]>([
    ['an unknown field', problem({ severty: 'general' }), 422, 'severty', 'whitelistValidation'],
    [
      'an unknown field inside',
      problem({ source: { code: 'CC', page: 3 } }),
      422,
      'source.page',
      'whitelistValidation',
    ],
    ['a missing field', without('description'), 422, 'description', ''],
    ['a wrong type', problem({ divisions: 'bronx' }), 422, 'divisions', ''],
    ['a number as text', problem({ amountFen: '100' }), 422, 'amountFen', 'isInt'],
    ['a text that is too long', problem({ description: '长'.repeat(2001) }), 422, 'description', 'isLength'],
    ['a blank text', problem({ description: '   ' }), 422, 'description', 'matches'],
    ['control characters', problem({ description: 'a\u0007b' }), 422, 'description', 'matches'],
    ['a NUL character', problem({ description: 'a\u0000b' }), 422, 'description', 'matches'],
    ['half a character', problem({ description: 'a\ud800b' }), 422, 'description', 'matches'],
    [
      'a mark that turns the reading direction',
      problem({ description: 'a\u202eb' }),
      422,
      'description',
      'matches',
    ],
    ['a day that does not exist', problem({ foundOn: '2026-02-30' }), 422, 'foundOn', 'isDay'],
    ['a day that is none', problem({ foundOn: '5 Jan 2026' }), 422, 'foundOn', ''],
    ['a day ahead', problem({ foundOn: '2199-01-01' }), 422, 'foundOn', 'not-ahead'],
    ['a fraction of money', problem({ amountFen: 100.5 }), 422, 'amountFen', 'isInt'],
    ['negative money', problem({ amountFen: -1 }), 422, 'amountFen', 'min'],
    ['more money than there is', problem({ amountFen: 1e15 }), 422, 'amountFen', 'max'],
    [
      'an unknown division',
      problem({ divisions: ['bronx', 'atlantis'] }),
      422,
      'divisions.1',
      'known-division',
    ],
    ['an unknown category', problem({ categories: ['100'] }), 422, 'categories.0', 'known-category'],
    ['the same category twice', problem({ categories: ['99', '99'] }), 422, 'categories', 'arrayUnique'],
    ['an unknown source', problem({ source: { code: 'XX' } }), 422, 'source.code', 'known-source'],
    ['half a weight', problem({ weight: 500 }), 422, 'weight', 'equals'],
    [
      'an end before the beginning',
      problem({ occurredFrom: '2026-01-02', occurredTo: '2026-01-01' }),
      422,
      'occurredTo',
      'not-before',
    ],
    ['a list as the whole', [], 422, '', 'object'],
    ['null as the whole', 'null', 422, '', 'object'],
    ['another command’s name', problem({ type: 'CloseCase' }), 422, 'type', 'equals'],
    [
      'a place outside the world',
      problem({ location: { place: { latitudeE7: 1e9, longitudeE7: 0, datum: 'WGS-84' } } }),
      422,
      'location.place.latitudeE7',
      'max',
    ],
  ])('%s', async (_, body, status, field, rule) => {
    const before = await left();
    const answer = await register(body);
    expect([answer.status, answer.body.code]).toEqual([status, 'input/invalid']);
    const [error] = answer.body.errors ?? [];
    expect(error?.field).toBe(field);
    if (rule !== '') expect(error?.rule).toBe(rule);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await left()).toEqual(before);
  });

  test.each<[string, string, Record<string, string>, number, string]>([
    ['broken JSON', '{"source":', {}, 400, 'input/json'],
    ['an empty body', '', {}, 400, 'input/json'],
    ['a prototype in JSON', '{"__proto__":{"admin":true}}', {}, 400, 'input/json'],
    ['another media type', '<xml/>', { 'Content-Type': 'application/xml' }, 415, 'input/media-type'],
    ['no key', JSON.stringify(problem()), { 'Idempotency-Key': '' }, 400, 'key/missing'],
    [
      'a key that is too long',
      JSON.stringify(problem()),
      { 'Idempotency-Key': 'k'.repeat(129) },
      400,
      'key/missing',
    ],
  ])('%s', async (_, body, headers, status, code) => {
    const before = await left();
    const answer = await register(body, headers);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await left()).toEqual(before);
  });

  test('a body of 10 MB, before it has been sent', async () => {
    const before = await left();
    const token = await server.token(...registrar);
    const headers = {
      ...{ Authorization: `Bearer ${token}`, 'Idempotency-Key': randomUUID() },
      ...{ 'Content-Type': 'application/json', 'Content-Length': 10 * 1024 * 1024 },
    };
    const answer = await new Promise<{ status?: number; text: string }>((resolve, reject) => {
      const sending = request(`${server.url}/api/v1/cases`, { method: 'POST', headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode, text });
          sending.destroy();
        });
      });
      sending.on('error', reject);
      sending.write('{"description":"');
    });
    expect([answer.status, answer.text]).toEqual([413, expect.stringContaining('input/too-large')]);
    expect(await left()).toEqual(before);
  });

  test('whoever registers for a division that is not theirs, or in a wrong role, leaves nothing either', async () => {
    const before = await left();
    const token = await server.token(...handler);
    const key = { 'Idempotency-Key': randomUUID() };
    expect((await server.send(token, 'POST', '/api/v1/cases', problem(), key)).body.code).toBe(
      'auth/forbidden',
    );
    expect((await register(problem({ divisions: ['demo-province'] }))).body.code).toBe('case/role');
    expect(await left()).toEqual(before);
  });
});

describe('a key', () => {
  test('that was used for another body of the same case is refused', async () => {
    const body = problem();
    const key = { 'Idempotency-Key': randomUUID() };
    const first = await register(body, key);
    expect(first.status).toBe(201);
    expect((await register(body, key)).status).toBe(200);
    expect((await register({ ...body, description: '另一描述。' }, key)).body.code).toBe('key/reused');
  });

  test('that began one case begins no other', async () => {
    const key = { 'Idempotency-Key': randomUUID() };
    expect((await register(problem(), key)).status).toBe(201);
    expect(await register(problem(), key)).toMatchObject({ status: 409, body: { code: 'key/reused' } });
  });

  test('that was refused may be used again for what was mended', async () => {
    const key = { 'Idempotency-Key': randomUUID() };
    expect((await register(problem({ categories: ['100'] }), key)).status).toBe(422);
    expect((await register(problem(), key)).status).toBe(201);
  });

  test('used for another command on a case is refused', async () => {
    const one = await new Journey(server).to('assigned');
    const key = { 'Idempotency-Key': randomUUID() };
    expect((await one.give(handler, 'accept-assignment', {}, key)).status).toBe(200);
    const body = { result: 'completed', measures: '。', completedOn: '2026-01-01' };
    expect((await one.give(handler, 'submit-rectification', body, key)).body.code).toBe('key/reused');
  });
});

describe('a command on a case', () => {
  test.each<[string, Record<string, string>, number, string]>([
    ['without what was seen', { 'If-Match': '' }, 428, 'case/seen-missing'],
    ['that saw something that is no revision', { 'If-Match': 'W/"x"' }, 422, 'input/invalid'],
    ['without a key', { 'Idempotency-Key': '' }, 400, 'key/missing'],
  ])('%s is refused', async (_, headers, status, code) => {
    const one = await new Journey(server).to('assigned');
    const token = await server.token(...handler);
    const usual = { 'Idempotency-Key': randomUUID(), 'If-Match': '"1"', ...headers };
    // An empty header is none.
    const all = Object.fromEntries(Object.entries(usual).filter(([, value]) => value !== ''));
    const before = await left();
    const answer = await server.send(token, 'POST', `/api/v1/cases/${one.id}/accept-assignment`, {}, all);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await left()).toEqual(before);
  });

  test('that saw less than the last material event is stale; a later immaterial one does not matter', async () => {
    const one = await new Journey(server).to('assigned');
    expect((await one.give(handler, 'accept-assignment', {}, { 'If-Match': '"0"' })).body).toMatchObject({
      code: 'case/stale',
      basis: 1,
    });
    expect((await one.give(handler, 'accept-assignment', {}, { 'If-Match': '"1"' })).status).toBe(200);
    const receipt = await one.upload(handler, one.id);
    const attach = { slot: 'result', receipt };
    expect((await one.give(handler, 'attach-evidence', attach, { 'If-Match': '"1"' })).status).toBe(200);
  });

  test('in the wrong state, of the wrong role, to an unknown unit, on no case, of no name', async () => {
    const one = await new Journey(server).to('registered');
    const assigned = await new Journey(server).to('assigned');
    const before = await left();
    const outcomes = [
      await assigned.give(dispatcher, 'assign-case', assignment),
      await one.give(registrar, 'assign-case', assignment),
      await one.give(dispatcher, 'assign-case', { ...assignment, leads: ['no-office'] }),
      await one.give(dispatcher, 'assign-case', { ...assignment, leads: ['province-office'] }),
      await one.give(dispatcher, 'assign-case', { ...assignment, dueOn: '2020-01-01' }),
      await one.give(dispatcher, 'assign-case', { ...assignment, dueOn: '2190-01-01' }),
      await one.give(dispatcher, 'strike-off'),
      await one.give(dispatcher, 'register-problem', problem()),
    ];
    expect(outcomes.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'case/status'],
      [403, 'case/role'],
      [422, 'input/invalid'],
      [409, 'case/lead-outside'],
      [409, 'case/due-past'],
      [409, 'case/due-late'],
      [404, 'route/unknown'],
      [404, 'route/unknown'],
    ]);
    one.id = randomUUID();
    expect((await one.give(dispatcher, 'assign-case', assignment)).body.code).toBe('case/unknown');
    one.id = 'no-id';
    expect((await one.give(dispatcher, 'assign-case', assignment)).body.code).toBe('case/unknown');
    expect(await left()).toEqual(before);
  });
});

describe('an upload', () => {
  const send = async (
    one: Journey,
    type: string,
    content: Uint8Array,
    who: Parameters<Journey['get']>[0] = handler,
  ): Promise<Answer> =>
    server.send(await server.token(...who), 'POST', `/api/v1/cases/${one.id}/uploads`, content, {
      'Content-Type': type,
    });

  test('of another kind than it says, of a kind that is not taken, or too large, leaves nothing behind', async () => {
    const one = await new Journey(server).to('rectifying');
    const before = await left();
    const html = Buffer.from('<script>alert(1)</script>');
    const large = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(51 * 1024 * 1024)]);
    const outcomes = [
      await send(one, 'image/png', html),
      await send(one, 'image/svg+xml', html),
      await send(one, 'text/html', html),
    ];
    expect(outcomes.map(({ status, body }) => [status, body.code])).toEqual(
      Array(3).fill([415, 'input/media-type']),
    );
    expect(await tooLarge(one, large)).toBe(413);
    expect(await left()).toEqual(before);
  });

  /** Sent by hand: the answer comes before all is sent, and the connection is closed. */
  async function tooLarge(one: Journey, content: Buffer): Promise<number | undefined> {
    const token = await server.token(...handler);
    return new Promise((resolve, reject) => {
      const headers = {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'image/png',
        'Content-Length': content.length,
      };
      const sending = request(
        `${server.url}/api/v1/cases/${one.id}/uploads`,
        { method: 'POST', headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      sending.on('error', reject);
      sending.end(content);
    });
  }

  test('counts for its case and its uploader only, and once', async () => {
    const one = await new Journey(server).to('rectifying');
    const other = await new Journey(server).to('rectifying');
    const receipt = await one.upload(handler, one.id);
    expect(await one.upload(handler, one.id)).toBe(receipt);
    const attach = { slot: 'result', receipt };
    expect((await other.give(handler, 'attach-evidence', attach)).body.code).toBe('case/receipt-unknown');
    const foreign = await one.upload(verifier, `${one.id} verifier`);
    expect((await one.give(handler, 'attach-evidence', { ...attach, receipt: foreign })).body.code).toBe(
      'case/receipt-unknown',
    );
    expect((await one.give(handler, 'attach-evidence', { ...attach, slot: 'no-such' })).body.code).toBe(
      'case/slot-unknown',
    );
    expect((await one.give(handler, 'attach-evidence', attach)).status).toBe(200);
    expect((await one.give(handler, 'attach-evidence', attach)).body.code).toBe('case/receipt-used');
  });
});

describe('a query', () => {
  test.each([
    '/api/v1/cases?limit=0',
    '/api/v1/cases?limit=1000000',
    '/api/v1/cases?limit=ten',
    '/api/v1/cases?status=gone',
    '/api/v1/cases?after=-1',
    '/api/v1/cases?sort=description',
    '/api/v1/cases?dueOn=yesterday',
    '/api/v1/cases?amountFen=1..2..3',
    '/api/v1/cases?light=purple',
    '/api/v1/cases/count?exact=perhaps',
    '/api/v1/worklists?limit=1000',
    '/api/v1/cases?reopened=perhaps',
    '/api/v1/cases?colour=red',
    '/api/v1/cases?status=closed&status=assigned',
    '/api/v1/cases?division=%27%20or%201=1',
  ])('%s is refused', async (path) => {
    const answer = await server.send(await server.token(...dispatcher), 'GET', path);
    expect([answer.status, answer.body.code]).toEqual([422, 'input/invalid']);
  });

  test('with a receipt that is none is refused', async () => {
    const token = await server.token(...dispatcher);
    const answer = await server.send(token, 'GET', '/api/v1/cases', undefined, { 'Ledger-At-Least': 'x@y' });
    expect([answer.status, answer.body.code]).toEqual([422, 'input/invalid']);
  });
});
