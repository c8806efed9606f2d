import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openDatabase } from '../../libs/platform/database.js';
import { CLI, type Ended, newFolder, runToEnd, STANDALONE } from '../faults/support/processes.js';
import * as people from '../support/people.js';
import { Journey, problem } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

// Each restore makes a database of its own.
jest.setTimeout(240_000);

let server: TestServer;
let folder: string;
let archive: string;
let one: Journey;
let before: Checked;

interface Checked {
  code: number | null;
  events: number;
  cases: number;
  ledger: string;
}

const cli = (dataDir: string, args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  runToEnd([CLI, ...args], { DATA_DIR: dataDir, ...env }, 120_000);
const json = async (dataDir: string, args: string[], env: Record<string, string> = {}): Promise<Checked> => {
  const { code, stdout, stderr } = await cli(dataDir, [...args, '--json'], env);
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as Checked), code };
};
/** A folder for data, with the master key of the demo that was saved. */
const newPlace = async (name: string): Promise<string> => {
  const place = join(folder, name);
  await mkdir(place);
  await copyFile(join(server.dataDir, 'master.key'), join(place, 'master.key'));
  return place;
};
const petition = (): object =>
  problem({
    source: { code: 'PT', document: '访〔2026〕9号' },
    ...{ petitioner: { name: '演示张三', phone: '13800005678' }, verbatim: '我家屋面渗漏。' },
  });

beforeAll(async () => {
  folder = await newFolder();
  server = await startServer();
  one = await new Journey(server).to('registered', petition());
  await one.check();
  await one.to('verified');
  const over = new AbortController();
  const writing = (async () => {
    while (!over.signal.aborted) await new Journey(server).to('assigned', problem());
  })();
  // Beside a server that writes.
  expect((await json(server.dataDir, ['backup', join(folder, 'early.tar.gz')])).code).toBe(0);
  over.abort();
  await writing;
  archive = join(folder, 'backup.tar.gz');
  const said = await cli(server.dataDir, ['backup', archive]);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toContain('The master key is not in it');
  before = await json(server.dataDir, ['check']);
}, 180_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('what is restored has the same rows, files and numbers, and goes on taking commands', async () => {
  const place = await newPlace('same');
  expect(await json(place, ['restore', archive])).toMatchObject({
    ...{ code: 0, events: before.events, cases: before.cases, ledger: before.ledger },
  });
  const again = await cli(place, ['restore', archive]);
  expect(again.stderr).toMatch(/^There is data here already \(log.events\): restore into an empty place.\n$/);
  const restored = await startServer({ DATA_DIR: place });
  try {
    const [files] = await restored.database.sql<{ sha256: string[] }[]>`
      select array_agg(distinct sha256) as sha256 from evidence.uploads`;
    for (const sha256 of files?.sha256 ?? [])
      await readFile(join(place, 'files', sha256.slice(0, 2), sha256));
    const next = await new Journey(restored).to('verified', problem());
    const { body } = await next.get(people.inspector);
    const numbers = await restored.database.sql<{ n: number }[]>`
      select n from register.numbers where series ^@ 'case/' order by n`;
    expect(String(body.caseNumber)).toContain(String(numbers.length).padStart(4, '0'));
    const reveal = { revision: 0, field: 'petitioner.name', purpose: '电话回访核实' };
    const token = await restored.token(...people.registrar);
    const shown = await restored.send(token, 'POST', `/api/v1/cases/${one.id}/reveal`, reveal);
    expect(JSON.stringify(shown.body)).toContain('演示张三');
    expect(await json(place, ['check'])).toMatchObject({ code: 0, cases: before.cases + 1 });
  } finally {
    await restored.stop();
  }
});

test('a backup that was made while others wrote is whole in itself', async () => {
  const place = await newPlace('early');
  const { code, events } = await json(place, ['restore', join(folder, 'early.tar.gz')]);
  expect([code, events > 0, events <= before.events]).toEqual([0, true, true]);
});

test('a place where a restore was not finished is served by nobody', async () => {
  const place = await newPlace('unfinished');
  expect(await cli(place, ['restore', archive])).toMatchObject({ code: 0 });
  const database = await openDatabase({ DATA_DIR: place });
  await database.sql`create schema restoring`;
  await database.close();
  const { code, stderr } = await runToEnd([STANDALONE], { DATA_DIR: place });
  expect([code, stderr]).toEqual([
    ...[
      1,
      'A restore was not finished here: empty the database and the folder of files, and restore again.\n',
    ],
  ]);
});

test('whoever was erased since stays erased', async () => {
  const list = join(folder, 'erasures.json');
  expect(await cli(server.dataDir, ['erase', one.id, '0', 'petitioner.name', '--yes'])).toMatchObject({
    code: 0,
  });
  expect(await cli(server.dataDir, ['erasures', 'export', list])).toMatchObject({ code: 0 });
  const place = await newPlace('erased');
  const { code, stdout } = await cli(place, ['restore', archive, '--erasures', list]);
  expect(stdout).toContain('1 keys of erased holders were in the archive and are destroyed.');
  expect(code).toBe(0);
});

describe('what cannot be restored is refused before anything is changed', () => {
  const refused = async (file: string, env: Record<string, string> = {}): Promise<string> => {
    const place = await newPlace(`refused-${randomUUID()}`);
    const { code, stderr } = await cli(place, ['restore', file], env);
    expect(code).toBe(1);
    return stderr.replace(file, 'FILE');
  };
  const made = async (name: string, bytes: Uint8Array): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, bytes);
    return file;
  };
  /** Of the archive, unpacked. */
  const content = async (): Promise<Buffer> => gunzipSync(await readFile(archive));

  test('a file that is not there', async () => {
    expect(await refused(join(folder, 'nowhere'))).toBe('FILE cannot be read (ENOENT).\n');
  });

  test('a file that is something else', async () => {
    expect(await refused(await made('text', Buffer.from('no archive')))).toBe(
      'FILE is no backup of Xiaohao.\n',
    );
    expect(await refused(await made('zipped', gzipSync('no archive '.repeat(100))))).toBe(
      'FILE is no backup of Xiaohao.\n',
    );
  });

  test('one that is cut off', async () => {
    const bytes = await readFile(archive);
    expect(await refused(await made('cut', bytes.subarray(0, bytes.length / 2)))).toBe(
      'FILE is cut off: its end is missing.\n',
    );
    const unpacked = await content();
    const half = unpacked.subarray(0, Math.floor(unpacked.length / 1024) * 512);
    expect(await refused(await made('cut-inside', gzipSync(half)))).toBe(
      'FILE is cut off: its end is missing.\n',
    );
  });

  test('one with a byte changed', async () => {
    const bytes = Buffer.from(await readFile(archive));
    const at = Math.floor(bytes.length / 3);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(await refused(await made('changed', bytes))).toMatch(/^FILE is (?:not as it was written|cut off)/);
    const unpacked = await content();
    const within = unpacked.indexOf('ProblemRegistered');
    unpacked[within] = (unpacked[within] ?? 0) ^ 1;
    expect(await refused(await made('changed-inside', gzipSync(unpacked)))).toBe(
      'FILE is not as it was written (tables/log.events/000001).\n',
    );
  });

  test('one of another deployment', async () => {
    expect(await refused(archive, { DEPLOYMENT: 'elsewhere' })).toBe(
      'The backup is of the deployment xiaohao, this is elsewhere: set DEPLOYMENT, or take another.\n',
    );
  });

  test('a place where a server runs', async () => {
    expect(await cli(server.dataDir, ['restore', archive])).toMatchObject({
      ...{
        code: 1,
        stderr: 'Another Xiaohao is running on this data: stop it first, or choose another DATA_DIR.\n',
      },
    });
  });

  test('a file of a backup that is there already is not written over', async () => {
    expect(await cli(server.dataDir, ['backup', archive])).toMatchObject({
      ...{ code: 1, stderr: `${archive} is there already: choose another name.\n` },
    });
  });
});
