import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bearer } from '../../libs/identity/sessions/tokens.js';
import { type CheckResult } from '../../libs/ledger/versions/check.js';
import { type Database, openDatabase } from '../../libs/platform/database.js';
import { LEDGER } from '../../libs/ledger/rows/columns.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { Application } from './support/application.js';
import { History } from './support/history.js';
import { driveOne, endlessRows, type Finished } from './support/load.js';
import { type Acknowledged } from './support/patient.js';
import { CLI, databasePid, newFolder, runToEnd, until } from './support/processes.js';
import { randomFrom } from './support/random.js';

/*
 * `kill -9`, in turn of the application and of the embedded database server, at random moments of the demo's load.
 * KILLS says how often (`npm run test:faults`: 300); KILL_SEED makes the same moments come again.
 */
const KILLS = Number(process.env.KILLS ?? 30);
const KILL_SEED = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
const DRIVERS = 6;
const LONGEST_PAUSE_MS = 2000;

let dataDir: string;
let application: Application;
let database: Database | undefined;
const acknowledged: Acknowledged[] = [];

beforeAll(async () => {
  dataDir = await newFolder();
  application = new Application(dataDir, (one) => acknowledged.push(one));
  await application.url();
});
afterAll(async () => {
  await application.kill();
  await database?.close();
  const pid = await databasePid(dataDir);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

async function everybody(): Promise<Bearer[]> {
  const { persons } = await readSeed('config/demo.yaml');
  return persons.flatMap(({ id: person, appointments }) =>
    appointments.map(({ unit, role }) => ({ person, unit, role: role })),
  );
}

async function killAtRandom(): Promise<void> {
  const random = randomFrom(KILL_SEED);
  for (let kill = 0; kill < KILLS; kill++) {
    await pause(random() * LONGEST_PAUSE_MS);
    if (kill % 2 === 0) await application.killAndStart();
    else await application.killDatabase();
    // Most are left to recover before the next; the others are hit while they do.
    const known = acknowledged.length;
    if (random() < 0.7) {
      await until('answer after a kill', () => (acknowledged.length > known ? true : undefined), 120_000);
    }
  }
}

/** Until the ledger has dealt with all that is in the log. */
async function caughtUp(): Promise<void> {
  const sql = await application.sql();
  await until('ledger that has caught up', async () => {
    const [found] = await sql<{ behind: number }[]>`
      select (select count(*) from log.events) - ordinal as behind from ${sql(LEDGER)}.checkpoint`;
    return found?.behind === 0 ? true : undefined;
  });
  await sql.end();
}

test(
  `after ${KILLS} times kill -9 everything acknowledged is there once (KILL_SEED=${KILL_SEED})`,
  async () => {
    const speak = await application.speech(await everybody());
    const nextRow = await endlessRows();
    const finished: Finished[] = [];
    const load = { ends: false };
    const driver = async (): Promise<void> => {
      while (!load.ends) finished.push(await driveOne(nextRow(), speak));
    };
    const driving = Promise.all(Array.from({ length: DRIVERS }, driver));
    // A driver that fails ends the test at once; the others come to their ends.
    await Promise.race([killAtRandom(), driving]).finally(() => (load.ends = true));
    await driving;
    await caughtUp();

    expect((await application.stop()).code).toBe(0);
    expect(await databasePid(dataDir)).toBeUndefined();
    const checked = await runToEnd([CLI, 'check', '--json'], { DATA_DIR: dataDir });
    expect(checked).toMatchObject({ code: 0, stderr: '' });

    database = await openDatabase({ DATA_DIR: dataDir });
    const history = await History.read(database.sql);
    const result = JSON.parse(checked.stdout) as CheckResult;
    expect(result).toEqual({
      events: history.events.length,
      cases: finished.length,
      ledger: result.replay,
      replay: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(history.misplaced).toEqual([]);
    expect(history.missing(acknowledged)).toEqual([]);
    expect(history.strange(acknowledged)).toEqual([]);
    expect(history.unfinished(finished)).toEqual([]);
    expect(history.numberedTwice).toEqual([]);
    expect(await history.damagedFiles(dataDir)).toEqual([]);
    // The kills have hit what was under way.
    expect(acknowledged.filter(({ sent }) => sent > 1).length).toBeGreaterThan(KILLS / 10);
  },
  60_000 + KILLS * 20_000,
);
