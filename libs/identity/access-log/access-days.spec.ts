import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { MemoryLog } from '../../../test/doubles/memory-log.js';
import { type Access, type AccessDayClosed, accessEvents } from '../../contracts/access.js';
import { decoder } from '../../eventing/decode.js';
import { type Actor } from '../../eventing/event.js';
import { type Circumstances, type Past, specification } from '../../eventing/given.js';
import { each, type Facts } from '../../eventing/handle.js';
import {
  AccessDays,
  CloseAccessDay,
  closing,
  DAYS,
  dayThatDiffers,
  evolveDays,
  noDays,
} from './access-days.js';
import { AccessDaysWorker } from './access-days.worker.js';
import { AccessLog } from './access-log.js';

const decode = decoder<AccessDayClosed>(accessEvents);

describe('a day of the log of accesses', () => {
  const given = specification(
    { initial: noDays, decode, fold: each(evolveDays) },
    () => closing,
    () => ['case/role', 'case/status'],
  );
  const by = (role: string): Circumstances<Facts> => {
    const actor: Actor = { person: role, unit: '', role, via: 'clock' };
    return { actor, facts: { now: '2026-09-02T00:01:00.000Z' } };
  };
  const first = { day: '2026-09-01', entries: 3, last: 3, root: 'a'.repeat(64) };
  const second = { day: '2026-09-03', entries: 2, last: 5, root: 'b'.repeat(64) };
  const closed = (day: typeof first): AccessDayClosed => ({ type: 'AccessDayClosed', ...day });
  const past = (day: typeof first): Past<AccessDayClosed> => ({
    ...{ event: closed(day), actor: by('clock').actor, at: '2026-09-02T00:00:30.000Z' },
  });

  test('is closed once, by the clock, in the order of days', () => {
    given().when(new CloseAccessDay(first), by('clock')).then(closed(first));
    given(past(first)).when(new CloseAccessDay(second), by('clock')).then(closed(second));
    given(past(first)).when(new CloseAccessDay(first), by('clock')).refused('case/status');
    given(past(second)).when(new CloseAccessDay(first), by('clock')).refused('case/status');
  });

  test.each(['audit-admin', 'system-admin', 'auditor', 'manager'])('is not closed by a %s', (role) => {
    given().when(new CloseAccessDay(first), by(role)).refused('case/role');
  });
});

describe('closing what is over', () => {
  let database: TestDatabase;
  const store = new MemoryLog();
  let log: AccessLog;
  let worker: AccessDaysWorker;
  const seen: Access = {
    ...{ person: 'gu', unit: 'north-office', role: 'registrar', via: 'http' },
    outcome: 'searched',
  };
  const queries = { execute: () => Promise.resolve({ zone: 'Asia/Shanghai' }) } as unknown as QueryBus;
  const events = async (): Promise<AccessDayClosed[]> =>
    (await store.read(DAYS, 0, 100)).map((stored) => decode(stored).event);
  const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

  beforeAll(async () => {
    database = await createDatabase();
    await AccessLog.migrate(database.sql);
    log = new AccessLog(database.sql);
    worker = new AccessDaysWorker(new AccessDays(store), log, queries, database.sql);
  });
  afterAll(() => database.drop());

  test('makes no event of a day that goes on, and none of one without entries', async () => {
    await worker.close(inDays(3));
    await log.note(seen);
    await log.note(seen);
    await worker.close(inDays(-1));
    expect(await events()).toEqual([]);
  });

  test('makes one event of a day that is over, whose root is the hash of its last entry', async () => {
    const last = await log.note(seen);
    await worker.close(inDays(2));
    await worker.close(inDays(2));
    // Where this ran over midnight there are two days; together they have all entries.
    const closed = await events();
    expect(closed.reduce((sum, { entries }) => sum + entries, 0)).toBe(3);
    expect(closed.at(-1)).toMatchObject({ type: 'AccessDayClosed', last: 3, root: last.hash });
    expect(await dayThatDiffers(store, log)).toBeUndefined();
  });

  test('shows that the newest entries were taken away, though the chain of the rest holds', async () => {
    const day = (await events()).at(-1)?.day;
    await database.sql.unsafe(
      'alter table access.log disable trigger all; delete from access.log where seq = 3',
    );
    expect(await log.difference()).toBeUndefined();
    expect(await dayThatDiffers(store, log)).toBe(day);
  });
});
