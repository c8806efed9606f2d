import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CLI = 'dist/apps/cli/main.js';
let dataDir: string;
const env = (): NodeJS.ProcessEnv => ({ ...process.env, DATA_DIR: dataDir, PORT: '0' });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'xiaohao-demo-'));
  await chmod(dataDir, 0o755);
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Runs the demo until it says that it serves. */
async function runDemo(): Promise<{ said: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [CLI, 'demo'], { env: env(), stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    said += chunk.toString();
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

describe('the demo', () => {
  test('takes 100 real violations to where the data says they are, and shows what is refused', async () => {
    const { said, child } = await runDemo();
    expect(said).toContain('100 rows, 100 registered, 0 already known, 0 refused');
    for (const [name, cases] of FIGURES) expect(said).toMatch(new RegExp(`${name} +${cases} `));
    for (const code of SEPARATION) expect(said).toContain(code);
    expect(said).toMatch(/CaseReopened +inspector/);
    expect(said).toMatch(/handler +[\w-]{43} /);
    await stop(child);
  });

  test('registers nothing twice, and joins a server that runs', async () => {
    const { said, child } = await runDemo();
    expect(said).toContain('100 rows, 0 registered, 100 already known, 0 refused');
    for (const [name, cases] of FIGURES) expect(said).toMatch(new RegExp(`${name} +${cases} `));
    const joined = await cli('demo');
    expect(joined.stdout).toContain('Joined the one that runs');
    expect(joined.stdout).toContain('0 registered, 100 already known');
    expect(child.exitCode).toBeNull();
    await stop(child);
  });

  test('leaves a ledger that equals a replay of its log', async () => {
    const { code, stdout } = await cli('check', '--json');
    const result = JSON.parse(stdout) as { cases: number; ledger: string; replay: string; fault?: string };
    expect([code, result.cases, result.fault]).toEqual([0, 100, undefined]);
    expect(result.ledger).toBe(result.replay);
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
