import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type WorkGroup } from '../../../libs/contracts/ledger.js';
import { toned } from './page.js';
import { type Showing } from './tale.js';
import { WORKLISTS } from './words.js';

const FIRST = 3;

/** What somebody has to do today, in groups. */
export async function showWork({ page, joined, worker, words }: Showing): Promise<void> {
  const api = await joined.as(worker);
  const { groups } = await api.get<{ groups: WorkGroup[] }>(`/api/v1/worklists?limit=${FIRST}`);
  const who = `${words.persons([worker.person])}（${words.units([worker.unit])}${zhCN.roles[worker.role]}）`;
  page.part('待办', `What must I do today: ${who}`, groups.length);
  page.table(
    groups.map(({ name, cases, rows }) => [
      (WORKLISTS as Readonly<Record<string, string>>)[name] ?? name,
      toned('dim', name),
      toned(cases > 0 ? 'strong' : 'dim', String(cases)),
      rows.map(({ caseNumber }) => caseNumber).join('  ') + (cases > rows.length ? '  …' : ''),
    ]),
    [2],
  );
}
