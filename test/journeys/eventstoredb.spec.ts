import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type EsdbNode, startEsdbNode } from '../doubles/esdb-node.js';
import { inspector, Journey, problem, provinceApprover } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

let node: EsdbNode;
let server: TestServer;
let env: { STORE: string; EVENTSTOREDB_URL: string };
beforeAll(async () => {
  node = await startEsdbNode();
  env = { STORE: 'eventstoredb', EVENTSTOREDB_URL: node.url };
  server = await startServer(env);
});
afterAll(async () => {
  await server.stop();
  await node.stop();
});

test('on EventStoreDB a case goes the whole road, and the ledger equals a replay', async () => {
  const one = await new Journey(server).to('verified', problem({ severity: 'serious' }));
  await one.give(provinceApprover, 'approve-closure');
  expect((await one.give(provinceApprover, 'close-case')).status).toBe(200);
  expect((await one.get(inspector)).body).toMatchObject({ status: 'closed', revision: one.revision });
  const [events] = await server.database.sql<{ n: number }[]>`select count(*)::int as n from log.events`;
  expect(events?.n).toBe(0);
  const options = { env: { ...process.env, ...env, DATA_DIR: server.dataDir } };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['dist/apps/cli/main.js', 'check', '--json'],
    options,
  );
  const result = JSON.parse(stdout) as { cases: number; ledger: string; replay: string };
  expect([result.cases, result.ledger]).toEqual([1, result.replay]);
});

test('an answer that is lost is found again: the command is there once', async () => {
  const one = await new Journey(server).to('assigned');
  node.faults.loseNextAnswer('cut');
  const before = one.revision;
  const answer = await one.give(['bronx-handler', 'bronx-office', 'handler'], 'accept-assignment');
  expect([answer.status, one.revision]).toEqual([200, before + 1]);
});
