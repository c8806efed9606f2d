import { readFileSync } from 'node:fs';
import 'reflect-metadata';
import { PostgresLog } from '../../libs/adapters/postgres-log/postgres-log.js';
import { noting, project } from '../../libs/eventing/project.js';
import { logIndex } from '../../libs/eventing/project-index.js';
import { NOWHERE } from '../../libs/ledger/rows/places.js';
import { wholeLedger } from '../../libs/ledger/rows/whole.js';
import { indexLedger } from '../../libs/ledger/rows/indexes.js';
import { frugal } from '../../libs/platform/frugal.js';
import { connect, RELAXED } from '../../libs/platform/sql.js';
import { answering } from './job.js';
import { type Place } from './server.js';
import { recordWrites } from './written.js';

export interface CatchUp {
  place: Place;
  schema: string;
  events: number;
  /** Resident memory is told of this many events, too. */
  early: number;
  /** A file that notes what is written. */
  record?: string;
}

export interface CaughtUp {
  seconds: number;
  /** The most that was resident until `early` events, and until the end, in bytes. */
  earlyMemory: number;
  memory: number;
}

/**
 * In bytes. The system keeps it: looking by ourselves, often enough, would take a hundredth of the time. Not what
 * `process.resourceUsage` says, which counts the process that started this one.
 */
const mostResident = (): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;

/** The ledger's projection, from nothing to the end of the log, as a worker runs it. */
answering(async ({ place, schema, events, early, record }: CatchUp) => {
  const log = new PostgresLog(place);
  // As the application connects for its ledger, which can be made again.
  const sql = connect(place, 2, RELAXED);
  const recorded = record === undefined ? undefined : recordWrites(sql, record);
  const stop = new AbortController();
  let earlyMemory = 0;
  const begin = performance.now();
  await project(
    // The bare writer is given all that is written, and hashes nothing: so all of it is written from here.
    noting(wholeLedger(schema, NOWHERE), logIndex(recorded ? {} : log)),
    log,
    sql,
    stop.signal,
    ({ ordinal, caughtUp, halted }) => {
      // A ledger that cannot read these events any more would be fast.
      if (halted > 0) throw new Error(`${halted} cases are halted`);
      // As the ledger's worker does.
      frugal(!caughtUp);
      if (ordinal >= early && earlyMemory === 0) earlyMemory = mostResident();
      if (ordinal >= events) stop.abort();
    },
  );
  await indexLedger(sql, schema);
  const seconds = (performance.now() - begin) / 1000;
  recorded?.();
  await Promise.all([log.close(), sql.end({ timeout: 5 })]);
  return { seconds, earlyMemory, memory: mostResident() } satisfies CaughtUp;
});
