import 'reflect-metadata';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { setTimeout as pause } from 'node:timers/promises';
import { PostgresLog } from '../../../libs/adapters/postgres-log/postgres-log.js';
import { decodeCase } from '../../../libs/cases/case.queries.js';
import { type Clock } from '../../../libs/cases/clock.js';
import { withDuties } from '../../../libs/cases/duties.js';
import { type KeyIndex } from '../../../libs/cases/key-index.js';
import { OnCaseHandler } from '../../../libs/cases/on-case.handler.js';
import { type CaseState } from '../../../libs/cases/case-state.js';
import { fold, noCase } from '../../../libs/cases/state.js';
import { type CaseFacts } from '../../../libs/cases/table.js';
import { Ticker } from '../../../libs/cases/ticker.js';
import { type CaseEvent } from '../../../libs/contracts/case-events.js';
import { DueTicks, type Tick } from '../../../libs/contracts/clock.js';
import { type OnCase } from '../../../libs/contracts/envelope.js';
import { LedgerLag } from '../../../libs/contracts/health.js';
import { Handler } from '../../../libs/eventing/handle.js';
import { connect } from '../../../libs/platform/sql.js';
import { type Sealer } from '../../../libs/sealing/sealer.js';
import { overdue } from '../../support/clock.js';
import { province } from '../../support/province.js';
import { type Said, type Ticking } from './ticking.js';

/** A tick takes so long, in milliseconds, that two who tick at once are seen. */
const SLOW = 300;

let ticking: ReturnType<typeof tickerOf> | undefined;

/** A process of a test: ticks from when it is told to, until it is told to stop. */
process.on('message', (asked: Ticking | 'go' | 'stop') => {
  if (asked === 'go') ticking?.ticker.onApplicationBootstrap();
  else if (asked === 'stop') void stop();
  else {
    ticking = tickerOf(asked);
    say('ready');
  }
});

async function stop(): Promise<void> {
  await ticking?.ticker.onApplicationShutdown();
  await ticking?.end();
  say('stopped', () => {
    process.disconnect();
  });
}

function say(what: Said, then: () => void = () => undefined): void {
  process.send?.(what, then);
}

function tickerOf({ address, cases }: Ticking): { ticker: Ticker; end: () => Promise<void> } {
  const [sql, log] = [connect(address, 4), new PostgresLog(address)];
  const clock = { now: () => '2026-09-01T04:00:00.000Z', simulated: false, onMoved: () => undefined };
  // What the ledger says: a row is seen as it was until the ledger has read on.
  const due = cases.map((caseId): Tick => ({ caseId, name: 'accept', duty: overdue('accept') }));
  const answer = (query: object): unknown => {
    if (query instanceof LedgerLag) return { behindMs: 0 };
    if (query instanceof DueTicks) return query.after === undefined ? due : [];
    return province;
  };
  const queries = { execute: (query: object) => Promise.resolve(answer(query)) } as unknown as QueryBus;
  const handler = new Handler<CaseState, CaseEvent, CaseFacts>(log, {
    ...{ initial: noCase, decode: decodeCase, fold, complete: withDuties },
  });
  const write = new OnCaseHandler(
    handler,
    queries,
    clock as unknown as Clock,
    {} as unknown as KeyIndex,
    {} as unknown as Sealer,
  );
  const execute = async (command: OnCase): Promise<unknown> => {
    const [row] = await sql<{ id: number }[]>`insert into ticks (pid) values (${process.pid}) returning id`;
    await pause(SLOW);
    try {
      return await write.execute(command);
    } finally {
      await sql`update ticks set ended = clock_timestamp() where id = ${row?.id ?? 0}`;
    }
  };
  const ticker = new Ticker({ execute } as unknown as CommandBus, queries, clock as unknown as Clock, sql);
  return {
    ticker,
    end: async () => {
      await Promise.all([sql.end(), log.close()]);
    },
  };
}
