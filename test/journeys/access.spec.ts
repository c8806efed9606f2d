import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { allRoutes, openApi } from '../../apps/standalone/document.js';
import { ROLES } from '../../libs/contracts/roles.js';
import * as people from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const routes = allRoutes();
const closed = routes.filter(({ operation }) => operation?.may !== 'public');
const addressOf = (path: string): string => path.replace(':id', randomUUID());

/** Somebody of the register in each role. */
const POSTS = [
  ...[people.registrar, people.dispatcher, people.handler, people.reviewer, people.verifier],
  ...[people.cityApprover, people.inspector, people.leader, people.evaluator, people.auditor],
  ...[people.operator, people.securityAdmin, people.auditAdmin],
] as const;

describe('every route', () => {
  test('says who may call it', () => {
    expect(routes.filter(({ operation }) => operation === undefined)).toEqual([]);
    for (const { operation } of closed) {
      for (const role of operation?.may ?? []) expect(ROLES).toContain(role);
      expect(operation?.may.length).toBeGreaterThan(0);
    }
  });

  test('that the server answers is one of these, or the document itself', async () => {
    const { body } = await server.send(null, 'GET', '/api/openapi.json');
    const described = Object.entries((body as unknown as { paths: Record<string, object> }).paths).flatMap(
      ([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const known = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.sort()).toEqual(known.sort());
  });

  test.each(closed.map(({ method, path }) => [method, path]))(
    '%s %s is closed without a token, and to a wrong one',
    async (method, path) => {
      const body = method === 'POST' ? {} : undefined;
      // An answer to HEAD has no body to say it in.
      if (method === 'HEAD') {
        expect((await server.send(null, method, addressOf(path))).status).toBe(401);
        expect((await server.send('x'.repeat(43), method, addressOf(path))).status).toBe(401);
        return;
      }
      expect((await server.send(null, method, addressOf(path), body)).body.code).toBe('auth/missing');
      expect((await server.send('x'.repeat(43), method, addressOf(path), body)).body.code).toBe(
        'auth/invalid',
      );
      const basic = { Authorization: 'Basic eDp5' };
      expect((await server.send(null, method, addressOf(path), body, basic)).body.code).toBe('auth/invalid');
    },
  );

  test('is tried by somebody in each role', () => {
    expect(POSTS.map(([, , role]) => role).sort()).toEqual([...ROLES].sort());
  });

  test.each(POSTS)(
    'is closed to %s (%s, %s) where the role is not named, and open where it is',
    async (person, unit, role) => {
      const token = await server.token(person, unit, role);
      for (const { method, path, operation } of closed) {
        // It answers without end to whoever is named: see live.spec.ts.
        if (path === '/api/v1/live' && operation?.may.includes(role) === true) continue;
        const { body, status } = await server.send(
          token,
          method,
          addressOf(path),
          method === 'POST' ? {} : undefined,
        );
        const named = operation?.may.includes(role) === true;
        const refusedAsRole =
          body.code === 'auth/forbidden' ||
          body.code === 'case/role' ||
          (method === 'HEAD' && status === 403);
        // A role that gives no command at all is turned away at the door; others by the command itself, which
        // does not tell them whether there is such a case.
        expect([
          method,
          path,
          named || refusedAsRole || status === 404 || status === 400 || status === 428,
        ]).toEqual([method, path, true]);
        if (named) expect([method, path, refusedAsRole]).toEqual([method, path, false]);
      }
    },
  );

  test('of the console is free: nothing outside /api, /health and /metrics answers', async () => {
    for (const path of ['/', '/work', '/cases', '/m/work', '/login', '/index.html']) {
      expect((await server.send(null, 'GET', path)).body.code).toBe('route/unknown');
    }
  });
});

describe('a refusal', () => {
  test.each([
    [undefined, 'zh-CN', '请先登录：请求未携带访问令牌。'],
    ['en-GB,en;q=0.9,zh;q=0.5', 'en', 'Send a bearer token.'],
    ['fr', 'zh-CN', '请先登录：请求未携带访问令牌。'],
  ])('to a reader of %s speaks %s; its code is the same', async (accepted, language, title) => {
    const headers: Record<string, string> = accepted === undefined ? {} : { 'Accept-Language': accepted };
    const answer = await server.send(null, 'GET', '/api/v1/cases', undefined, headers);
    expect(answer.body).toMatchObject({ code: 'auth/missing', status: 401, title });
    expect(answer.headers.get('content-language')).toBe(language);
    expect(answer.headers.get('vary')).toBe('Accept-Language');
  });
});

describe('a token', () => {
  test('of a post that the register does not know is worth nothing', async () => {
    const token = await server.token('bronx-handler', 'city-office', 'approver');
    expect((await server.send(token, 'GET', '/api/v1/cases')).body.code).toBe('auth/invalid');
  });

  test('that has expired is worth nothing', async () => {
    const token = await server.token('queens-reviewer', 'queens-office', 'reviewer');
    await server.database
      .sql`update identity.tokens set until = now() - interval '1 second' where person = 'queens-reviewer'`;
    expect((await server.send(token, 'GET', '/api/v1/cases')).body.code).toBe('auth/invalid');
  });

  test('is kept as a hash only', async () => {
    const token = await server.token('city-registrar', 'city-office', 'registrar');
    const [found] = await server.database.sql<{ n: number }[]>`
      select count(*)::int as n from identity.tokens t where t::text like ${`%${token}%`}`;
    expect(found?.n).toBe(0);
  });
});

describe('whether it lives and how it does', () => {
  test('is told to whoever asks; measurements to the operator', async () => {
    expect((await server.send(null, 'GET', '/health/live')).body).toEqual({ status: 'ok' });
    const ready = await server.send(null, 'GET', '/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { status: 'ok', ledger: { halted: 0 } } });
    const operator = await server.token('operator', 'province-office', 'system-admin');
    const { body } = await server.send(operator, 'GET', '/metrics');
    expect(String(body.text)).toContain('xiaohao_ledger_behind_seconds');
    expect(String(body.text)).toMatch(
      /xiaohao_http_requests_total\{method="GET",route="\/health\/live",status="200"\} \d+/,
    );
  });
});

test('the document served is the one that is made from the routes', async () => {
  const { body } = await server.send(null, 'GET', '/api/openapi.json');
  expect(body).toEqual(JSON.parse(JSON.stringify(openApi())));
  expect((await server.send(null, 'GET', '/api/docs')).status).toBe(200);
});
