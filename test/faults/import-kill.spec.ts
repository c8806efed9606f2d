import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest } from '../../libs/intake/manifest.js';
import { openDatabase } from '../../libs/platform/database.js';
import { CLI, databasePid, newFolder, runToEnd, start, until } from './support/processes.js';

/*
 * `kill -9` of an import half-way, server and all; then it is given again. To see it fail, let the key of a row hold the
 * time in libs/intake/run.ts and the source of a row nothing: there are more cases than rows then.
 */
const ROWS = 1500;
/** Every so many rows one is wrong. */
const WRONG = 100;

let folder: string;
let dataDir: string;
beforeAll(async () => {
  folder = await newFolder();
  dataDir = join(folder, 'data');
});
afterAll(async () => {
  const pid = await databasePid(dataDir);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** The violations of the demo again and again, each under a number of its own. */
async function manyViolations(): Promise<string> {
  const [head = '', ...given] = (await readFile('config/demo/hpd_violations.csv', 'utf8'))
    .trimEnd()
    .split('\n');
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const row = (given[n % given.length] ?? '').replace(/^\d+/, String(20_000_000 + n));
    return n % WRONG === WRONG - 1
      ? row.replace(/,(?:BRONX|BROOKLYN|MANHATTAN|QUEENS|STATEN ISLAND),/, ',NEWARK,')
      : row;
  });
  const file = join(folder, 'violations.csv');
  await writeFile(file, [head, ...rows].join('\n'));
  return file;
}

async function casesIn(): Promise<number> {
  const database = await openDatabase({ DATA_DIR: dataDir });
  try {
    const [row] = await database.sql<{ count: number }[]>`
      select count(*) as count from log.events where stream ^@ 'case-' and revision = 0`;
    return row?.count ?? 0;
  } catch {
    // The schema is still being made.
    return 0;
  } finally {
    await database.close();
  }
}

test('an import that was killed goes on where it stopped: every row is accounted for, and none is a case twice', async () => {
  const args = [
    CLI,
    'import',
    await manyViolations(),
    '--mapping',
    'hpd-violations',
    '--as',
    'city-registrar',
    '--json',
  ];
  const env = { DATA_DIR: dataDir };
  const first = start(args, env);
  await until('database', () => databasePid(dataDir));
  const before = await until('import half-way', async () => {
    const there = await casesIn();
    return there >= ROWS / 5 ? there : undefined;
  });
  first.child.kill('SIGKILL');
  await first.ended;
  expect(before).toBeLessThan(ROWS);

  const { code, stdout } = await runToEnd(args, env, 300_000);
  const manifest = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Manifest;
  const { rows, registered, known, refusedRows, kept, more } = manifest;
  expect([code, rows, refusedRows, kept, more]).toEqual([3, ROWS, ROWS / WRONG, true, 0]);
  expect(known).toBeGreaterThanOrEqual(before);
  expect(registered + known + refusedRows).toBe(rows);
  expect(await casesIn()).toBe(registered + known);
}, 400_000);
