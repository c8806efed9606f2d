import { join } from 'node:path';
import { migrateLogIndex } from '../../libs/eventing/project-index.js';
import { LEDGER as SCHEMA } from '../../libs/ledger/rows/columns.js';
import { migrateLedger } from '../../libs/ledger/rows/projection.js';
import { connect, type Sql } from '../../libs/platform/sql.js';
import { withLog } from './appenders.js';
import { type Idle } from './catch-up-emmett.js';
import { type Written } from './catch-up-bare.js';
import { type CatchUp, type CaughtUp } from './catch-up-task.js';
import { type Contest, type Size } from './contest.js';
import { aside } from './job.js';
import { copyLog } from './log-rows.js';
import { type Results } from './results.js';
import { prepareEmmett, readPages } from './catch-up-limits.js';
import { type BenchDatabase, type BenchServer } from './server.js';

/** So many cases are open at once. */
export const OPEN = [3_000, 40_000];
/** Memory at the end is compared with that after so many events. */
export const EARLY = 100_000;

/** A new ledger over a log that is there already, beside what reading and writing take by themselves. */
export async function catchUpContest(server: BenchServer, results: Results, size: Size): Promise<Contest> {
  const logs = new Map<number, BenchDatabase>();
  for (const open of OPEN) logs.set(open, await logOf(server, size.events, open));
  const [first] = [...logs.values()];
  const emmett = await server.create('catch_up_emmett');
  await prepareEmmett(emmett, size.emmettEvents);
  let cell = 0;

  const contestants: Record<string, () => Promise<void>> = {
    emmett: async () => {
      const task: Idle = { place: emmett.app, events: size.emmettEvents, processor: `idle-${++cell}` };
      const { seconds } = await aside<{ seconds: number }>('catch-up-emmett', task);
      results.add('catch-up/emmett', size.emmettEvents / seconds);
    },
    read: async () => {
      if (first) results.add('catch-up/read', await readPages(first, size.read));
    },
  };
  for (const [open, { app }] of logs) {
    const task: CatchUp = {
      ...{ place: app, schema: SCHEMA, events: size.events, early: Math.min(EARLY, size.events) },
    };
    const file = join(server.folder, `written-${open}`);
    await afresh(app);
    await aside<CaughtUp>('catch-up-task', { ...task, record: file });
    contestants[`bare-${open}`] = async () => {
      await afresh(app);
      const { seconds } = await aside<{ seconds: number }>('catch-up-bare', {
        ...{ place: app, schema: SCHEMA, file },
      } satisfies Written);
      results.add(`catch-up/bare/${open}`, size.events / seconds);
    };
    contestants[`ours-${open}`] = async () => {
      await afresh(app);
      const { seconds, earlyMemory, memory } = await aside<CaughtUp>('catch-up-task', task);
      results.add(`catch-up/ours/${open}`, size.events / seconds);
      results.add(`catch-up/ours/${open}/memory-early`, earlyMemory / 2 ** 20);
      results.add(`catch-up/ours/${open}/memory`, memory / 2 ** 20);
    };
  }
  return {
    round: async (turn) => {
      for (const name of turn(Object.keys(contestants))) await contestants[name]?.();
    },
    end: async () => {
      for (const open of OPEN) await server.drop(`catch_up_${open}`);
      await server.drop('catch_up_emmett');
    },
  };
}

async function logOf(server: BenchServer, events: number, open: number): Promise<BenchDatabase> {
  const database = await server.create(`catch_up_${open}`);
  await withLog(database);
  await copyLog(database, events, open);
  return database;
}

/** An empty ledger. */
async function afresh(place: BenchDatabase['app']): Promise<void> {
  const sql: Sql = connect(place, 1);
  await sql.unsafe(`drop schema if exists ${SCHEMA} cascade; drop schema if exists proof cascade`);
  await migrateLogIndex(sql);
  await migrateLedger(sql, SCHEMA);
  await sql.end();
}
