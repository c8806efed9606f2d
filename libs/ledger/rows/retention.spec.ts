import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { calledBack, closedLongAgo, retentionEnded } from '../../../test/support/afterwards.js';
import { type PastEvent, registered, registration, reopened, until } from '../../../test/support/cases.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { EndedLongAgo, type EndedPage } from '../../contracts/retention.js';
import { type Day, type Uuid } from '../../contracts/values.js';
import { type Recorded, type StoredEvent } from '../../eventing/event.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { LEDGER } from './columns.js';
import { indexLedger } from './indexes.js';
import { NOWHERE } from './places.js';
import { migrateLedger } from './projection.js';
import { EndedLongAgoHandler } from '../asking/retention.handler.js';
import { type Row } from './row.js';
import { Served } from '../versions/served.js';
import { wholeLedger } from './whole.js';

const ledger = wholeLedger(LEDGER, { ...NOWHERE, zone: 'Asia/Shanghai' });
let database: TestDatabase;
let ordinal = 0;
beforeAll(async () => {
  database = await createDatabase();
  await migrateLedger(database.sql);
  await indexLedger(database.sql, LEDGER);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.sql.unsafe(`truncate ${LEDGER}.cases, ${LEDGER}.holders`);
});

/** What happens in a case, event by event as the worker makes its row. */
async function happened(past: readonly PastEvent[], differs: Partial<Row> = {}): Promise<Uuid> {
  const id = randomUUID();
  const noted = ledger.beside?.nothing();
  let row: Row | undefined;
  for (const [revision, { event, actor, at }] of past.entries()) {
    const meta = {
      ...{ recordedAt: at, commandId: '', requestHash: '', correlationId: '', causationId: '' },
      ...{ actor, entryMode: 'live' as const },
    };
    const recorded: Recorded<CaseEvent> = { id: '', stream: `case-${id}`, revision, event, meta };
    const stored = {
      ...recorded,
      type: event.type,
      data: JSON.stringify(event),
      meta: '',
    } as unknown as StoredEvent;
    const change = ledger.change(row, recorded, ++ordinal);
    ledger.beside?.note(noted as never, { ordinal, stored }, { before: row, change, at });
    row = { ...(row as Row), ...change };
  }
  await database.sql.begin(async (tx) => {
    await ledger.save(tx, [{ ...(row as Row), ...differs }]);
    await ledger.beside?.write(tx, noted as never);
  });
  return id;
}

/** A text as it stands in an event. */
const sealed = (holder: Uuid): never =>
  ({ holder, alg: 'AES-256-GCM', key: 1, kind: 'name', iv: '', text: '', tag: '' }) as never;
const petition = (holders: readonly Uuid[], at = '2016-09-01T04:00:00.000Z'): PastEvent => ({
  ...registered,
  at,
  event: {
    ...registration,
    petitioner: { name: sealed(holders[0] ?? ''), phone: sealed(holders[0] ?? '') },
    ...(holders[1] !== undefined && { verbatim: sealed(holders[1]) }),
  },
});
const closedWith = (holders: readonly Uuid[], at?: string): PastEvent[] => [
  petition(holders, at),
  ...closedLongAgo.slice(1).map((done) => ({ ...done, ...(at !== undefined && { at }) })),
];

const ask = (endedBy: Day, narrowed: EndedLongAgo['narrowed'] = {}, limit = 50, today = '2026-09-01') =>
  new EndedLongAgoHandler(database.sql, new Served(database.sql)).execute(
    new EndedLongAgo(endedBy, today, limit, narrowed),
  );
const ids = ({ cases }: EndedPage): Uuid[] => cases.map((one) => one.case);
const found = async (...asked: Parameters<typeof ask>): Promise<Uuid[]> => ids(await ask(...asked));
const one = randomUUID;

describe('cases that ended long ago', () => {
  test('are found by their day, with how many are sealed in them, each once', async () => {
    const both = await happened(closedWith([one(), one()]));
    await happened(closedWith([one()], '2016-09-01T16:00:00.000Z'));
    await happened(closedLongAgo);
    expect(await ask('2016-09-01')).toEqual({
      cases: [{ case: both, caseNumber: 'N-7', endedOn: '2016-09-01', holders: 2 }],
    });
    expect(await found('2016-08-31')).toEqual([]);
    expect(await found('2016-09-02')).toHaveLength(2);
  });

  test('are a page at a time, those that ended first first, and none twice', async () => {
    const days = ['2016-05-01', '2016-03-01', '2016-04-01', '2016-04-01', '2016-06-01'];
    const made: Uuid[] = [];
    for (const day of days) made.push(await happened(closedWith([one()], `${day}T04:00:00.000Z`)));
    const order = [1, 2, 3, 0, 4].map((n) => made[n]);
    const pages: Uuid[] = [];
    let after: string | undefined;
    for (let page = 0; page < 3; page++) {
      const { next, ...answer } = await ask('2016-12-31', after === undefined ? {} : { after }, 2);
      pages.push(...ids(answer));
      after = next;
    }
    expect([pages, after]).toEqual([order, undefined]);
    await expect(ask('2016-12-31', { after: '2016-04-01' })).rejects.toThrow('input/invalid');
  });

  test('are none but these, and none of those', async () => {
    const [first, second] = [await happened(closedWith([one()])), await happened(closedWith([one()]))];
    expect(await found('2016-09-01', { only: [second, randomUUID()] })).toEqual([second]);
    expect(await found('2016-09-01', { except: [second] })).toEqual([first]);
    expect(await found('2016-09-01', { only: [second], except: [second] })).toEqual([]);
  });

  test('are not those that were taken up again, nor those that were erased so', async () => {
    const holder = one();
    const again = { ...reopened, at: '2017-01-01T04:00:00.000Z' };
    await happened([...closedWith([holder]), again]);
    await happened([...closedWith([one()]), retentionEnded]);
    expect(await found('2026-09-01')).toEqual([]);
    // Closed again, and somebody sealed after what was erased before.
    const told: PastEvent = {
      ...calledBack,
      event: { ...calledBack.event, note: sealed(one()) } as CaseEvent,
    };
    const closedAgain = until.closed.slice(2).map((done) => ({ ...done, at: '2018-01-01T04:00:00.000Z' }));
    const back = await happened([
      ...closedWith([one(), one()]),
      ...[retentionEnded, again, ...closedAgain, told],
    ]);
    expect(await ask('2018-01-01')).toEqual({
      cases: [{ case: back, caseNumber: 'N-7', endedOn: '2018-01-01', holders: 1 }],
    });
  });

  test.each<[string, Partial<Row>]>([
    ['a failed look-back', { lookBackAnswerBy: '2026-10-01' }],
    ['a leader’s instruction', { openInstructions: 1 }],
    ['a termination that may be held', { holdUntil: '2026-09-01' }],
    ['a duty of anybody', { duties: { 'look-back-answer': {} } as never }],
  ])('are not those that %s holds', async (_, differs) => {
    await happened(closedWith([one()]), differs);
    expect(await found('2026-09-01')).toEqual([]);
  });

  test('are not those that share somebody with a case that is open or ended later', async () => {
    const [shared, other] = [one(), one()];
    const whole = await happened(closedWith([shared]));
    await happened(until.rectifying.map((done, n) => (n === 0 ? petition([other]) : done)));
    expect(await found('2026-09-01')).toEqual([whole]);
    const part = await happened(closedWith([shared, other], '2017-01-01T04:00:00.000Z'));
    expect(await found('2016-12-31')).toEqual([]);
    expect(await found('2017-01-01')).toEqual([whole]);
    expect(await found('2017-01-01', { only: [part] })).toEqual([]);
  });

  test('are not those that were merged into one that goes on, nor into one that was merged in turn', async () => {
    const into = async (mergedInto: Uuid): Promise<Uuid> =>
      happened(closedWith([one()]), { status: 'merged', mergedInto });
    const open = await happened(until.rectifying);
    const line = await into(open);
    await into(line);
    expect(await found('2026-09-01')).toEqual([]);
    const over = await into(await happened(closedLongAgo));
    expect(await found('2026-09-01')).toEqual([over]);
  });

  test('are found by an index, however many cases there are', async () => {
    const { sql } = database;
    await happened(closedWith([one()]));
    await sql.unsafe(`
      insert into ${LEDGER}.cases select (jsonb_populate_record(c, jsonb_build_object(
        'id', gen_random_uuid(), 'seq', 1000000 + n, 'erasable', false, 'endedOn', null))).*
      from ${LEDGER}.cases c, generate_series(1, 5000) n`);
    await sql.unsafe(`analyze ${LEDGER}.cases`);
    const plan = await sql.unsafe<{ 'QUERY PLAN': string }[]>(`
      explain select id from ${LEDGER}.cases
      where erasable and "endedOn" <= '2016-09-01' order by "endedOn", seq limit 51`);
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toContain('cases_retention');
    expect(text).not.toContain('Seq Scan');
  });
});
