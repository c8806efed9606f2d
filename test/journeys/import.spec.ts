import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Api } from '../../apps/cli/api.js';
import { type Manifest } from '../../apps/cli/batch.js';
import { importFile } from '../../apps/cli/import.js';
import { type Who } from '../support/deployments.js';
import { registrar } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

const MAPPING = 'config/mappings/hpd-violations.yaml';
const BAD = 'test/faults/corpus/csv/bad-values.csv';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), 'xiaohao-import-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const importing = async (file: string, mapping = MAPPING, who: Who = registrar): Promise<Manifest> =>
  importFile(file, mapping, new Api(server.url, await server.token(...who)));

/** What stands in the log of a file's batch. */
async function batchOf(file: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return server.database.sql`
    select type, data from log.events where stream = ${`batch-${sha256}`} order by revision`;
}

async function written(name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

test('an import is a batch: opened with the file’s hash and rows, closed with what became of each', async () => {
  const manifest = await importing(BAD);
  expect(manifest).toMatchObject({ rows: 12, registered: 2, known: 0, kept: true });
  const [opened, closed, ...more] = await batchOf(BAD);
  expect([opened?.type, closed?.type, more]).toEqual(['BatchOpened', 'BatchClosed', []]);
  expect(opened?.data).toEqual({ file: manifest.sha256, rows: 12 });
  expect(closed?.data).toMatchObject({ registered: 2, known: 0 });
  expect(closed?.data.refused).toContainEqual({ reason: 'value-unknown', column: 'Class', rows: [2] });
  // Row 8 is refused for two of its columns.
  expect(closed?.data.refused).toContainEqual({ reason: 'value-unknown', column: 'Borough', rows: [8] });
  expect(closed?.data.refused).toContainEqual({
    reason: 'number-invalid',
    column: 'Latitude',
    rows: [8, 11],
  });
  expect(JSON.stringify(closed)).not.toContain('NEWARK');
});

test('the same file again registers nothing and opens no other batch', async () => {
  const before = await batchOf(BAD);
  expect(await importing(BAD)).toMatchObject({ rows: 12, registered: 0, known: 2, kept: true });
  expect(await batchOf(BAD)).toEqual(before);
});

test('an import that broke off is gone on with, and closed then', async () => {
  const [head = '', ...rows] = (await readFile('config/demo/hpd_violations.csv', 'utf8')).split('\n');
  const file = await written('broken-off.csv', [head, rows[8]].join('\n'));
  const api = new Api(server.url, await server.token(...registrar));
  const broken = importFile(file, MAPPING, api, () => {
    throw new Error('the line is dead');
  });
  await expect(broken).rejects.toThrow('the line is dead');
  expect((await batchOf(file)).map(({ type }) => type)).toEqual(['BatchOpened']);
  expect(await importing(file)).toMatchObject({ registered: 0, known: 1, kept: true });
  expect((await batchOf(file))[1]).toMatchObject({ type: 'BatchClosed', data: { registered: 0, known: 1 } });
});

test('the same row in another file is known by its document', async () => {
  const [head = '', ...rows] = (await readFile('config/demo/hpd_violations.csv', 'utf8')).split('\n');
  const one = await written('one.csv', [head, rows[0]].join('\n'));
  const two = await written('two.csv', [head, rows[1], rows[0]].join('\n'));
  expect(await importing(one)).toMatchObject({ registered: 1, known: 0, kept: true });
  expect(await importing(two)).toMatchObject({ registered: 1, known: 1 });
});

test('of a private person no manifest says anything, nor does a key', async () => {
  const mapping = parse(await readFile(MAPPING, 'utf8')) as { fields: Record<string, object> };
  mapping.fields['petitioner.name'] = { column: 'Petitioner', optional: true };
  const personal = await written('personal.yaml', stringify(mapping));
  const [head = '', row = ''] = (await readFile('config/demo/hpd_violations.csv', 'utf8')).split('\n');
  const name = '演示某某'.repeat(20);
  const file = await written(
    'personal.csv',
    [`${head},Petitioner`, `${row},${name}`, `${row},"演示某乙`].join('\n'),
  );
  const manifest = await importing(file, personal);
  expect(manifest.refused.map(({ column, value, reason }) => [column, value, reason])).toEqual([
    ['Petitioner', '**', 'isLength'],
    ['Petitioner', '**', 'broken-quote'],
  ]);
  expect(JSON.stringify([manifest, await batchOf(file)])).not.toContain('演示某');
});
