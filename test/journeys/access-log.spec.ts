import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type AccessPage } from '../../libs/contracts/access.js';
import { type Who } from '../support/deployments.js';
import * as people from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let one: people.Journey;
beforeAll(async () => {
  server = await startServer();
  one = await new people.Journey(server).to('assigned');
});
afterAll(() => server.stop());

const get = async (who: Who, path: string) =>
  server.send(await server.token(...who), 'GET', `/api/v1/${path}`);
const entries = async (who: Who, query: string) =>
  ((await get(who, `access-log?${query}`)).body as unknown as AccessPage).entries;

describe('a county that looks at the case of another', () => {
  const route = 'GET /api/v1/cases/:id/history';

  test('is told that there is none, and it is noted, for the auditor in whose scope the case lies', async () => {
    expect((await get(people.otherHandler, `cases/${one.id}/history`)).body.code).toBe('case/unknown');
    const [, , role] = people.otherHandler;
    const refused = { person: people.otherHandler[0], role, caseId: one.id, route, code: 'case/unknown' };
    expect(await entries(people.auditor, `caseId=${one.id}&outcome=refused`)).toMatchObject([refused]);
  });

  test('is counted when it asks again and again, not noted each time', async () => {
    for (let n = 0; n < 20; n++) await get(people.otherHandler, `cases/${one.id}/history`);
    expect(await entries(people.auditor, `caseId=${one.id}&outcome=refused`)).toHaveLength(1);
  });

  test('and one that guesses ids is seen by the audit-admin', async () => {
    const guess = randomUUID();
    await get(people.otherHandler, `cases/${guess}/history`);
    expect(await entries(people.auditAdmin, `person=${people.otherHandler[0]}&caseId=${guess}`)).toHaveLength(
      1,
    );
    expect(await entries(people.auditor, `caseId=${guess}`)).toEqual([]);
  });
});

test('whoever is not named for a route is noted with it', async () => {
  expect((await get(people.handler, 'access-log')).body.code).toBe('auth/forbidden');
  expect(await entries(people.auditAdmin, `person=${people.handler[0]}`)).toMatchObject([
    { route: 'GET /api/v1/access-log', code: 'auth/forbidden', outcome: 'refused' },
  ]);
});

test('a stranger is refused, and fills no log', async () => {
  const [newest] = await entries(people.auditAdmin, 'limit=1');
  expect((await server.send(null, 'GET', '/api/v1/access-log')).status).toBe(401);
  expect((await server.send('x'.repeat(43), 'GET', '/api/v1/access-log')).status).toBe(401);
  expect(await entries(people.auditAdmin, 'limit=1')).toEqual([newest]);
});

test.each([
  ['an outcome that there is none of', 'outcome=read'],
  ['a day that is none', 'from=2026-02-30'],
  ['a case that is no id', 'caseId=1'],
  ['a page of a million', 'limit=1000000'],
  ['a question that is not known', 'unit=x'],
  ['a person twice', 'person=a&person=b'],
])('%s is refused by its field', async (_, query) => {
  const { status, body } = await get(people.auditAdmin, `access-log?${query}`);
  expect([status, body.code]).toEqual([422, 'input/invalid']);
});
