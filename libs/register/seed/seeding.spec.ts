import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { MemoryKeys } from '../../../test/doubles/memory-keys.js';
import { createLogDatabase, type TestDatabase } from '../../../test/support/database.js';
import { SEED } from '../../../test/support/province.js';
import { PostgresLog } from '../../adapters/postgres-log/postgres-log.js';
import { holderId } from '../../eventing/ids.js';
import { Bell } from '../../platform/session.js';
import { validated } from '../../platform/validated.js';
import { MasterKey } from '../../sealing/master-key.js';
import { Sealer } from '../../sealing/sealer.js';
import { RegisterBook } from '../book.js';
import { RegisterWriter } from '../on-register.handler.js';
import { migrateRegister } from '../projection.js';
import { SeedFile } from './seed-file.js';
import { Seeding } from './seeding.js';
import { RegisterWorker } from '../worker.js';

let database: TestDatabase;
let log: PostgresLog;
let bell: Bell;
let worker: RegisterWorker;
let book: RegisterBook;
let writer: RegisterWriter;
let sealer: Sealer;
beforeAll(async () => {
  database = await createLogDatabase();
  await migrateRegister(database.sql);
  await Seeding.migrate(database.sql);
  log = new PostgresLog(database.app);
  bell = new Bell(database.app, 'register');
  sealer = new Sealer(new MemoryKeys(), MasterKey.fromText(randomBytes(32).toString('base64')));
  const now = (): string => '2026-09-01T04:00:00.000Z';
  book = new RegisterBook(database.sql, bell, sealer, SEED.zone, now);
  writer = new RegisterWriter(
    log,
    sealer,
    () => ({ now: now() }),
    () => book.today,
  );
  worker = new RegisterWorker(log, database.sql);
  await book.open();
});
afterAll(async () => {
  await worker.stop();
  await Promise.all([bell.end(), log.close()]);
  await database.drop();
});

const seeding = (changes: object = {}): Promise<number> =>
  new Seeding(database.sql, writer, book, sealer).run(validated(SeedFile, { ...SEED, ...changes }));
const entries = SEED.divisions.length + SEED.units.length + SEED.persons.length + 2;

test('the register says what the file says; a second time there is nothing to say', async () => {
  expect(await seeding()).toBe(entries);
  expect(book.register.person('yang')).toMatchObject({ name: 'yang' });
  expect(book.register.within('north')).toEqual(['north', 'hill', 'lake']);
  expect(await seeding()).toBe(0);
  const [stored] = await database.sql<{ n: number }[]>`
    select count(*)::int as n from log.events where data::text like '%"name":"yang"%'`;
  expect(stored?.n).toBe(0);
});

test('what changed in the file is taken over from today on, and what was changed otherwise stays', async () => {
  const units = SEED.units.map((unit) => (unit.id === 'hill-works' ? { ...unit, name: '山县工程处' } : unit));
  const persons = SEED.persons
    .filter(({ id }) => id !== 'zhou')
    .map((one) =>
      one.id === 'yang' ? { ...one, name: '杨', appointments: one.appointments.slice(0, 1) } : one,
    );
  expect(await seeding({ units, persons })).toBe(3);
  const { register } = book;
  expect(register.unit('hill-works')?.name).toBe('山县工程处');
  expect(register.person('zhou')?.appointments).toEqual([]);
  expect(register.person('yang')).toMatchObject({
    name: '杨',
    appointments: [{ unit: 'north-office', role: 'verifier' }],
  });
  expect(await seeding({ units, persons })).toBe(0);
});

test('a number that the file adds is given to its person, once, and is nobody else’s', async () => {
  const numbered = (id: string, identityNumber: string): object[] =>
    SEED.persons.map((one) => (one.id === id ? { ...one, identityNumber } : one));
  const persons = numbered('li', '43010219900307123X');
  await seeding({ persons });
  expect(await sealer.meant('identity-number', '430102 19900307123x')).toBe(holderId('person-li'));
  expect(await seeding({ persons })).toBe(0);
  await expect(seeding({ persons: numbered('xu', '43010219900307123X') })).rejects.toThrow(
    'The seed file cannot be taken over: person xu: ',
  );
  const [told] = await database.sql<{ n: number }[]>`
    select count(*)::int as n from log.events where data::text like '%430102%'`;
  expect(told?.n).toBe(0);
});

test('a version that was published has no other rules', async () => {
  await expect(seeding({ policy: { ...SEED.policy, extensions: 5 } })).rejects.toThrow(
    'The seed file cannot be taken over: policy rules: ',
  );
});
