import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, type LedgerPage, type ListedRow } from '../../libs/contracts/ledger.js';
import { SEVERITIES, RECTIFICATION_TYPES } from '../../libs/contracts/intake.js';
import { STATUSES } from '../../libs/contracts/status.js';
import { expectFiles, expectWrongRows, partOf } from '../support/shown.js';
import { FLAGS } from '../../libs/cases/case-state.js';

const CLI = 'dist/apps/cli/main.js';
/** The divisions of a province are entered first, and 300 cases played. */
const PATIENCE = 600_000;
const SOURCES = ['NC', 'PC', 'CC', 'TP', 'AU', 'LV', 'PT', 'PO', 'HL', 'TC', 'DI', 'IN', 'SC', 'MD'];
const CATEGORIES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '99'];

let dataDir: string;
const env = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ...{ DATA_DIR: dataDir, PORT: '0', SEED: 'config/hunan/demo.yaml' },
});

/** Runs the demo until it says that it serves. */
async function run(): Promise<{ said: string; child: ChildProcess }> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, [CLI, 'demo', 'hunan'], { env: env(), stdio: [...stdio] });
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

async function cli(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [CLI, ...args], { env: env() })).stdout;
}

let first: { said: string; rows: ListedRow[]; figures: Figure[]; ledger: string };

async function read<T>(url: string, token: string, path: string): Promise<T> {
  const answer = await fetch(`${url}/api/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } });
  return (await answer.json()) as T;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'xiaohao-hunan-'));
  await chmod(dataDir, 0o755);
  const { said, child } = await run();
  const [, url = ''] = /Serving (\S+) until/.exec(said) ?? [];
  const inspector = ['--person', 'sample-province-inspector', '--unit', 'province-430000'];
  const token = (await cli('token', 'issue', ...inspector, '--role', 'inspector')).trim();
  const rows: ListedRow[] = [];
  let next: string | undefined;
  do {
    const since = next === undefined ? '' : `&after=${next}`;
    const page = await read<LedgerPage>(url, token, `cases?limit=200${since}`);
    rows.push(...page.rows);
    next = page.next;
  } while (next !== undefined);
  const { figures } = await read<{ figures: Figure[] }>(url, token, 'figures');
  await stop(child);
  first = { said, rows, figures, ledger: await cli('check', '--json') };
}, PATIENCE);
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const among = <T>(of: (row: ListedRow) => readonly T[]): Set<T> => new Set(first.rows.flatMap(of));

test('300 cases stand in every status, of every source and category', () => {
  expect(first.rows).toHaveLength(300);
  expect([...among(({ status }) => [status])].sort()).toEqual(Object.keys(STATUSES).sort());
  expect([...among(({ source }) => [source])].sort()).toEqual([...SOURCES].sort());
  expect([...among(({ categories }) => categories)].sort()).toEqual([...CATEGORIES].sort());
  expect([...among(({ severity }) => [severity])].sort()).toEqual([...SEVERITIES].sort());
  expect([...among(({ rectificationType }) => [rectificationType])].sort()).toEqual(
    [...RECTIFICATION_TYPES].sort(),
  );
});

test('every flag is up somewhere; some were closed falsely, some are late and pressed on, some taken over', () => {
  expect([...among(({ flags }) => flags)].sort()).toEqual([...FLAGS].sort());
  expect([...among(({ reopenCause }) => [reopenCause])]).toEqual(
    expect.arrayContaining(['false-rectification', 'relapse']),
  );
  expect([...among(({ supervision }) => supervision)]).toEqual(
    expect.arrayContaining(['red', 'interview', 'accountability-proposal']),
  );
  expect(first.rows.some(({ overdueRung }) => overdueRung !== null)).toBe(true);
  expect(first.rows.some(({ adopted, status }) => adopted && status === 'closed')).toBe(true);
  expect(first.rows.some(({ items, parts }) => items > 0 && parts > 0)).toBe(true);
  expect(first.rows.some(({ leads }) => leads.length > 1)).toBe(true);
});

test('the figures add up: all statuses are all cases, and no problem is more or less for being split', () => {
  const of = (name: string): Figure => first.figures.find((one) => one.name === name) as Figure;
  const statuses = [...Object.keys(STATUSES), 'adopted-closed'].map(of);
  expect(statuses.reduce((sum, { cases }) => sum + cases, 0)).toBe(of('all').cases);
  expect(statuses.reduce((sum, { weight }) => sum + weight, 0)).toBe(of('all').weight);
  const parents = new Set(first.rows.flatMap(({ parent }) => (parent === null ? [] : [parent])));
  expect(parents.size).toBe(6);
  for (const parent of parents) {
    const whole = first.rows.filter((row) => row.id === parent || row.parent === parent);
    expect(whole.reduce((sum, { weight }) => sum + weight, 0)).toBe(1000);
    expect(whole.filter((row) => row.parent !== null).every(({ taskText }) => taskText !== null)).toBe(true);
  }
});

test('what separation of duties refuses was tried', () => {
  for (const code of [
    'reviewer-rectified',
    'verifier-rectified',
    'approver-rectified',
    'second-verifier-same',
  ])
    expect(first.said).toContain(`case/${code}`);
  expect(first.said).toMatch(/CaseReopened +已重新启动 +纪检监察/);
});

/** What is shown of the set, in the first run and in any other. */
function expectShown(said: string): void {
  const late = first.rows.filter(
    ({ status, light }) => status === 'rectifying' && (light === 'red' || light === 'yellow'),
  );
  expect(partOf(said, '台账')).toContain(`The ledger: ${late.length} of 300 cases`);
  expect(
    partOf(said, '台账').match(/^ +湘问\d{4}-\d{4} .+ 整改中 +\d{4}-\d\d-\d\d +● [红黄]灯$/gmu),
  ).toHaveLength(6);
  const leaking = first.rows.filter(({ description }) => description.includes('渗漏'));
  expect(partOf(said, '检索')).toContain(`“渗漏” is said of ${leaking.length} cases`);
  const noticed = first.rows.filter(({ flags }) => flags.includes('noticeRunning'));
  expect(partOf(said, '待办')).toMatch(new RegExp(`公示中 +notices +${noticed.length} +湘问`));
  const [closed, all] = ['closed', 'all'].map((name) => first.figures.find((one) => one.name === name));
  const share = `${(closed?.weight ?? 0) / 1000} / ${(all?.weight ?? 0) / 1000} `;
  expect(partOf(said, '统计')).toContain(`销号率          ${share}`);
  expect(partOf(said, '统计')).toContain(`✓ ${closed?.cases ?? 0} of 300`);
  const whole = first.rows.filter(({ weight }) => weight === 1000).length;
  const tried = `${whole + 1} rows, 1 new, ${whole - 3} already known, 3 wrong`;
  expect(partOf(said, '导入')).toContain(tried);
  expectWrongRows(said, 300);
  expect(partOf(said, '核对')).toMatch(/^ +ledger (\w+) +replay \1 +✓ no difference$/m);
}

test('what people work from is shown, and every file is there', async () => {
  expectShown(first.said);
  await expectFiles(dataDir, first.said);
});

test(
  'a second run adds nothing',
  async () => {
    const { said, child } = await run();
    expect(said).toContain('288 problems: 0 registered, 288 already known.');
    expectShown(said);
    await expectFiles(dataDir, said);
    await stop(child);
    expect(await cli('check', '--json')).toBe(first.ledger);
  },
  PATIENCE,
);
