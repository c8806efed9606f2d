import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as people from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** What every answer tells a browser. */
function expectSafe(headers: Headers): void {
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': expect.stringMatching(/^max-age=31536000/),
  });
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("object-src 'none'");
  expect(policy).toContain("base-uri 'none'");
  expect(headers.get('cache-control')).toContain('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('access-control-allow-origin')).toBeNull();
}

test.each([
  ['an answer', '/api/v1/cases', 200],
  ['a refusal', '/api/v1/access-log', 403],
  ['what there is not', '/api/v1/nothing', 404],
  ['whether it is alive', '/health/live', 200],
  ['a file', '/api/v1/exports/ledger?format=csv', 200],
])('%s is not to be sniffed, framed, kept or told of', async (_, path, status) => {
  const answer = await server.send(await server.token(...people.handler), 'GET', path);
  expect(answer.status).toBe(status);
  expectSafe(answer.headers);
});

test('nor is it to a stranger', async () => {
  const answer = await server.send(null, 'GET', '/api/v1/cases');
  expect(answer.status).toBe(401);
  expectSafe(answer.headers);
});

test.each(['TRACE', 'CONNECT', 'PUT', 'PATCH', 'DELETE'])('%s is not known anywhere', async (method) => {
  // fetch sends neither of the first two itself.
  const { connect } = await import('node:net');
  const { hostname, port } = new URL(server.url);
  const line = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${method} /api/v1/cases HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(text.split('\r\n')[0] ?? '');
    });
  });
  expect(line === '' || / (?:400|404|405) /.test(line)).toBe(true);
});
