import { setTimeout as pause } from 'node:timers/promises';
import { type LedgerPage, type LedgerRow } from '../../../libs/contracts/ledger.js';
import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { UNDERWAY } from '../../../libs/contracts/status.js';
import { type Api } from '../api.js';
import { type Page } from '../showing/page.js';
import { type Walk } from './walk.js';

const PAGE = 200;
/** Whether an earlier run came to its end: what is done last is done. */
export async function isPlayed(reader: Api, walks: readonly Walk[]): Promise<boolean> {
  const rows = await allRows(reader);
  const merges = walks.filter(({ problem }) => problem.outcome === 'merged');
  return merges.length === rows.filter(({ status }) => status === 'merged').length;
}

/** Looks so often, and with such a pause in milliseconds, whether what follows by itself has followed. */
const LOOKS = 120;
const LOOK_MS = 500;

async function allRows(reader: Api): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (let next: string | undefined; ;) {
    const since = next === undefined ? '' : `&after=${next}`;
    const page = await reader.get<LedgerPage>(`/api/v1/cases?limit=${PAGE}${since}`);
    rows.push(...page.rows);
    next = page.next;
    if (next === undefined) return rows;
  }
}

/**
 * Waits until the ledger has what was done, the clock has said what it has to say by a day and, where a number is told,
 * there are so many cases.
 */
export async function hasSettled(
  reader: Api,
  walks: readonly Walk[],
  today: string,
  cases?: number,
): Promise<void> {
  let waiting: LedgerRow[] = [];
  for (let look = 0; look < LOOKS; look++) {
    const rows = await allRows(reader);
    const revisions = new Map(rows.map(({ id, revision }) => [id, `${id}@${revision}`]));
    const absorbed = new Set(rows.flatMap((row) => row.absorbed));
    const behind = walks.some(({ id, receipt }) => id !== '' && isBehind(revisions.get(id), receipt));
    waiting = rows.filter(
      ({ status, duties }) =>
        [...UNDERWAY, 'closed'].includes(status) &&
        Object.values(duties).some(({ tickOn }) => tickOn !== null && tickOn <= today),
    );
    const merging = rows.some(({ id, mergedInto }) => mergedInto !== null && !absorbed.has(id));
    if (!behind && !merging && waiting.length === 0 && (cases === undefined || rows.length === cases)) return;
    await pause(LOOK_MS);
  }
  const [one] = waiting;
  throw new Error(`it does not settle: ${waiting.length} wait, as ${one?.id ?? '-'} ${one?.status ?? ''}`);
}

const isBehind = (shown: string | undefined, receipt: string): boolean =>
  shown === undefined || Number(shown.split('@')[1]) < Number(receipt.split('@')[1]);

function counted(rows: readonly LedgerRow[], of: (row: LedgerRow) => readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of rows.flatMap(of)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What there is in the set. */
export async function showSet(page: Page, reader: Api): Promise<void> {
  const rows = await allRows(reader);
  const counties = new Set(rows.flatMap(({ divisions }) => divisions.map((one) => one.slice(0, 6))));
  const { source, categories, severity, rectificationType, flags, supervision } = zhCN.columns;
  const sorts: [string, (row: LedgerRow) => readonly string[]][] = [
    [source, (row) => [row.source]],
    [categories, (row) => row.categories],
    [severity, (row) => [zhCN.severities[row.severity]]],
    [rectificationType, (row) => [zhCN.rectificationTypes[row.rectificationType]]],
    [flags, (row) => row.flags.map((flag) => zhCN.flags[flag as keyof typeof zhCN.flags])],
    [supervision, (row) => row.supervision],
  ];
  page.part('样例', `The set: ${rows.length} cases in ${counties.size} counties`);
  for (const [what, of] of sorts)
    page.flow([what, ...counted(rows, of).map(([name, count]) => `${name} ${count}`)]);
}
