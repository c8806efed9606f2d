import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectFiles, expectWrongRows, partOf } from '../support/shown.js';

const CLI = 'dist/apps/cli/main.js';
/** A demo starts everything and plays 100 cases. */
const PATIENCE = 180_000;
let dataDir: string;
const env = (): NodeJS.ProcessEnv => ({ ...process.env, DATA_DIR: dataDir, PORT: '0' });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'xiaohao-demo-'));
  await chmod(dataDir, 0o755);
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Runs the demo until it says that it serves. */
async function runDemo(...args: string[]): Promise<{ said: string; child: ChildProcess }> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, [CLI, 'demo', ...args], { env: env(), stdio: [...stdio] });
  let said = '';
  // A piece may end within a character.
  for await (const piece of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    said += piece;
    if (said.includes('until Ctrl-C')) break;
  }
  return { said, child };
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGINT');
  await gone;
}

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function cli(...args: string[]): Promise<Outcome> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [CLI, ...args], { env: env() })) };
  } catch (error) {
    return error as Outcome;
  }
}

const FIGURES = [
  ['all', 100],
  ['assigned', 13],
  ['rectifying', 14],
  ['closed', 73],
  ['reopened', 2],
] as const;

const SEPARATION = [
  ...['reviewer', 'verifier', 'approver', 'closer'].map((office) => `case/${office}-rectified`),
  ...['verifier', 'approver', 'closer'].map((office) => `case/${office}-reviewed`),
  ...['approver', 'closer'].map((office) => `case/${office}-verified`),
  'case/second-verifier-same',
];

/** What is shown of the cases, in the first run and in any other. */
function expectShown(said: string): void {
  expect(
    partOf(said, '台账').match(/^ +问\d{4}-\d{4} .+ 其他 +整改中 +\d{4}-\d\d-\d\d +● ..$/gmu),
  ).toHaveLength(6);
  expect(said).toContain('The ledger: 14 of 100 cases');
  expect(partOf(said, '检索')).toMatch(/“paint” is said of 26 cases/);
  expect(partOf(said, '检索').match(/PAINT/g)).toHaveLength(3);
  expect(partOf(said, '待办')).toMatch(/演示经办员丙（布鲁克林县住建局经办岗）/);
  expect(partOf(said, '待办')).toMatch(/待签收 +to-accept +5 +问/);
  expect(partOf(said, '待办')).toMatch(/在办 +in-hand +1 +问/);
  for (const [name, cases] of FIGURES)
    expect(partOf(said, '统计')).toMatch(new RegExp(` ${name} ${cases}\\b`));
  const rate =
    /销号率 +73 \/ 100 +=  73\.0 % +\?status=closed&closedAt=is:filled&division=demo-province +✓ 73 of 100/;
  expect(partOf(said, '统计')).toMatch(rate);
  expect(partOf(said, '统计')).toMatch(/重启率 +2 \/ 75 +=   2\.7 % +\?reopened=1\.\.\S+ +✓ 2 of 75/);
  expect(partOf(said, '导入')).toContain('101 rows, 1 new, 97 already known, 3 wrong');
  expectWrongRows(said, 100);
  expect(partOf(said, '核对')).toMatch(/^ +ledger (\w+) +replay \1 +✓ no difference$/m);
  expect(said).toMatch(/CaseReopened +已重新启动 +纪检监察/);
  expect(said).toMatch(/handler +[\w-]{43} /);
}

/** By an account and a password that it printed. */
async function expectSignIn(said: string): Promise<void> {
  const [, name, password] =
    / (city-registrar) +([a-z2-7]{5}(?:-[a-z2-7]{5}){3}) /.exec(partOf(said, '账号')) ?? [];
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  expect(await response.json()).toMatchObject({ stage: 'whole', person: 'city-registrar' });
}

describe('the demo', () => {
  test(
    'takes 100 real violations to where the data says they are, and shows what is refused',
    async () => {
      const picture = join(dataDir, 'demo.svg');
      const { said, child } = await runDemo('--picture', picture);
      expect(said).toContain('100 rows, 100 registered, 0 already known, 0 refused');
      expectShown(said);
      for (const code of SEPARATION) expect(said).toContain(code);
      await expectFiles(dataDir, said);
      const drawn = await readFile(picture, 'utf8');
      expect(drawn).toMatch(/^<svg .+<\/svg>\n$/s);
      for (const text of ['$ npm run demo', '销号率', '✓ no difference'])
        expect(drawn).toContain(`>${text}</text>`);
      await expectSignIn(said);
      await stop(child);
    },
    PATIENCE,
  );

  test(
    'registers nothing twice, and joins a server that runs',
    async () => {
      const { said, child } = await runDemo();
      expect(said).toContain('100 rows, 0 registered, 100 already known, 0 refused');
      expectShown(said);
      await expectFiles(dataDir, said);
      const joined = await cli('demo');
      expect(joined.stdout).toContain('Joined the one that runs');
      expect(joined.stdout).toContain('0 registered, 100 already known');
      expect(child.exitCode).toBeNull();
      await stop(child);
    },
    PATIENCE,
  );

  test('leaves a ledger that equals a replay of its log', async () => {
    const { code, stdout } = await cli('check', '--json');
    const result = JSON.parse(stdout) as { cases: number; ledger: string; replay: string; fault?: string };
    expect([code, result.cases, result.fault]).toEqual([0, 100, undefined]);
    expect(result.ledger).toBe(result.replay);
  });
});

describe('xiaohao export', () => {
  const inspector = ['--as', 'province-inspector', '--json'];

  test('takes the ledger out as somebody, narrowed and in order, or as a workbook', async () => {
    const out = join(dataDir, 'due.csv');
    const narrowed = ['--filter', 'status=rectifying', '--sort', 'dueOn'];
    const { code, stdout, stderr } = await cli('export', 'ledger', out, ...narrowed, ...inspector);
    expect([code, stderr]).toEqual([0, '']);
    const rows = (await readFile(out, 'utf8')).trimEnd().split('\r\n');
    expect(JSON.parse(stdout)).toEqual({ file: out, bytes: (await readFile(out)).length });
    expect(rows[0]).toContain('筛选条件：status=rectifying；');
    expect(rows).toHaveLength(2 + 14);
    const book = join(dataDir, 'due.xlsx');
    expect((await cli('export', 'ledger', book, ...inspector)).code).toBe(0);
    expect((await readFile(book)).toString('latin1', 0, 2)).toBe('PK');
  });

  test('takes the papers of a case', async () => {
    const { code, stderr } = await cli('export', 'notice', join(dataDir, 'notice.xlsx'), ...inspector);
    expect([code, stderr]).toEqual([0, '']);
    const id = '00000000-0000-4000-8000-000000000000';
    const out = join(dataDir, 'none.pdf');
    const refused = await cli('export', 'closure-form', id, out, ...inspector);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('case/unknown')]);
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  test.each([
    ['a filter that is nonsense', ['--as', 'province-inspector', '--filter', 'dueOn=soon'], 'input/invalid'],
    ['whom nobody knows', ['--as', 'nobody'], 'nobody has no post that reads cases'],
    ['an administrator', ['--as', 'operator'], 'operator has no post that reads cases'],
    ['who says not in which post', ['--as', 'many-posts-handler'], 'say by --role'],
    ['a third party', ['--as', 'province-evaluator'], 'auth/forbidden'],
  ])('refuses %s', async (_, args, told) => {
    const { code, stderr } = await cli('export', 'ledger', join(dataDir, 'refused.xlsx'), ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(told)]);
  });
});

describe('xiaohao import', () => {
  const MAPPING = ['--mapping', 'config/mappings/hpd-violations.yaml', '--as', 'city-registrar', '--json'];

  test('lists refused rows with row, column, value and reason; the rest go in', async () => {
    const { code, stdout } = await cli('import', 'test/faults/corpus/csv/bad-values.csv', ...MAPPING);
    const manifest = JSON.parse(stdout) as {
      rows: number;
      registered: number;
      known: number;
      refused: { row: number }[];
    };
    const refused = new Set(manifest.refused.map(({ row }) => row));
    expect(code).toBe(3);
    expect(refused.size).toBeGreaterThan(0);
    expect(manifest.registered + manifest.known + refused.size).toBe(manifest.rows);
    expect(manifest.refused[0]).toMatchObject({
      row: expect.any(Number),
      column: expect.any(String),
      reason: expect.any(String),
    });
  });

  test('refuses a file with a wrong header as a whole', async () => {
    const { code, stderr } = await cli('import', 'test/faults/corpus/csv/wrong-header.csv', ...MAPPING);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Class')]);
  });

  test('refuses who is no registrar', async () => {
    const file = join(dataDir, 'empty.csv');
    await writeFile(file, '');
    const args = ['--mapping', 'config/mappings/hpd-violations.yaml', '--as', 'bronx-handler'];
    expect(await cli('import', file, ...args)).toMatchObject({
      code: 1,
      stderr: 'bronx-handler is no registrar.\n',
    });
  });
});
