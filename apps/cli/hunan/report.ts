import { setTimeout as pause } from 'node:timers/promises';
import { type PastEvent } from '../../../libs/contracts/envelope.js';
import { type Figure, type LedgerPage, type LedgerRow } from '../../../libs/contracts/ledger.js';
import { STATUSES, UNDERWAY } from '../../../libs/contracts/status.js';
import { type Api } from '../api.js';
import { type Tried, type Walk } from './walk.js';

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

function table(title: string, counts: readonly [string, number][]): void {
  console.log(`\n${title}`);
  for (const [name, count] of counts) console.log(`  ${name.padEnd(20)} ${String(count).padStart(4)}`);
}

/** What the ledger says of the set. */
export async function report(reader: Api, walks: readonly Walk[], tried: readonly Tried[]): Promise<void> {
  const rows = await allRows(reader);
  const shares = counted(rows, ({ status }) => [status]);
  table(
    `Cases by status (${rows.length}):`,
    shares.map(([status, count]) => [`${status} ${STATUSES[status as keyof typeof STATUSES]}`, count]),
  );
  table(
    'By source:',
    counted(rows, ({ source }) => [source]),
  );
  table(
    'By category (a case may have several):',
    counted(rows, ({ categories }) => categories),
  );
  table(
    'By severity:',
    counted(rows, ({ severity }) => [severity]),
  );
  table(
    'By kind of rectification:',
    counted(rows, ({ rectificationType }) => [rectificationType]),
  );
  table(
    'Flags:',
    counted(rows, ({ flags }) => flags),
  );
  table(
    'Supervision:',
    counted(rows, ({ supervision }) => supervision),
  );
  const counties = new Set(rows.flatMap(({ divisions }) => divisions.map((one) => one.slice(0, 6))));
  console.log(`\nThey lie in ${counties.size} counties.`);

  const { figures } = await reader.get<{ figures: Figure[] }>('/api/v1/figures');
  console.log('\nHonest figures (each opens its cases; weights in problems):');
  for (const { name, cases, weight, filter } of figures) {
    const query = new URLSearchParams(filter as Record<string, string>).toString();
    const numbers = `${String(cases).padStart(4)} ${(weight / 1000).toFixed(1).padStart(7)}`;
    console.log(`  ${name.padEnd(16)} ${numbers}   GET /api/v1/cases${query && `?${query}`}`);
  }
  console.log('\nSeparation of duties, tried on purpose:');
  if (tried.length === 0) console.log('  tried in the first run; that case has moved on');
  for (const { who, what, code } of tried) console.log(`  ${code.padEnd(28)} ${what} by ${who}`);
  const shown = walks.find(({ problem }) => problem.outcome === 'false-rectification');
  if (shown) await told(reader, shown);
}

async function told(reader: Api, { id }: Walk): Promise<void> {
  const { events } = await reader.get<{ events: PastEvent[] }>(`/api/v1/cases/${id}/history?limit=500`);
  console.log(`\nThe whole history of a case that was closed falsely, ${id}:`);
  for (const { revision, recordedAt, type, actor, leaf } of events) {
    const who = `${actor.role} ${actor.name} ${actor.unitName}`;
    console.log(
      `  ${String(revision).padStart(2)}  ${recordedAt}  ${type.padEnd(24)} ${who}  ${leaf.slice(0, 12)}`,
    );
  }
}
