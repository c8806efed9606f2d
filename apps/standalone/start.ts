import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { migrateLog } from '../../libs/adapters/postgres-log/schema.js';
import { Batches } from '../../libs/cases/batches.js';
import { ErasureRequests } from '../../libs/cases/erasures/erasure-requests.js';
import { Openings } from '../../libs/cases/openings.js';
import { migrateReferrals } from '../../libs/cases/referrals/referral.projection.js';
import { Clock } from '../../libs/cases/clock.js';
import { KeyIndex } from '../../libs/cases/key-index.js';
import { migrateLogIndex } from '../../libs/eventing/project-index.js';
import { Outbox } from '../../libs/eventing/project-outbox.js';
import { calendarNotice } from '../../libs/calendar/notice.js';
import { dayIn } from '../../libs/calendar/working-days.js';
import { migrateEvidence } from '../../libs/evidence/rows.js';
import { UPLOAD_TYPES } from '../../libs/evidence/arriving/uploads.controller.js';
import { IMPORT_TYPES } from '../../libs/intake/imports/imports.controller.js';
import { ImportStore } from '../../libs/intake/imports/store.js';
import { AccessLog } from '../../libs/identity/access-log/access-log.js';
import { Accounts } from '../../libs/identity/accounts/accounts.js';
import { migrateIdentity } from '../../libs/identity/schema.js';
import { migrateChanges } from '../../libs/ledger/rows/changes.js';
import { connectReading } from '../../libs/ledger/asking/reading.js';
import { Served } from '../../libs/ledger/versions/served.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database, openDatabase } from '../../libs/platform/database.js';
import { usableFolder, writeDurably } from '../../libs/platform/embedded/folder.js';
import { codeOf, StartFault } from '../../libs/platform/fault.js';
import { AccessGuard } from '../../libs/platform/http/access.guard.js';
import { bytesOf } from '../../libs/platform/http/bytes.js';
import { requests } from '../../libs/platform/http/operations.controller.js';
import { ProblemFilter } from '../../libs/platform/http/problem.js';
import { Sentinel } from '../../libs/platform/sentinel.js';
import { Bell, Ears } from '../../libs/platform/session.js';
import { connect, RELAXED } from '../../libs/platform/sql.js';
import { RegisterBook } from '../../libs/register/book.js';
import { PolicyDrafts } from '../../libs/register/policy/policy-drafts.js';
import { Numbers } from '../../libs/register/numbers/numbers.js';
import { PostgresKeys } from '../../libs/adapters/postgres-keys/postgres-keys.js';
import { Unusable } from '../../libs/sealing/errors.js';
import { type MasterKey } from '../../libs/sealing/master-key.js';
import { Sealer } from '../../libs/sealing/sealer.js';
import { RegisterWriter } from '../../libs/register/on-register.handler.js';
import { migrateRegister } from '../../libs/register/projection.js';
import { Seeding } from '../../libs/register/seed/seeding.js';
import { RegisterWorker } from '../../libs/register/worker.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { faultLines } from './fault-lines.js';
import { controllers, openApi } from './document.js';
import { firstSignIn } from './first-sign-in.js';
import { LedgerThread } from './ledger-thread.js';
import { openLog } from './log.js';
import { masterKeyOf } from './master-key.js';
import { type Parts, providersOf } from './providers.js';

/** A body of JSON: a command's event has at most 64 KiB. */
const MAX_BODY = 256 * 1024;

/**
 * What every answer tells a browser: to load nothing but ours for a page of ours, to put it in no page of others, to guess
 * no type, and to pass on and keep nothing. What may be kept, or shown otherwise, says so itself.
 */
const SAFE = {
  'Content-Security-Policy': [
    ...[
      "default-src 'self'",
      "img-src 'self' data:",
      "style-src 'self' 'unsafe-inline'",
      "object-src 'none'",
    ],
    ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"],
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  // Heard by browsers through a proxy's TLS only.
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** At the end, requests have this long to finish, in milliseconds. */
const FAREWELL_MS = 5000;

/** Everything in one process, running. */
export interface Standalone {
  url: string;
  database: Database;
  /** What the operator should know besides. */
  notices: string[];
  close: () => Promise<void>;
}

@Module({})
class AppModule {
  static of(parts: Parts): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers,
      providers: [
        ...providersOf(parts),
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

/** A schema that is there as long as a restore has not come to its end. */
export const RESTORING = 'restoring';

/** Tables that are not the log's: made by the application's own role. */
export async function migrate(database: Database): Promise<void> {
  const owner = database.owner();
  try {
    await migrateLog(owner, database.role);
  } catch (error) {
    throw new StartFault(
      `The schema of the log cannot be brought up to date (${codeOf(error)}): check DATABASE_OWNER_URL.`,
      { cause: error },
    );
  } finally {
    await owner.end();
  }
  const { sql } = database;
  const [unfinished] = await sql`select from pg_namespace where nspname = ${RESTORING}`;
  if (unfinished) {
    throw new StartFault(
      'A restore was not finished here: empty the database and the folder of files, and restore again.',
    );
  }
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(7815004)`;
    const on = tx as unknown as typeof sql;
    await migrateLogIndex(on);
    await Outbox.migrate(on);
    await migrateChanges(on);
    await Served.migrate(on);
    await migrateReferrals(on);
    await KeyIndex.migrate(on);
    await Openings.migrate(on);
    await Batches.migrate(on);
    await ErasureRequests.migrate(on);
    await Clock.migrate(on);
    await migrateRegister(on);
    await Numbers.migrate(on);
    await PolicyDrafts.migrate(on);
    await Seeding.migrate(on);
    await migrateEvidence(on);
    await ImportStore.migrate(on);
    await migrateIdentity(on);
  });
  await PostgresKeys.migrate(sql);
  await AccessLog.migrate(sql);
}

/**
 * Starts everything: database, log, ledger, HTTP.
 * @param deposed called when another process took over this data meanwhile
 * @throws StartFault
 */
export async function startStandalone(config: Config, deposed: (fault: Error) => void): Promise<Standalone> {
  faultLines();
  const seeded = await readSeed(config.SEED);
  // Uploads and the address stand there, wherever the database is.
  await usableFolder(config.DATA_DIR);
  const master = await masterKeyOf(config, seeded.demo);
  const database = await openDatabase(config);
  const undo: (() => Promise<unknown>)[] = [database.close];
  const close = async (): Promise<void> => {
    while (undo.length > 0) await undo.pop()?.();
  };
  try {
    const sentinel = await Sentinel.post(database, deposed);
    undo.push(() => sentinel.leave());
    await migrate(database);
    const sealer = await sealerOf(config, database, master);
    const ears = new Ears(database.address);
    const store = openLog(config, database.address, ears);
    undo.push(() => store.close());
    // What was arriving when a process was killed will not arrive any more.
    await rm(join(config.DATA_DIR, 'arriving', 'now'), { recursive: true, force: true });
    const bells = {
      ledger: new Bell(ears, 'ledger'),
      served: new Bell(ears, 'served'),
      identity: new Bell(ears, 'identity'),
      manager: new Bell(ears, 'manager'),
      register: new Bell(ears, 'register'),
    };
    undo.push(() => Promise.all(Object.values(bells).map((bell) => bell.end())));
    // While the connection is new: on one that nobody has used for long the first to listen might wait for it.
    await Promise.all(Object.values(bells).map((bell) => bell.listen()));
    // What is committed here is safe at the latest with the next event that is appended to the same database.
    const relaxed = connect(database.address, 6, RELAXED);
    undo.push(() => relaxed.end({ timeout: 5 }));
    const reading = connectReading(database.address, 10);
    undo.push(() => reading.end({ timeout: 5 }));
    const plannedOnce = connectReading(database.address, 8, 'once');
    undo.push(() => plannedOnce.end({ timeout: 5 }));
    const clock = await Clock.open(database.sql, seeded.demo);
    const now = (): string => clock.now();
    const time = () => ({ now: clock.now(), simulated: clock.simulated });
    const book = new RegisterBook(database.sql, bells.register, sealer, seeded.zone, now);
    const writer = new RegisterWriter(store, sealer, time, () => book.today);
    const worker = new RegisterWorker(store, relaxed);
    undo.push(() => worker.stop());
    await book.open();
    await new Seeding(database.sql, writer, book, sealer).run(seeded.file);
    const served = new Served(database.sql, bells.served);
    await served.refresh();
    const keeper = new LedgerThread(
      {
        ...{ STORE: config.STORE, EVENTSTOREDB_URL: config.EVENTSTOREDB_URL },
        address: database.address,
        zone: seeded.zone,
      },
      () => book.today,
    );
    const rooms = {
      keeper,
      seeded,
      clock,
      book,
      writer,
      bells,
      relaxed,
      reading,
      plannedOnce,
      sealer,
      served,
    };
    const app = await httpApp({ config, database, store, ...rooms });
    undo.push(async () => {
      // Requests under way are finished; whoever dawdles is cut off.
      const server = app.getHttpServer();
      const timer = setTimeout(() => {
        server.closeAllConnections();
      }, FAREWELL_MS);
      await app.close();
      clearTimeout(timer);
    });
    await app.init();
    // Nest's own `listen` says what went wrong a second time, in its own words.
    const url = await app.getHttpAdapter().getInstance().listen({ port: config.PORT, host: config.HOST });
    const address = join(config.DATA_DIR, 'server.json');
    await writeDurably(address, JSON.stringify({ pid: process.pid, url }));
    undo.push(() => rm(address, { force: true }));
    const notices = calendarNotice(seeded.calendar, dayIn(seeded.zone, new Date().toISOString()));
    // A demo makes accounts of its own.
    if (!seeded.demo) {
      notices.push(...(await firstSignIn(app.get(Accounts), book.register, config.PUBLIC_URL ?? url)));
    }
    return { url, database, notices, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws StartFault */
async function sealerOf({ SEALING }: Config, { sql }: Database, master: MasterKey): Promise<Sealer> {
  try {
    const sealer = new Sealer(new PostgresKeys(sql), master, SEALING);
    await sealer.tryMaster();
    return sealer;
  } catch (error) {
    if (error instanceof Unusable) throw new StartFault(error.message, { cause: error });
    throw error;
  }
}

/** In characters. */
const LONG_ANSWER = 8192;

async function httpApp(parts: Parts): Promise<NestFastifyApplication> {
  const { TRUSTED_PROXIES: trusted } = parts.config;
  const adapter = new FastifyAdapter({
    ...{ bodyLimit: MAX_BODY, routerOptions: { maxParamLength: 100 } },
    ...(trusted !== undefined && { trustProxy: trusted.split(',') }),
  });
  const fastify = adapter.getInstance();
  // A file is not read into memory: its stream is handed on.
  fastify.addContentTypeParser(
    [...new Set([...UPLOAD_TYPES, ...IMPORT_TYPES])],
    { bodyLimit: Infinity },
    (_request, payload, done) => {
      done(null, payload);
    },
  );
  fastify.addHook('onResponse', (request, reply, done) => {
    requests.inc({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
    });
    done();
  });
  // Long texts become bytes once: they would be gone through to be measured, and again to be sent.
  fastify.addHook('onSend', (_request, _reply, payload, done) => {
    done(null, typeof payload === 'string' && payload.length > LONG_ANSWER ? bytesOf(payload) : payload);
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter);
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SAFE);
    done();
  });
  SwaggerModule.setup('api/docs', app, openApi() as unknown as OpenAPIObject, {
    jsonDocumentUrl: 'api/openapi.json',
  });
  return app;
}
