import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { allRoutes } from '../../apps/standalone/document.js';
import { READERS, type Role, ROLES } from '../../libs/contracts/roles.js';
import { type Route } from '../../libs/platform/http/openapi.js';
import { until } from '../faults/support/processes.js';
import * as people from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';
import { entryOf, exampleOf, inRegister, left, nameOf, type Request } from '../support/matrix/entries.js';
import { personOf, type Relation, RELATIONS } from '../support/matrix/people.js';
import { type Known, makeWorld } from '../support/matrix/world.js';
import { partsOf } from '../support/zip.js';

/**
 * Who gets what: every route, asked by somebody in every role who is of the division of a case, of another, or kept out of
 * the case, and by a stranger. The expectations come from what a route declares and what it is about, not from what it does.
 */
const routes = allRoutes();
const closed = routes.filter(({ operation }) => operation?.may !== 'public');
const CELLS = ROLES.length * RELATIONS.length + 1;

let server: TestServer;
let known: Known;
const tokens = new Map<string, string>();

beforeAll(async () => {
  server = await startServer();
  known = await makeWorld(server);
  for (const role of ROLES)
    for (const relation of RELATIONS)
      tokens.set(`${role}/${relation}`, await server.token(...personOf(role, relation)));
  await known.one.get(people.inspector);
});
afterAll(() => server.stop());

interface Told {
  status: number;
  code: string | undefined;
  /** All of it, unpacked where it is a workbook. */
  text: string;
}

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'auth/missing',
  403: 'auth/forbidden',
  404: 'upload/unknown',
};

async function asked(
  token: string | undefined,
  { method }: Pick<Route, 'method'>,
  request: Request,
): Promise<Told> {
  const bytes = request.body instanceof Buffer ? request.body : undefined;
  const response = await fetch(server.url + request.path, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
      'Idempotency-Key': randomUUID(),
      ...request.headers,
    },
    ...(request.body !== undefined && { body: bytes ?? JSON.stringify(request.body) }),
  });
  const { status } = response;
  // The stream of live updates does not end by itself: whether it is opened is all that is asked here.
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    await response.body?.cancel();
    return { status, code: undefined, text: '' };
  }
  // An answer to HEAD has no body to say it in.
  if (method === 'HEAD') return { status, code: BY_STATUS[status], text: '' };
  const content = Buffer.from(await response.arrayBuffer());
  const zipped = content.subarray(0, 2).toString('latin1') === 'PK';
  const text = zipped ? [...(await partsOf(content)).values()].join('\n') : content.toString('utf8');
  const problem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  return { status, code: problem ? (JSON.parse(text) as { code: string }).code : undefined, text };
}

test('every route says what it is about, and nothing else is said', () => {
  expect(routes.filter((route) => !entryOf(route)).map(nameOf)).toEqual([]);
  expect(left(routes)).toEqual([]);
});

test('the matrix is as large as it says', () => {
  const size = closed.length * CELLS;
  process.stdout.write(
    `${closed.length} closed routes × (${ROLES.length} roles × ${RELATIONS.length} relations + a stranger) = ${size} cells\n`,
  );
  expect(size).toBeGreaterThan(5000);
});

const UNSEEN = /\/unknown$/;
const TURNED_AWAY = new Set(['auth/forbidden', 'case/role', 'register/role']);

/** What is wrong with an answer, or nothing. */
function fault(
  route: Route,
  role: Role,
  relation: Relation,
  { status, code, text }: Told,
): string | undefined {
  const entry = entryOf(route);
  const named = (route.operation?.may as readonly Role[]).includes(role);
  const said = code ?? String(status);
  if (status >= 500 || entry === undefined) return said;
  if (entry.about === 'self') return said === 'auth/session' ? undefined : said;
  if (status === 401) return said;
  const sees = relation === 'own division';
  // At the door or at the desk: who is not named gets nothing, whatever there is.
  if (!named) {
    if (TURNED_AWAY.has(said)) return undefined;
    return entry.about === 'case' && !sees && said === 'case/unknown' ? undefined : said;
  }
  if (code === 'auth/forbidden') return said;
  switch (entry.about) {
    case 'case':
      return UNSEEN.test(said) === sees ? said : undefined;
    case 'thing': {
      // What somebody made is theirs; what is of a division is its inspectors'.
      const own = known.owners.has(`${nameOf(route)}/${role}/${relation}`);
      return UNSEEN.test(said) === own ? said : undefined;
    }
    case 'cases': {
      if (status >= 400) return said;
      const tells = entry.tells(text, known.world);
      if (tells && !sees) return 'told';
      return !tells && sees && !known.elsewhere(nameOf(route), role) ? 'not told' : undefined;
    }
    default:
      return undefined;
  }
}

describe.each(closed.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  /** Whoever may not gets it as it should be, so that nothing else turns it away; whoever may changes nothing by it. */
  const request = (may: boolean): Request => {
    const entry = entryOf(route);
    if (entry && 'ask' in entry) return entry.ask(known.world);
    const path = inRegister(route.path, known.world);
    return { path, ...(route.method === 'POST' && { body: may ? {} : exampleOf(route) }) };
  };

  test('is closed to a stranger', async () => {
    const { status, code } = await asked(undefined, route, request(false));
    expect([status, code]).toEqual([401, 'auth/missing']);
  });

  test('gives every role in every relation what it may have, and nobody more', async () => {
    const faults: string[] = [];
    for (const relation of RELATIONS)
      for (const role of ROLES) {
        const may = (route.operation?.may as readonly Role[]).includes(role);
        const told = await asked(tokens.get(`${role}/${relation}`), route, request(may));
        const wrong = fault(route, role, relation, told);
        if (wrong !== undefined) faults.push(`${role} of ${relation}: ${wrong}`);
      }
    expect(faults).toEqual([]);
  });
});

test('of a change of the case hear those of its division who read cases, and nobody else', async () => {
  const listening = new AbortController();
  const heard = new Set<string>();
  const opened = READERS.flatMap((role) =>
    RELATIONS.map(async (relation) => {
      const name = `${role}/${relation}`;
      const { body } = await fetch(`${server.url}/api/v1/live`, {
        headers: { Authorization: `Bearer ${tokens.get(name) ?? ''}` },
        signal: listening.signal,
      });
      void listen(body, () => heard.add(name));
    }),
  );
  await Promise.all(opened);
  const { one } = known;
  await one.give(people.handler, 'report-progress', { text: '继续施工。' });
  const ofDivision = READERS.map((role) => `${role}/own division`).sort();
  await until('everybody of the division has heard', () =>
    ofDivision.every((name) => heard.has(name)) ? true : undefined,
  );
  // Whoever is told too much is told at the same time: the next change is heard of by all after it.
  heard.clear();
  await one.give(people.handler, 'report-progress', { text: '接近完工。' });
  await until('everybody of the division has heard again', () =>
    ofDivision.every((name) => heard.has(name)) ? true : undefined,
  );
  expect([...heard].sort()).toEqual(ofDivision);
  listening.abort();
});

async function listen(body: ReadableStream<Uint8Array> | null, tell: () => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body ?? []) {
      text = (text + decoder.decode(chunk, { stream: true })).slice(-10_000);
      if (text.includes(known.world.caseId)) {
        text = '';
        tell();
      }
    }
  } catch {
    // Hung up.
  }
}
