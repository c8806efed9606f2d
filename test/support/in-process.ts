import { connectReading } from '../../libs/ledger/asking/reading.js';
import { placesOf } from '../../libs/ledger/rows/places.js';
import { Served } from '../../libs/ledger/versions/served.js';
import { LedgerWorker } from '../../libs/ledger/rows/worker.js';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providersOf } from '../../apps/standalone/providers.js';
import { migrate } from '../../apps/standalone/start.js';
import { PostgresKeys } from '../../libs/adapters/postgres-keys/postgres-keys.js';
import { PostgresLog } from '../../libs/adapters/postgres-log/postgres-log.js';
import { ANSWERED } from '../../libs/cases/manager.js';
import { Clock } from '../../libs/cases/clock.js';
import { Outbox } from '../../libs/eventing/project-outbox.js';
import { Uploads } from '../../libs/evidence/arriving/uploads.js';
import { Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { Bell } from '../../libs/platform/session.js';
import { APP } from '../../libs/platform/embedded/server.js';
import { connect, RELAXED, type Sql } from '../../libs/platform/sql.js';
import { validated } from '../../libs/platform/validated.js';
import { RegisterBook } from '../../libs/register/book.js';
import { RegisterWriter } from '../../libs/register/on-register.handler.js';
import { type Seeded } from '../../libs/register/seed/seed.js';
import { SeedFile } from '../../libs/register/seed/seed-file.js';
import { Seeding } from '../../libs/register/seed/seeding.js';
import { RegisterWorker } from '../../libs/register/worker.js';
import { MasterKey } from '../../libs/sealing/master-key.js';
import { Sealer } from '../../libs/sealing/sealer.js';
import { TODAY } from './cases.js';
import { createDatabase } from './database.js';
import { province, SEED } from './province.js';
import { type Tally } from './tally.js';

/** The rooms of the application, wired as in production to a database of their own, in this process and without HTTP. */
export interface InProcess {
  commands: CommandBus;
  uploads: Uploads;
  close: () => Promise<void>;
}

/** @param tally counts what is asked of the database, through every pool and through the log */
export async function startInProcess(tally: Tally): Promise<InProcess> {
  const created = await createDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'xiaohao-rooms-'));
  const address = created.app;
  const sql = tally.of(created.sql);
  const relaxed = connect(address, 6, RELAXED);
  const nothing = (): Promise<void> => Promise.resolve();
  const owner = (): Sql => created.admin;
  const database: Database = { address, sql, role: APP, owner, revive: nothing, close: nothing };
  await migrate(database);
  const log = new PostgresLog(address);
  const store = tally.ofLog(log);
  const clock = Object.assign(new Clock(), { now: () => `${TODAY}T04:00:00.000Z` });
  const now = (): string => clock.now();
  const sealer = new Sealer(new PostgresKeys(sql), MasterKey.fromText(randomBytes(32).toString('base64')));
  const bells = {
    ledger: new Bell(address, 'ledger'),
    identity: new Bell(address, 'identity'),
    manager: new Bell(address, 'manager'),
    register: new Bell(address, 'register'),
  };
  const file = validated(SeedFile, SEED);
  const seeded: Seeded = { ...province, file, numbers: file.numbers, demo: false };
  const book = new RegisterBook(sql, bells.register, sealer, seeded.zone, now);
  const writer = new RegisterWriter(
    store,
    sealer,
    () => ({ now: now() }),
    () => book.today,
  );
  const worker = new RegisterWorker(store, relaxed);
  await book.open();
  await new Seeding(sql, writer, book, sealer).run(file);
  const config = Object.assign(new Config(), { DATA_DIR: folder });
  const reading = connectReading(address, 2);
  const parts = { config, database, store, seeded, clock, book, writer, bells, sealer };
  const world = { places: placesOf(() => book.register), zone: seeded.zone };
  const around = { world, today: () => book.today, onChange: nothing };
  const served = new Served(sql);
  const keeper = new LedgerWorker(store, tally.of(relaxed), served, around, Outbox.of(ANSWERED));
  const rooms = await Test.createTestingModule({
    imports: [CqrsModule.forRoot()],
    providers: providersOf({
      ...parts,
      keeper,
      relaxed: tally.of(relaxed),
      reading,
      plannedOnce: reading,
      served,
    }),
  }).compile();
  await rooms.init();
  return {
    commands: rooms.get(CommandBus),
    uploads: rooms.get(Uploads),
    close: async () => {
      await rooms.close();
      await worker.stop();
      await Promise.all(Object.values(bells).map((bell) => bell.end()));
      await Promise.all([log.close(), relaxed.end({ timeout: 1 }), reading.end({ timeout: 1 })]);
      await created.drop();
      await rm(folder, { recursive: true });
    },
  };
}
