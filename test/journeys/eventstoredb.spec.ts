import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CLI, newFolder, runToEnd } from '../faults/support/processes.js';
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

test('a backup is restored into another EventStoreDB, and into PostgreSQL, with the same rows', async () => {
  const folder = await newFolder();
  const other = await startEsdbNode();
  try {
    const archive = join(folder, 'backup.tar.gz');
    const told = async (dataDir: string, set: object, ...args: string[]): Promise<unknown[]> => {
      const ended = await runToEnd([CLI, ...args, '--json'], { DATA_DIR: dataDir, ...set });
      if (ended.code !== 0) throw new Error(ended.stderr);
      const { events, ledger } = JSON.parse(ended.stdout) as { events?: number; ledger?: string };
      return [events, ledger];
    };
    await told(server.dataDir, env, 'backup', archive);
    const before = await told(server.dataDir, env, 'check');
    for (const [name, set] of [
      ['other', { ...env, EVENTSTOREDB_URL: other.url }],
      ['postgres', {}],
    ] as const) {
      const place = join(folder, name);
      await mkdir(place);
      await copyFile(join(server.dataDir, 'master.key'), join(place, 'master.key'));
      expect([name, ...(await told(place, set, 'restore', archive))]).toEqual([name, ...before]);
    }
    const again = await runToEnd([CLI, 'restore', archive], {
      ...{ DATA_DIR: join(folder, 'third'), ...env, EVENTSTOREDB_URL: other.url },
    });
    expect(again.stderr).toBe('There is data here already (EventStoreDB): restore into an empty place.\n');
  } finally {
    await other.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 240_000);
