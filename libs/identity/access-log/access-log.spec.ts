import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { addDays, dayIn } from '../../calendar/working-days.js';
import { type Access, type AccessFilter } from '../../contracts/access.js';
import { canonical } from '../../eventing/canonical.js';
import { connect } from '../../platform/sql.js';
import { AccessLog } from './access-log.js';

const access: Access = {
  ...{ person: 'gu', unit: 'north-office', role: 'registrar', via: 'http' },
  caseId: '6f1c1f0e-0000-5000-8000-000000000001',
  revision: 0,
  field: 'petitioner.name',
  purpose: '回访核实',
  outcome: 'revealed',
};

let database: TestDatabase;
let log: AccessLog;
beforeAll(async () => {
  database = await createDatabase();
  // All at once, as several processes start.
  await Promise.all(Array.from({ length: 3 }, () => AccessLog.migrate(database.sql)));
  log = new AccessLog(database.sql);
});
afterAll(() => database.drop());

test('an access is kept as it was noted, newest first, a page at a time', async () => {
  const first = await log.note(access);
  const second = await log.note({ ...access, outcome: 'denied' });
  expect(first).toMatchObject({ ...access, seq: 1 });
  expect(first.at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  expect(await log.page(10)).toEqual([second, first]);
  expect(await log.page(1)).toEqual([second]);
  expect(await log.page(10, second.seq)).toEqual([first]);
});

test('each line holds the hash of itself and of all before it', async () => {
  const [second, first] = await log.page(2);
  let hash = Buffer.alloc(32);
  for (const entry of [first, second]) {
    const { hash: held, ...rest } = entry ?? { hash: '' };
    hash = createHash('sha256').update(hash).update(canonical(rest)).digest();
    expect(held).toBe(hash.toString('hex'));
  }
  expect(await log.difference()).toBeUndefined();
});

test('several processes note at once, and the chain holds', async () => {
  const other = connect(database.app, 4);
  const elsewhere = new AccessLog(other);
  await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? log : elsewhere).note(access)));
  await other.end();
  const seqs = (await log.page(100)).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => seqs.length - n));
  expect(seqs.length).toBe(42);
  expect(await log.difference()).toBeUndefined();
});

test.each([
  ['update access.log set seq = seq + 100'],
  [`update access.log set entry = '{}'`],
  ['delete from access.log'],
  ['truncate access.log'],
])('nobody may %s, a superuser neither', async (statement) => {
  for (const sql of [database.sql, database.admin]) {
    await expect(sql.unsafe(statement)).rejects.toThrow(/never changed/);
    await expect(
      sql.begin(async (tx) => {
        await tx`set local session_replication_role = replica`;
        await tx.unsafe(statement);
      }),
    ).rejects.toThrow(/never changed|permission denied/);
  }
});

test('entries are found by person, case, outcome and day, and by all of these together', async () => {
  const own = await createDatabase();
  try {
    await AccessLog.migrate(own.sql);
    const owned = new AccessLog(own.sql);
    const { caseId: _, ...elsewhere } = access;
    await owned.note(access);
    await owned.note({ ...elsewhere, outcome: 'searched' });
    await owned.note({ ...access, person: 'li' });
    const seqs = async (filter: AccessFilter, zone?: string): Promise<number[]> =>
      (await owned.page(10, undefined, filter, zone)).map(({ seq }) => seq);
    expect(await seqs({ person: 'gu' })).toEqual([2, 1]);
    expect(await seqs({ caseId: access.caseId ?? '' })).toEqual([3, 1]);
    expect(await seqs({ outcome: 'searched' })).toEqual([2]);
    expect(await seqs({ person: 'gu', outcome: 'revealed' })).toEqual([1]);
    const [first] = await owned.page(1);
    const today = dayIn('Asia/Shanghai', first?.at ?? '');
    expect(await seqs({ from: today, until: addDays(today, 1) }, 'Asia/Shanghai')).toEqual([3, 2, 1]);
    expect(await seqs({ from: addDays(today, 1) }, 'Asia/Shanghai')).toEqual([]);
    expect(await seqs({ until: addDays(today, -2) }, 'Asia/Shanghai')).toEqual([]);
  } finally {
    await own.drop();
  }
});

// Whoever owns the database can take the triggers away; it does not go unseen, but for the newest lines.
test.each([
  ['changed', `update access.log set entry = replace(entry::text, '"gu"', '"xx"')::json where seq = 2`, 2],
  ['taken out', 'delete from access.log where seq = 2', 2],
  ['taken out from the beginning', 'delete from access.log where seq = 1', 1],
  ['renumbered', 'update access.log set seq = 9 where seq = 3', 3],
])('a line that was %s is found', async (_, statement, line) => {
  const own = await createDatabase();
  try {
    await AccessLog.migrate(own.sql);
    const owned = new AccessLog(own.sql);
    for (let n = 0; n < 3; n++) await owned.note(access);
    await own.sql.unsafe('alter table access.log disable trigger all');
    await own.sql.unsafe(statement);
    expect(await owned.difference()).toBe(line);
  } finally {
    await own.drop();
  }
});
