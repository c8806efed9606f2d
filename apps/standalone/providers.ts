import { type InjectionToken, type Provider } from '@nestjs/common';
import { join } from 'node:path';
import { DiskFiles } from '../../libs/adapters/files/disk-files.js';
import {
  ActionsOnHandler,
  decodeCase,
  HistoryOfHandler,
  VisibleCases,
} from '../../libs/cases/case.queries.js';
import { Clock } from '../../libs/cases/clock.js';
import { KeyIndex } from '../../libs/cases/key-index.js';
import { OnCaseHandler } from '../../libs/cases/on-case.handler.js';
import { type CaseState, evolve, noCase } from '../../libs/cases/state.js';
import { type CaseFacts } from '../../libs/cases/table.js';
import { type CaseEvent } from '../../libs/contracts/case-events.js';
import { Handler } from '../../libs/eventing/handle.js';
import { type EventStore, type Feed, STORE } from '../../libs/eventing/store.js';
import { Uploads, UploadsOfHandler } from '../../libs/evidence/uploads.js';
import { AuthenticateHandler } from '../../libs/identity/authenticate.handler.js';
import { Tokens } from '../../libs/identity/tokens.js';
import { LedgerLagHandler } from '../../libs/ledger/lag.handler.js';
import {
  LedgerCaseHandler,
  LEDGER_BELL,
  LedgerFiguresHandler,
  LedgerListHandler,
  LedgerReachedHandler,
  Scope,
} from '../../libs/ledger/ledger.queries.js';
import { LedgerWorker } from '../../libs/ledger/worker.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { type Bell } from '../../libs/platform/session.js';
import { SQL, type Sql } from '../../libs/platform/sql.js';
import { RegisterBook } from '../../libs/register/book.js';
import { Numbers } from '../../libs/register/numbers.js';
import { OnRegisterHandler, RegisterWriter } from '../../libs/register/on-register.handler.js';
import { CurrentRegisterHandler, TakeNumberHandler } from '../../libs/register/register.queries.js';
import { Sealer } from '../../libs/sealing/sealer.js';
import { SEEDED, type Seeded } from '../../libs/register/seed.js';

/** What the rooms are wired to. */
export interface Parts {
  config: Config;
  database: Database;
  store: EventStore & Feed;
  seeded: Seeded;
  clock: Clock;
  book: RegisterBook;
  writer: RegisterWriter;
  bells: { ledger: Bell; identity: Bell; register: Bell };
  /** Commits without waiting for the disk: for rows and checkpoints, which are made again if they are lost together. */
  relaxed: Sql;
  sealer: Sealer;
}

/** Every room with what it needs. Rooms know ports and buses; which is behind them is decided here and nowhere else. */
export function providersOf({
  config,
  database,
  store,
  seeded,
  clock,
  book,
  writer,
  bells,
  relaxed,
  sealer,
}: Parts): Provider[] {
  const { sql } = database;
  // A number taken, or a key noted, before an event stands before it in the same write-ahead log: the event's commit
  // makes it safe too. With another store it must be safe by itself.
  const before = config.STORE === 'postgres' ? relaxed : sql;
  const handler = new Handler<CaseState, CaseEvent, CaseFacts>(store, {
    initial: noCase,
    decode: decodeCase,
    evolve,
  });
  const provided: [InjectionToken, unknown][] = [
    [SQL, sql],
    [STORE, store],
    [SEEDED, seeded],
    [RegisterBook, book],
    [RegisterWriter, writer],
    [LEDGER_BELL, bells.ledger],
    [Handler, handler],
    [Clock, clock],
    [Sealer, sealer],
    [KeyIndex, new KeyIndex(config.DEPLOYMENT, before, handler)],
    [Numbers, new Numbers(before)],
    [Tokens, new Tokens(sql, bells.identity)],
    [Uploads, new Uploads(sql, new DiskFiles(join(config.DATA_DIR, 'files')))],
    [LedgerWorker, new LedgerWorker(store, relaxed)],
  ];
  return [
    ...provided.map(([provide, useValue]) => ({ provide, useValue })),
    ...[OnCaseHandler, VisibleCases, ActionsOnHandler, HistoryOfHandler],
    ...[
      Scope,
      LedgerListHandler,
      LedgerCaseHandler,
      LedgerFiguresHandler,
      LedgerReachedHandler,
      LedgerLagHandler,
    ],
    ...[AuthenticateHandler, UploadsOfHandler],
    ...[CurrentRegisterHandler, TakeNumberHandler, OnRegisterHandler],
  ];
}
