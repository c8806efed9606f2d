import { randomUUID } from 'node:crypto';
import { canonical } from '../../libs/eventing/canonical.js';
import { logIndex, migrateLogIndex } from '../../libs/eventing/project-index.js';
import { noting, project } from '../../libs/eventing/project.js';
import { type Feed, type Page } from '../../libs/eventing/store.js';
import { LEDGER } from '../../libs/ledger/rows/columns.js';
import { type World } from '../../libs/ledger/rows/places.js';
import { migrateLedger } from '../../libs/ledger/rows/projection.js';
import { wholeLedger } from '../../libs/ledger/rows/whole.js';
import { type Sql } from '../../libs/platform/sql.js';
import { MemoryLog } from '../doubles/memory-log.js';
import { type PastEvent, type registration } from './cases.js';
import { provinceWith, SEED } from './province.js';

/** Towns and villages, so that figures are kept of counties too. */
export const DIVISIONS = [
  ...SEED.divisions,
  { id: 'stone', name: '石镇', level: 'town', parent: 'hill' },
  { id: 'bridge', name: '桥村', level: 'village', parent: 'stone' },
  { id: 'ford', name: '渡镇', level: 'town', parent: 'hill' },
  { id: 'dell', name: '谷村', level: 'village', parent: 'ford' },
  { id: 'reed', name: '苇镇', level: 'town', parent: 'lake' },
  { id: 'fen', name: '泽村', level: 'village', parent: 'reed' },
  { id: 'cliff', name: '崖镇', level: 'town', parent: 'shore' },
  { id: 'sand', name: '沙村', level: 'village', parent: 'cliff' },
];
export const TODAY = '2026-09-20';
/** The province, with towns, as of a day on which all that is played is over. */
export const townsOf = (divisions: readonly object[] = DIVISIONS) => ({
  ...provinceWith({ divisions }),
  today: TODAY,
});

/** Noon of the nth day since the first of September. */
const noonOf = (n: number): string => `2026-09-${String(n + 1).padStart(2, '0')}T04:00:00.000Z`;

/** A log of cases, an event a day, as a ledger follows it. */
export class PlayedLog extends MemoryLog implements Feed {
  /** @param registered what is otherwise than usual of the registration @returns the id of the case */
  async play(past: readonly PastEvent[], registered: Partial<typeof registration> = {}): Promise<string> {
    const id = randomUUID();
    const events = past.map(({ event, actor }, n) => {
      const { type, ...data } = event.type === 'ProblemRegistered' ? { ...event, ...registered } : event;
      const ids = { commandId: randomUUID(), requestHash: '', correlationId: '', causationId: '' };
      const meta = { recordedAt: noonOf(n), ...ids, actor, entryMode: 'live' };
      return { id: randomUUID(), type, data: canonical(data), meta: canonical(meta) };
    });
    await this.append(`case-${id}`, -1, events);
    return id;
  }

  /** Ends with what is there. */
  async *follow(after: string | undefined): AsyncGenerator<Page> {
    const events = this.all.slice(Number(after ?? 0));
    await Promise.resolve();
    yield { events, next: String(this.all.length), more: false };
  }
}

/** Brings a ledger up with a log. */
export async function caughtUp(sql: Sql, log: Feed, world: World): Promise<void> {
  await migrateLogIndex(sql);
  await migrateLedger(sql, LEDGER);
  await project(noting(wholeLedger(LEDGER, world), logIndex(log)), log, sql, new AbortController().signal);
}
