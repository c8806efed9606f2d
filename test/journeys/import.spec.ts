import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Api } from '../../apps/cli/api.js';
import { importFile } from '../../apps/cli/import.js';
import { type Manifest } from '../../libs/intake/manifest.js';
import { type Intake } from '../../libs/intake/mapping/mapping.js';
import { readAnyMapping } from '../../libs/intake/mapping/mapping-file.js';
import { openImport } from '../../libs/intake/import.js';
import { CLI, runToEnd } from '../faults/support/processes.js';
import { type Who } from '../support/deployments.js';
import { dispatcher, registrar } from '../support/people.js';
import { xesFaults } from '../support/schemas/xes.js';
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
  importFile(file, await readAnyMapping(mapping), new Api(server.url, await server.token(...who)));

/** What stands in the log of a file's batch. */
async function batchOf(file: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return server.database.sql`
    select type, data from log.events where stream = ${`batch-${sha256}`} order by revision`;
}

async function firstOf(file: string): Promise<Intake> {
  for await (const row of (await openImport(file, await readAnyMapping(MAPPING))).rows())
    if ('command' in row) return row.command;
  throw new Error('no row is good');
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
  const broken = importFile(file, await readAnyMapping(MAPPING), api, {
    each: () => {
      throw new Error('the line is dead');
    },
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
    ['Petitioner', '演**', 'isLength'],
    ['Petitioner', undefined, 'broken-quote'],
  ]);
  expect(JSON.stringify([manifest, await batchOf(file)])).not.toContain('演示某');
});

describe('what is a case already', () => {
  const ask = async (sources: object[], who: Who = registrar) =>
    server.send(await server.token(...who), 'POST', '/api/v1/cases/known', { sources });

  test('is told of each line of a document, in order, and of nothing else', async () => {
    const [head = '', ...rows] = (await readFile('config/demo/hpd_violations.csv', 'utf8')).split('\n');
    const file = await written('known.csv', [head, rows[20]].join('\n'));
    const { source } = await firstOf(file);
    expect((await ask([source])).body).toEqual({ known: [false] });
    await importing(file);
    const other = { code: source.code, document: source.document, line: 'another' };
    const bare = { code: source.code };
    expect((await ask([other, source, bare])).body).toEqual({ known: [false, true, false] });
  });

  test('is told to registrars, of 500 sources at most', async () => {
    expect((await ask([{ code: 'CC' }], dispatcher)).body.code).toBe('auth/forbidden');
    for (const sources of [[], Array.from({ length: 501 }, () => ({ code: 'CC' })), [{}], 'x'])
      expect((await ask(sources as object[])).body.code).toBe('input/invalid');
  });
});

describe('on the command line', () => {
  const cli = (...args: string[]) => runToEnd([CLI, 'import', ...args], { DATA_DIR: server.dataDir });

  test('a dry run guesses the mapping, counts, and says in Chinese what is wrong; nothing is registered', async () => {
    const wrong = join(folder, 'wrong.xlsx');
    const args = [BAD, '--as', 'city-registrar', '--dry-run', '--wrong', wrong];
    const { code, stdout, stderr } = await cli(...args, '--json');
    expect([code, stderr]).toEqual([3, expect.stringContaining('hpd-violations')]);
    const told = JSON.parse(stdout) as { counts: object; wrong: object[] };
    expect(told.counts).toEqual({ rows: 12, new: 0, known: 2, wrong: 10, blank: 0 });
    const newark = {
      row: 8,
      column: 'Borough',
      value: 'NEWARK',
      said: expect.stringContaining('不在允许的取值内'),
    };
    expect(told.wrong).toContainEqual(expect.objectContaining(newark));
    expect((await readFile(wrong)).subarray(0, 2).toString()).toBe('PK');
    expect((await cli(...args)).stdout).toContain('12 rows: 0 new, 2 already known, 10 wrong.');
  });

  test('rows of an old ledger are adopted, by names of the register', async () => {
    const head = [
      '序号',
      '检查时间',
      '隐患类别',
      '存在隐患或问题',
      '整改措施',
      '整改完成时间',
      '复查时间',
      '复查结果',
    ];
    const rows = [
      ['1', '2024-01-05', '其他', '渗漏', '', '', '2024-02-01', '合格'],
      ['2', '2024-01-05', '天灾', '渗漏', '', '', '', ''],
    ];
    const file = await written('ledger.csv', [head, ...rows].map((row) => row.join(',')).join('\n'));
    const given = ['--given', 'source.document=旧台账', '--given', 'divisions=bronx'];
    const { code, stdout, stderr } = await cli(file, '--as', 'city-registrar', ...given);
    expect([code, stderr]).toEqual([3, expect.stringContaining('ledger')]);
    expect(stdout).toContain('2 rows: 1 registered, 0 already known, 1 refused.');
    expect(stdout).toContain('第3行\t隐患类别\t天灾\t');
    const [adopted] = await server.database.sql`
      select data::json ->> 'stated' as stated from log.events where type = 'CaseAdopted'`;
    expect(adopted?.stated).toContain('closed');
  });

  test.each([
    ['headings that no mapping has', 'a,b\n1,2', [], 'No mapping fits'],
    ['a mapping that there is none of', 'a\n1', ['--mapping', 'nonsense'], 'there are: audit-list'],
    [
      'a person who is no registrar',
      'a\n1',
      ['--mapping', 'ledger', '--as', 'nobody'],
      'nobody is no registrar',
    ],
    ['a field that there is none of', 'a\n1', ['--given', 'x=1'], 'a field and its value'],
    ['a file without rows', '', ['--mapping', 'ledger', '--as', 'city-registrar'], '台账名称'],
  ])('%s is refused, and nothing is registered', async (_, content, args, told) => {
    const { code, stderr } = await cli(await written('refused.csv', content), ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(told)]);
  });
});

describe('the log for process mining', () => {
  const exported = async (format: string): Promise<string> => {
    const out = join(folder, `log.${format}`);
    const { code, stderr } = await runToEnd([CLI, 'export-log', '--format', format, out], {
      DATA_DIR: server.dataDir,
    });
    expect([code, stderr]).toEqual([0, '']);
    return readFile(out, 'utf8');
  };
  const cases = async (): Promise<number> => {
    const [row] = await server.database.sql<{ count: number }[]>`
      select count(*) as count from log.events where stream ^@ 'case-' and revision = 0`;
    return row?.count ?? 0;
  };

  test('is written as OCEL and as XES, with every case', async () => {
    const { objects } = JSON.parse(await exported('ocel')) as { objects: { type: string }[] };
    expect(objects.filter(({ type }) => type === 'case')).toHaveLength(await cases());
    const xes = await exported('xes');
    expect(xesFaults(xes)).toEqual([]);
    expect(xes.match(/<trace>/g)).toHaveLength(await cases());
  });

  test('is written in no other format', async () => {
    const { code, stderr } = await runToEnd([CLI, 'export-log', '--format', 'csv', join(folder, 'no')], {
      DATA_DIR: server.dataDir,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining('ocel, xes')]);
  });
});
