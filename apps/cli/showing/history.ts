import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type PastEvent } from '../../../libs/contracts/envelope.js';
import { type LedgerRow } from '../../../libs/contracts/ledger.js';
import { toned } from './page.js';
import { type Showing } from './tale.js';

/** Of a hash as much as tells it from others. */
const HASH = 12;

export async function showHistory({ page, reader, told }: Showing): Promise<void> {
  const [{ caseNumber }, { events }] = await Promise.all([
    reader.get<LedgerRow>(`/api/v1/cases/${told}`),
    reader.get<{ events: PastEvent[] }>(`/api/v1/cases/${told}/history?limit=500`),
  ]);
  page.part('办理经过', `The whole history of ${caseNumber}, closed falsely and reopened`);
  page.table(
    events.map(({ revision, recordedAt, type, actor, leaf }) => [
      String(revision),
      recordedAt,
      type,
      (zhCN.events as Readonly<Record<string, string>>)[type] ?? '',
      (zhCN.roles as Readonly<Record<string, string>>)[actor.role] ?? actor.role,
      [actor.name, actor.unitName].filter(Boolean).join(' '),
      toned('dim', leaf.slice(0, HASH)),
    ]),
    [0],
  );
}
