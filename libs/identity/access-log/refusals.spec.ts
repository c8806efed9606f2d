import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { type Access, NoteRefusal } from '../../contracts/access.js';
import { AccessLog } from './access-log.js';
import { NoteRefusalHandler } from './refusals.js';

let database: TestDatabase;
let log: AccessLog;
beforeAll(async () => {
  database = await createDatabase();
  await AccessLog.migrate(database.sql);
  log = new AccessLog(database.sql);
});
afterAll(() => database.drop());

const refused: Access = {
  ...{ person: 'li', unit: 'hill-office', role: 'handler', via: 'http' },
  ...{ route: 'GET /api/v1/access-log', code: 'auth/forbidden', outcome: 'refused' },
};

test('the first refusal is entered at once; what follows of the same kind is counted and entered as one', async () => {
  const handler = new NoteRefusalHandler(log);
  for (let n = 0; n < 200; n++) await handler.execute(new NoteRefusal(refused));
  expect(await log.page(10)).toMatchObject([refused]);
  await handler.onApplicationShutdown();
  expect(await log.page(10)).toMatchObject([{ ...refused, times: 199 }, refused]);
});

test.each([
  ['another person', { person: 'wu' }],
  ['another route', { route: 'GET /api/v1/cases/:id' }],
  ['another case', { caseId: '6f1c1f0e-0000-5000-8000-000000000001' }],
  ['another code', { code: 'case/role' }],
])('a refusal of %s is entered for itself', async (_, other) => {
  const handler = new NoteRefusalHandler(log);
  await handler.execute(new NoteRefusal(refused));
  await handler.execute(new NoteRefusal({ ...refused, ...other }));
  expect(await log.page(2)).toMatchObject([{ ...refused, ...other }, refused]);
  await handler.onApplicationShutdown();
});
