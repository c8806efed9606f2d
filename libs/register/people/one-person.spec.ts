import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { createLogDatabase, type TestDatabase } from '../../../test/support/database.js';
import { docsAfter, securityAdmin } from '../../../test/support/register.js';
import { PostgresKeys } from '../../adapters/postgres-keys/postgres-keys.js';
import { PostgresLog } from '../../adapters/postgres-log/postgres-log.js';
import { Refusal } from '../../contracts/refusal.js';
import { EnterPerson, RenamePerson } from '../../contracts/register-commands.js';
import { type Actor } from '../../eventing/event.js';
import { holderId } from '../../eventing/ids.js';
import { validated } from '../../platform/validated.js';
import { MasterKey } from '../../sealing/master-key.js';
import { Sealer } from '../../sealing/sealer.js';
import { RegisterWriter } from '../on-register.handler.js';

const [NUMBER, OTHER] = ['43010219900307123X', '430102199003071234'];

let database: TestDatabase;
let log: PostgresLog;
let sealer: Sealer;
let writers: readonly RegisterWriter[];
beforeAll(async () => {
  database = await createLogDatabase();
  await PostgresKeys.migrate(database.sql);
  log = new PostgresLog(database.app);
  const master = MasterKey.fromText(randomBytes(32).toString('base64'));
  sealer = new Sealer(new PostgresKeys(database.sql), master);
  // As several processes would write.
  writers = Array.from(
    { length: 4 },
    () =>
      new RegisterWriter(
        log,
        sealer,
        () => ({ now: '2026-09-01T04:00:00.000Z' }),
        () => '2026-09-01',
      ),
  );
});
afterAll(async () => {
  await log.close();
  await database.drop();
});

let docs = docsAfter();

/** What becomes of a command on somebody: done, or the code and who it names. */
async function give(id: string, body: object, by: Actor = securityAdmin, n = 0): Promise<string> {
  const order = {
    ...({ kind: 'person', id, body, actor: by, commandId: randomUUID() } as const),
    about: { correlationId: 'spec' },
  };
  try {
    await writers[n % writers.length]?.give(order, () => docs);
    return 'done';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.code, error.details.person].filter(Boolean).join(' ');
  }
}

const from = '2026-09-01';
const enter = (identityNumber: string): object =>
  validated(EnterPerson, { name: '鲁', identityNumber, from });
const rename = (identityNumber: string): object =>
  validated(RenamePerson, { name: '鲁某', identityNumber, from });

test('of many who are entered at once with one number, one is', async () => {
  const ids = Array.from({ length: 12 }, (_, n) => `lu-${n}`);
  const said = await Promise.all(ids.map((id, n) => give(id, enter(NUMBER), securityAdmin, n)));
  expect(said.filter((one) => one === 'done')).toHaveLength(1);
  expect(said.filter((one) => one === 'register/already-entered')).toHaveLength(11);
});

test('it is the same number however it is written, and under another name', async () => {
  expect(await give('late', enter(' 430102-19900307-123x '))).toBe('register/already-entered');
});

test('whoever is refused is told who that person is', async () => {
  expect(await give('wei', enter('43010219900307222X'))).toBe('done');
  docs = docsAfter({ 'person-wei': [{ type: 'PersonEntered', name: '魏', from }] });
  expect(await give('wei-2', enter('43010219900307222X'))).toBe('register/already-entered wei');
});

test('nobody takes a number by a command that is refused, or that says none', async () => {
  const clerk: Actor = { ...securityAdmin, role: 'system-admin' };
  expect(await give('squatter', enter(OTHER), clerk)).toBe('auth/forbidden');
  expect(await give('squatter', enter('---'))).toBe('input/invalid');
  expect(await give('one', enter(OTHER))).toBe('done');
});

test('who was entered without a number is given one, that of nobody else', async () => {
  expect(await give('two', validated(EnterPerson, { name: '鲁', from }))).toBe('done');
  expect(await give('two', rename(OTHER))).toBe('register/already-entered');
  expect(await give('two', rename('430102199003075678'))).toBe('done');
  expect(await give('three', enter('430102199003075678'))).toBe('register/already-entered');
});

test('neither the log nor its hashes tell the number', async () => {
  const rows = await database.sql<
    { text: string }[]
  >`select data::text || meta::text as text from log.events`;
  const all = rows.map(({ text }) => text).join();
  for (const number of [NUMBER, OTHER]) expect(all).not.toContain(number);
  expect(await sealer.find('identity-number', OTHER)).toEqual([]);
});

test('of who was erased nothing is kept to know them by', async () => {
  await sealer.erase(holderId('person-one'));
  expect(await give('one-again', enter(OTHER))).toBe('done');
});
