import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ImportProgress, type ReceivedImport, type TriedImport } from '../../libs/contracts/imports.js';
import { sheetOf, workbook } from '../faults/support/workbook.js';
import { type Who } from '../support/deployments.js';
import * as people from '../support/people.js';
import { registrar } from '../support/people.js';
import { type Answer, type TestServer } from '../support/server.js';
import { person, startChanged } from '../support/stories.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const HEAD = [
  '序号',
  '检查时间',
  '隐患类别',
  '存在隐患或问题',
  '整改措施',
  '整改完成时间',
  '复查时间',
  '复查结果',
];
const PROVINCE: Who = ['province-registrar', 'province-office', 'registrar'];

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startChanged(({ persons }) => {
    persons.push(person('province-registrar', '演示省登记员', 'province-office', 'registrar'));
  });
  folder = await mkdtemp(join(tmpdir(), 'xiaohao-imports-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function bring(
  content: Uint8Array | string,
  type = XLSX,
  who: Who = registrar,
  name?: string,
): Promise<Answer> {
  const token = await server.token(...who);
  const headers = {
    'Content-Type': type,
    ...(name !== undefined && {
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    }),
  };
  return server.send(token, 'POST', '/api/v1/imports', content, headers);
}

function bodyOf({ status, body }: Answer, expected: number): unknown {
  expect([status, status === expected ? undefined : body.code]).toEqual([expected, undefined]);
  return body;
}

const received = (answer: Answer) => bodyOf(answer, 201) as ReceivedImport;
const tried = (answer: Answer) => bodyOf(answer, 200) as TriedImport;
const progressIn = (answer: Answer, status = 200) => bodyOf(answer, status) as ImportProgress;

async function ask(id: string, what: string, body?: object, who: Who = registrar): Promise<Answer> {
  const path = `/api/v1/imports/${id}${what}`;
  return server.send(await server.token(...who), body ? 'POST' : 'GET', path, body);
}

const BY = { mapping: 'ledger', given: { 'source.document': '旧台账', divisions: ['bronx'] } };
const ledger = (document: string) => ({ ...BY, given: { ...BY.given, 'source.document': document } });

const row = (n: number, category = '其他'): string[] => [
  String(n),
  '2024-01-05',
  category,
  '渗漏',
  '',
  '',
  '',
  '',
];
const rows = (n: number): string[][] => Array.from({ length: n }, (_, index) => row(index + 1));

async function ended(id: string): Promise<ImportProgress> {
  for (let look = 0; look < 600; look++) {
    const progress = progressIn(await ask(id, ''));
    if (progress.state !== 'running') return progress;
    await pause(50);
  }
  throw new Error('the import did not end');
}

const casesOf = async (document: string): Promise<number> => {
  const [found] = await server.database.sql<{ count: number }[]>`
    select count(*) as count from log.events
    where type = 'CaseAdopted' and data::json -> 'source' ->> 'document' = ${document}`;
  return found?.count ?? 0;
};

describe('a workbook that a registrar brings', () => {
  test('is tried, its wrong rows are taken away, and the good ones are entered', async () => {
    const content = workbook({
      sheets: [
        { name: '说明', rows: [['台账']] },
        { name: '台账', rows: [HEAD, row(1), row(2), row(3, '天灾'), row(4)] },
      ],
    });
    const brought = received(await bring(content, XLSX, registrar, '旧台账.xlsx'));
    expect(brought.sheets).toEqual(['说明', '台账']);
    expect(brought.mappings.map(({ mapping }) => mapping)).toContain('ledger');
    const id = brought.import;
    expect((await ask(id, '/wrong.xlsx')).body.code).toBe('import/untried');

    const by = { ...ledger('旧台账甲'), sheet: '台账' };
    const told = tried(await ask(id, '/dry-run', by));
    expect(told).toMatchObject({ rows: 4, new: 3, known: 0, wrong: 1, blank: 0, otherSheets: ['说明'] });
    expect(told.wrongRows).toEqual([
      expect.objectContaining({ row: 4, column: '隐患类别', value: '天灾', reason: 'name-unknown' }),
    ]);
    expect(await casesOf('旧台账甲')).toBe(0);

    const wrong = await ask(id, '/wrong.xlsx');
    expect([wrong.status, wrong.headers.get('content-type'), String(wrong.body.text).slice(0, 2)]).toEqual([
      200,
      XLSX,
      'PK',
    ]);

    const begun = progressIn(await ask(id, '/commit', { ...by, onlyGood: true }), 202);
    expect(begun).toMatchObject({ import: id, mapping: 'ledger', name: '旧台账.xlsx' });
    const counts = { state: 'done', rows: 4, row: 5, registered: 3, known: 0, refused: 1 };
    expect(await ended(id)).toMatchObject(counts);
    expect(await casesOf('旧台账甲')).toBe(3);
    expect((await ask(id, '/commit', { ...by, onlyGood: true })).body.code).toBe('import/begun');
    expect(tried(await ask(id, '/dry-run', by))).toMatchObject({
      new: 0,
      known: 3,
      wrong: 1,
    });
    const [batch] = await server.database.sql`
      select data from log.events where stream = ${`batch-${brought.sha256}`} and type = 'BatchClosed'`;
    expect(batch?.data).toMatchObject({ registered: 3, known: 0 });
  });

  test('with a wrong row is entered as a whole or not at all, where its registrar says so', async () => {
    const { import: id } = received(await bring(sheetOf(HEAD, row(1), row(2, '天灾'))));
    await ask(id, '/commit', { ...ledger('旧台账乙'), onlyGood: false });
    expect(await ended(id)).toMatchObject({ state: 'failed', code: 'import/wrong-rows', registered: 0 });
    expect(await casesOf('旧台账乙')).toBe(0);
    await ask(id, '/commit', { ...ledger('旧台账乙'), onlyGood: true });
    expect(await ended(id)).toMatchObject({ state: 'done', registered: 1, refused: 1 });
  });

  test('goes on after the server was killed: every row is entered, and none twice', async () => {
    const many = 1500;
    const text = [HEAD, ...rows(many)].map((cells) => cells.join(',')).join('\n');
    const { import: id } = received(await bring(text, 'text/csv; charset=utf-8'));
    progressIn(await ask(id, '/commit', { ...ledger('旧台账丙'), onlyGood: true }), 202);
    while ((await casesOf('旧台账丙')) < 100) await pause(20);
    await server.restart('SIGKILL');
    const { state, registered, known, refused } = await ended(id);
    expect([state, registered + known, refused]).toEqual(['done', many, 0]);
    expect(await casesOf('旧台账丙')).toBe(many);
  });
});

describe('an import', () => {
  test('is nobody else’s, and no other role’s', async () => {
    const { import: id } = received(await bring(sheetOf(HEAD, row(1))));
    for (const [what, body] of [
      ['', undefined],
      ['/wrong.xlsx', undefined],
      ['/dry-run', BY],
      ['/commit', { ...BY, onlyGood: true }],
    ] as const) {
      const other = await ask(id, what, body, PROVINCE);
      expect([what, other.status, other.body.code]).toEqual([what, 404, 'import/unknown']);
      expect((await ask(id, what, body, people.dispatcher)).body.code).toBe('auth/forbidden');
      expect((await ask(randomUUID(), what, body)).body.code).toBe('import/unknown');
      expect((await ask('x', what, body)).body.code).toBe('import/unknown');
    }
    expect((await bring(sheetOf(HEAD), XLSX, people.dispatcher)).body.code).toBe('auth/forbidden');
  });

  test('is read by a mapping that there is, with fields that there are', async () => {
    const { import: id } = received(await bring(sheetOf(HEAD, row(1))));
    const codes = async (body: object) => {
      const { status, body: told } = await ask(id, '/dry-run', body);
      return [status, told.code, told.errors?.[0]?.rule];
    };
    expect(await codes({ mapping: 'nonsense' })).toEqual([422, 'import/mapping', undefined]);
    expect(await codes({ mapping: '../demo' })).toEqual([422, 'import/mapping', undefined]);
    expect(await codes({ mapping: 'ledger' })).toEqual([422, 'input/invalid', 'given-missing']);
    expect(await codes({ mapping: 'audit-list' })).toEqual([422, 'input/invalid', 'column-missing']);
    expect(await codes({ ...BY, sheet: '没有' })).toEqual([422, 'input/invalid', 'sheet-missing']);
    expect(await codes({ ...BY, given: { nonsense: '1' } })).toEqual([
      422,
      'input/invalid',
      'whitelistValidation',
    ]);
    expect(await codes({ ...BY, given: { divisions: [{}] } })).toEqual([
      422,
      'input/invalid',
      'isPlainValue',
    ]);
    expect(await codes({ mapping: 1 })).toEqual([422, 'input/invalid', 'isString']);
    expect((await ask(id, '/commit', BY)).body.code).toBe('input/invalid');
  });

  test('is kept for seven days, its name no longer either', async () => {
    const { import: id } = received(await bring(sheetOf(HEAD, row(1)), XLSX, registrar, '甲.xlsx'));
    const files = (): Promise<string[]> => readdir(join(server.dataDir, 'imports'));
    await writeFile(join(server.dataDir, 'imports', 'left-over.part'), '');
    expect(await files()).toContain(id);
    await server.database.sql`update intake.imports set made_at = now() - interval '8 days' where id = ${id}`;
    await server.restart();
    expect(await files()).not.toContain(id);
    expect(await files()).not.toContain('left-over.part');
    const tried = await ask(id, '/dry-run', BY);
    expect([tried.status, tried.body.code]).toEqual([410, 'import/expired']);
    const progress = progressIn(await ask(id, ''));
    expect([progress.state, progress.name]).toEqual(['received', undefined]);
  });
});

describe('a file that is none', () => {
  const good = sheetOf(HEAD, row(1));
  const bomb = workbook({
    sheets: [{ rows: [HEAD] }],
    parts: [{ path: 'xl/media/a', content: 'a'.repeat(8 * 1024 * 1024) }],
  });
  const locked = workbook({
    sheets: [{ rows: [HEAD] }],
    parts: [{ path: 'xl/styles.xml', content: 'x', encrypted: true }],
  });

  test.each<[string, Uint8Array | string, string]>([
    [
      'bytes of a picture',
      Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(5000)]),
      'file-encoding',
    ],
    ['a workbook that is cut off', good.subarray(0, good.length - 200), 'workbook-damaged'],
    ['one that is protected by a password', locked, 'workbook-encrypted'],
    ['one that grows a thousand times', bomb, 'workbook-too-large'],
    [
      'one that is of the old kind',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)]),
      'workbook-old',
    ],
    ['nothing', '', 'file-empty'],
  ])('%s', async (_, content, reason) => {
    const { status, body } = await bring(content);
    expect([status, body.code, body.errors?.[0]?.rule]).toEqual([422, 'input/invalid', reason]);
  });

  test('one of another kind, and one of 51 MB', async () => {
    expect((await bring(good, 'image/png')).body.code).toBe('input/media-type');
    expect((await bring('{}', 'application/json')).body.code).toBe('input/media-type');
    const large = await bring(Buffer.alloc(51 * 1024 * 1024, 'a'), 'text/csv');
    expect([large.status, large.body.code]).toEqual([413, 'input/too-large']);
  });

  test('leaves nothing behind', async () => {
    const before = await readdir(join(server.dataDir, 'imports'));
    await bring(good.subarray(0, good.length - 200));
    await bring(Buffer.alloc(51 * 1024 * 1024, 'a'), 'text/csv');
    expect(await readdir(join(server.dataDir, 'imports'))).toEqual(before);
    expect(await readFile(join(server.dataDir, 'server.json'), 'utf8')).toContain('http');
  });
});
