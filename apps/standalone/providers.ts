import { type InjectionToken, type Provider } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { join } from 'node:path';
import {
  ActionsOnHandler,
  decodeCase,
  HistoryOfHandler,
  VisibleCases,
} from '../../libs/cases/case.queries.js';
import { Batches } from '../../libs/cases/batches.js';
import { ErasureRequests } from '../../libs/cases/erasures/erasure-requests.js';
import { Retention } from '../../libs/cases/erasures/retention.js';
import { Openings } from '../../libs/cases/openings.js';
import { Clock } from '../../libs/cases/clock.js';
import { withDuties } from '../../libs/cases/duties.js';
import { DrawnByHandler, DrawOfHandler, Draws, OnDrawHandler } from '../../libs/cases/draws/draw.handlers.js';
import { KeyIndex } from '../../libs/cases/key-index.js';
import { EvidenceInHandler, ReceiptsUsedHandler } from '../../libs/cases/evidence.queries.js';
import { KnownSourcesHandler } from '../../libs/cases/known.handler.js';
import {
  MANAGER_BELL,
  MANAGER_LOCK,
  MANAGER_PLACE,
  ManagerStandingHandler,
  ManagerWorker,
  type Place,
} from '../../libs/cases/manager.worker.js';
import { FindHoldersHandler, SeenAmongHandler } from '../../libs/cases/personal.handlers.js';
import { RevealHandler } from '../../libs/cases/reveal.handler.js';
import { OnCaseHandler } from '../../libs/cases/on-case.handler.js';
import { Ticker } from '../../libs/cases/ticker.js';
import { OnReferralHandler, ReferralStreams } from '../../libs/cases/referrals/on-referral.handler.js';
import { Clues, ReferralOfHandler, ReferralsHandler } from '../../libs/cases/referrals/referral.queries.js';
import { ReferralWorker } from '../../libs/cases/referrals/referral.worker.js';
import { type CaseState } from '../../libs/cases/case-state.js';
import { fold, noCase } from '../../libs/cases/state.js';
import { type CaseFacts } from '../../libs/cases/table.js';
import { type CaseEvent } from '../../libs/contracts/case-events.js';
import { Handler } from '../../libs/eventing/handle.js';
import { Outbox } from '../../libs/eventing/project-outbox.js';
import { type EventStore, type Feed, STORE } from '../../libs/eventing/store.js';
import { AccessDays } from '../../libs/identity/access-log/access-days.js';
import { AccessDaysWorker } from '../../libs/identity/access-log/access-days.worker.js';
import { AccessLog } from '../../libs/identity/access-log/access-log.js';
import {
  AccessLogPageHandler,
  NoteAccessHandler,
} from '../../libs/identity/access-log/access-log.handlers.js';
import { NoteRefusalHandler } from '../../libs/identity/access-log/refusals.js';
import { AuthenticateHandler } from '../../libs/identity/sessions/authenticate.handler.js';
import { Imports } from '../../libs/intake/imports/imports.js';
import { ImportStore } from '../../libs/intake/imports/store.js';
import { rowWriter } from '../../libs/intake/exported.js';
import { readMapping } from '../../libs/intake/mapping/mapping-file.js';
import { ClosedInHandler } from '../../libs/ledger/asking/closed-in.handler.js';
import { CountTouchedHandler } from '../../libs/ledger/asking/touched.handler.js';
import { EndedLongAgoHandler } from '../../libs/ledger/asking/retention.handler.js';
import { CountInHandHandler } from '../../libs/ledger/asking/in-hand.handler.js';
import { LedgerLagHandler } from '../../libs/ledger/asking/lag.handler.js';
import { LedgerFiguresHandler } from '../../libs/ledger/figures/figures.handler.js';
import { LedgerCaseAsOfHandler } from '../../libs/ledger/asking/as-of.handler.js';
import {
  CountCasesHandler,
  LedgerCaseHandler,
  LedgerListHandler,
} from '../../libs/ledger/asking/list.handlers.js';
import { Live } from '../../libs/ledger/live/live.js';
import { Dossiers } from '../../libs/ledger/exports/dossier.js';
import { FormExport } from '../../libs/ledger/exports/form-export.js';
import { LedgerExport } from '../../libs/ledger/exports/ledger-export.js';
import { PaperExport } from '../../libs/ledger/exports/paper-export.js';
import { Pictures } from '../../libs/ledger/exports/pictures.js';
import { PROBLEM_ROW, type ProblemRow } from '../../libs/ledger/exports/problem-row.js';
import { ExportRows } from '../../libs/ledger/exports/rows.js';
import { POSTS_BELLS } from '../../libs/ledger/live/live.controller.js';
import { placesOf, WORLD, type World } from '../../libs/ledger/rows/places.js';
import { LEDGER_BELL, LedgerReachedHandler } from '../../libs/ledger/asking/reached.handler.js';
import { PLANNED_ONCE, READING } from '../../libs/ledger/asking/reading.js';
import { Frequencies } from '../../libs/ledger/asking/frequencies.js';
import { Scope } from '../../libs/ledger/asking/scope.js';
import { SearchCasesHandler } from '../../libs/ledger/asking/search.handler.js';
import { MyWorkHandler } from '../../libs/ledger/asking/worklists.handler.js';
import { Served } from '../../libs/ledger/versions/served.js';
import { DueTicksHandler } from '../../libs/ledger/asking/ticks.handler.js';
import { LedgerKeeper } from '../../libs/ledger/rows/worker.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { type Bell, Session } from '../../libs/platform/session.js';
import { SQL, type Sql } from '../../libs/platform/sql.js';
import { RegisterBook } from '../../libs/register/book.js';
import { Numbers } from '../../libs/register/numbers/numbers.js';
import { OnRegisterHandler, RegisterWriter } from '../../libs/register/on-register.handler.js';
import { PolicyDrafts } from '../../libs/register/policy/policy-drafts.js';
import { PeopleImport } from '../../libs/register/people/people-import.js';
import {
  CurrentRegisterHandler,
  ForgetNameHandler,
  TakeNumberHandler,
} from '../../libs/register/register.queries.js';
import { Sealer } from '../../libs/sealing/sealer.js';
import { SEEDED, type Seeded } from '../../libs/register/seed/seed.js';
import { identityOf } from './identity.js';
import { evidenceProviders } from './evidence.js';

/** What the rooms are wired to. */
export interface Parts {
  keeper: LedgerKeeper;
  config: Config;
  database: Database;
  store: EventStore & Feed;
  seeded: Seeded;
  clock: Clock;
  book: RegisterBook;
  writer: RegisterWriter;
  bells: { ledger: Bell; identity: Bell; register: Bell; manager: Bell };
  /** Commits without waiting for the disk: for rows and checkpoints, which are made again if they are lost together. */
  relaxed: Sql;
  /** Answers questions of the ledger. */
  reading: Sql;
  plannedOnce: Sql;
  sealer: Sealer;
  served: Served;
}

/** Every room with what it needs. Rooms know ports and buses; which is behind them is decided here and nowhere else. */
export function providersOf({
  keeper,
  config,
  database,
  store,
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
}: Parts): Provider[] {
  const { sql } = database;
  // A number taken, or a key noted, before an event stands before it in the same write-ahead log: the event's commit
  // makes it safe too. With another store it must be safe by itself.
  const before = config.STORE === 'postgres' ? relaxed : sql;
  const handler = new Handler<CaseState, CaseEvent, CaseFacts>(store, {
    initial: noCase,
    decode: decodeCase,
    fold,
    complete: withDuties,
  });
  const openings = new Openings(relaxed);
  const world: World = { places: placesOf(() => book.register), zone: seeded.zone };
  const provided: [InjectionToken, unknown][] = [
    [SQL, sql],
    [STORE, store],
    [SEEDED, seeded],
    [RegisterBook, book],
    [RegisterWriter, writer],
    [PeopleImport, new PeopleImport(writer, book, sealer, () => clock.now())],
    [READING, reading],
    [PLANNED_ONCE, plannedOnce],
    [WORLD, world],
    [Served, served],
    [LEDGER_BELL, bells.ledger],
    [POSTS_BELLS, [bells.identity, bells.register]],
    [Handler, handler],
    [Draws, new Draws(store)],
    [ReferralStreams, new ReferralStreams(store)],
    [ReferralWorker, new ReferralWorker(store, relaxed)],
    [Clock, clock],
    [Openings, openings],
    [Sealer, sealer],
    [KeyIndex, new KeyIndex(config.DEPLOYMENT, before, handler)],
    [Numbers, new Numbers(before)],
    [AccessLog, new AccessLog(sql)],
    [AccessDays, new AccessDays(store)],
    [LedgerKeeper, keeper],
    [Outbox, new Outbox(sql)],
    [MANAGER_BELL, bells.manager],
    [MANAGER_PLACE, placeIn(database)],
  ];
  return [
    ...provided.map(([provide, useValue]) => ({ provide, useValue })),
    ...identityOf({ config, sql, bell: bells.identity, sealer, demo: seeded.demo }),
    {
      provide: Batches,
      useFactory: (commands: CommandBus, queries: QueryBus, visible: VisibleCases) =>
        new Batches(sql, commands, queries, visible, openings),
      inject: [CommandBus, QueryBus, VisibleCases],
    },
    {
      provide: Retention,
      useFactory: (commands: CommandBus, queries: QueryBus) =>
        new Retention(sql, store, sealer, commands, queries),
      inject: [CommandBus, QueryBus],
    },
    {
      provide: ErasureRequests,
      useFactory: (commands: CommandBus, queries: QueryBus, retention: Retention) =>
        new ErasureRequests(sql, store, sealer, commands, queries, () => clock.now(), retention),
      inject: [CommandBus, QueryBus, Retention],
    },
    {
      provide: PolicyDrafts,
      useFactory: (commands: CommandBus, queries: QueryBus) =>
        new PolicyDrafts(sql, book, commands, queries, () => clock.now()),
      inject: [CommandBus, QueryBus],
    },
    {
      provide: Imports,
      useFactory: (commands: CommandBus, queries: QueryBus) =>
        new Imports(new ImportStore(sql), join(config.DATA_DIR, 'imports'), commands, queries),
      inject: [CommandBus, QueryBus],
    },
    {
      provide: Ticker,
      useFactory: (commands: CommandBus, queries: QueryBus) => new Ticker(commands, queries, clock, sql),
      inject: [CommandBus, QueryBus],
    },
    ...[OnReferralHandler, Clues, ReferralsHandler, ReferralOfHandler],
    ...[OnDrawHandler, DrawOfHandler, DrawnByHandler, ClosedInHandler],
    ...[OnCaseHandler, KnownSourcesHandler, VisibleCases, ActionsOnHandler, HistoryOfHandler],
    ...[ManagerWorker, ManagerStandingHandler],
    ...[RevealHandler, FindHoldersHandler, SeenAmongHandler],
    ...[NoteAccessHandler, NoteRefusalHandler, AccessLogPageHandler, AccessDaysWorker],
    ...[
      Scope,
      Frequencies,
      Live,
      LedgerListHandler,
      CountCasesHandler,
      CountInHandHandler,
      CountTouchedHandler,
      EndedLongAgoHandler,
      SearchCasesHandler,
      MyWorkHandler,
      LedgerCaseHandler,
      LedgerCaseAsOfHandler,
      LedgerFiguresHandler,
      LedgerReachedHandler,
      LedgerLagHandler,
      DueTicksHandler,
      ExportRows,
      LedgerExport,
      FormExport,
      PaperExport,
      Pictures,
      Dossiers,
    ],
    { provide: PROBLEM_ROW, useFactory: problemRow },
    ...evidenceProviders(config, sql, sealer),
    ...[AuthenticateHandler, EvidenceInHandler, ReceiptsUsedHandler],
    ...[ForgetNameHandler, CurrentRegisterHandler, TakeNumberHandler, OnRegisterHandler],
  ];
}

/** As the mapping reads it that ships for our own export: both always have the same columns. */
async function problemRow(): Promise<ProblemRow> {
  const mapping = await readMapping('config/mappings/xiaohao-export.yaml');
  return { headings: mapping.columns, cells: rowWriter(mapping) };
}

/** The place of the one process manager: whoever comes second waits until the first has gone. */
const placeIn =
  ({ address }: Database): Place =>
  (had, lost) =>
    new Session(address, {
      enter: async (sql) => {
        await sql`select pg_advisory_lock(${MANAGER_LOCK})`;
        had();
      },
      lost: () => {
        lost();
        return Promise.resolve();
      },
    });
