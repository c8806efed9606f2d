import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { allRoutes, openApi } from '../../apps/standalone/document.js';
import { type Role, ROLES } from '../../libs/contracts/roles.js';
import { type Route } from '../../libs/platform/http/openapi.js';
import { startServer, type TestServer } from '../support/server.js';
import { exampleOf } from '../support/matrix/entries.js';
import * as people from '../support/people.js';

/** Whatever is sent to a route, it answers with what it declares: no status and no code besides. */
const POSTS = new Map(
  [
    ...[people.registrar, people.dispatcher, people.handler, people.reviewer, people.verifier],
    ...[people.cityApprover, people.inspector, people.leader, people.evaluator, people.auditor],
    ...[people.operator, people.securityAdmin, people.auditAdmin],
  ].map((who) => [who[2], who] as const),
);

interface Declared {
  responses: Record<
    string,
    | { content?: Record<string, { schema?: { properties?: { code?: { enum: string[] } } } } | undefined> }
    | undefined
  >;
  parameters?: { name: string; in: string }[];
}
const { paths } = openApi() as unknown as { paths: Record<string, Record<string, Declared>> };
const declaredOf = ({ method, path }: Route): Declared =>
  paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()] ?? { responses: {} };

let server: TestServer;
let caseId = '';
beforeAll(async () => {
  server = await startServer();
  caseId = (await new people.Journey(server).to('assigned')).id;
});
afterAll(() => server.stop());

interface Sent {
  what: string;
  path: string;
  body?: string;
  headers?: Record<string, string>;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const json = (body: unknown): Pick<Sent, 'body' | 'headers'> => ({
  body: JSON.stringify(body),
  headers: JSON_TYPE,
});
const HOSTILE = [
  '',
  '\u0000',
  '%',
  "' or 1=1 --",
  '../../etc/passwd',
  '9'.repeat(400),
  '㐀'.repeat(200),
  '-1',
  '1e9',
];

/** Requests to a route, most of them wrong. */
function requestsTo(route: Route): Sent[] {
  const at = (id: string): string => route.path.replace(/:\w+/g, id);
  const there = at(caseId);
  const ids = route.path.includes(':')
    ? ['x', randomUUID(), '%00', 'a'.repeat(90), '%F0%9F%8F%A0', '__proto__'].map((id) => ({
        what: `the id ${id}`,
        path: at(id),
        ...(route.method === 'POST' && json(exampleOf(route))),
      }))
    : [];
  const queries = (declaredOf(route).parameters ?? [])
    .filter((one) => one.in === 'query')
    .slice(0, 12)
    .map(({ name }, n) => {
      const value = encodeURIComponent(HOSTILE[n % HOSTILE.length] ?? '');
      return { what: `${name}=${value}`, path: `${there}?${name}=${value}` };
    });
  const others = [
    { what: 'a question that is not known', path: `${there}?nothing=1` },
    { what: 'a question about a prototype', path: `${there}?__proto__[admin]=1&constructor=1` },
    { what: 'a receipt that is none', path: there, headers: { 'Ledger-At-Least': 'soon' } },
  ];
  return [...ids, ...queries, ...others, ...(route.method === 'POST' ? bodiesFor(route, there) : [])];
}

function bodiesFor(route: Route, path: string): Sent[] {
  const example = exampleOf(route) as Record<string, unknown>;
  const [field = 'text'] = Object.keys(example);
  const deep = `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`;
  const nul = Object.fromEntries(
    Object.entries(example).map(([name, value]) => [
      name,
      typeof value === 'string' ? `a\u0000${value}` : value,
    ]),
  );
  return [
    { what: 'texts with a NUL', path, ...json(nul) },
    { what: 'nothing', path },
    { what: 'no object', path, ...json(1) },
    { what: 'a list', path, ...json([example]) },
    { what: 'null', path, ...json(null) },
    { what: 'nothing in it', path, ...json({}) },
    { what: 'what the document shows', path, ...json(example) },
    { what: 'a field too many', path, ...json({ ...example, role: 'system-admin' }) },
    { what: 'a field of another kind', path, ...json({ ...example, [field]: { $ne: null } }) },
    { what: 'a field that is too long', path, ...json({ ...example, [field]: 'x'.repeat(100_000) }) },
    { what: 'a body that is too long', path, ...json({ ...example, [field]: 'x'.repeat(300_000) }) },
    { what: 'half of JSON', path, body: '{"a":', headers: JSON_TYPE },
    { what: 'JSON that goes deep', path, body: deep, headers: JSON_TYPE },
    { what: 'a prototype', path, body: '{"__proto__":{"admin":true}}', headers: JSON_TYPE },
    { what: 'a text', path, body: 'hello', headers: { 'Content-Type': 'text/plain' } },
    { what: 'a form', path, body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    { what: 'no kind of content', path, body: '\u0001', headers: { 'Content-Type': 'nonsense' } },
    { what: 'a key that is none', path, ...json(example), headers: { ...JSON_TYPE, 'Idempotency-Key': ' ' } },
    {
      what: 'a revision that is none',
      path,
      ...json(example),
      headers: { ...JSON_TYPE, 'If-Match': 'W/"x"' },
    },
  ];
}

/** What of an answer is not declared, or nothing. */
async function undeclared(
  route: Route,
  token: string,
  { what, path, body, headers }: Sent,
): Promise<string[]> {
  const response = await fetch(server.url + path, {
    method: route.method,
    headers: {
      Authorization: `Bearer ${token}`,
      'Idempotency-Key': randomUUID(),
      'If-Match': '"0"',
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const { status } = response;
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return [];
  }
  const text = await response.text();
  const declared = declaredOf(route).responses[String(status)];
  // An answer to HEAD has no body to say it in.
  const code =
    text !== '' && type.startsWith('application/problem+json')
      ? (JSON.parse(text) as { code: string }).code
      : undefined;
  // An id that no address can have leads to no route.
  if (code === 'route/unknown' && what.startsWith('the id')) return [];
  if (status >= 500 && status !== 503) return [`${what}: ${status} ${String(code)}`];
  const codes = declared?.content?.['application/problem+json']?.schema?.properties?.code?.enum;
  const known = declared !== undefined && (code === undefined || codes?.includes(code) === true);
  return known ? [] : [`${what}: ${status} ${String(code)}`];
}

describe('every route answers as it declares', () => {
  const routes = allRoutes().filter(({ operation }) => operation?.may !== 'public');

  test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    async (_, route) => {
      const may = route.operation?.may as readonly Role[];
      const named = ROLES.find((role) => may.includes(role));
      const other = ROLES.find((role) => !may.includes(role));
      const faults: string[] = [];
      for (const role of [named, other]) {
        const who = role && POSTS.get(role);
        if (!who) continue;
        const token = await server.token(...who);
        for (const sent of requestsTo(route)) faults.push(...(await undeclared(route, token, sent)));
      }
      expect([...new Set(faults)]).toEqual([]);
    },
  );
});
