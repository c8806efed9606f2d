import { setTimeout as pause } from 'node:timers/promises';
import { OURS, type Sql } from './sql.js';

/** Rests after work that took so many milliseconds, for as long as others should have their turn. */
export type Pace = (workedMs: number) => Promise<void>;

export const headlong: Pace = () => Promise.resolve();

/** So many times as long as it has worked. */
const TIMES = 4;
/** A piece of work that cannot be parted is no reason to stop for minutes. */
const LONGEST_MS = 2000;
/** Others come and go; whether there are any is looked at this often, in milliseconds. */
const LOOK_MS = 1000;

/** As fast as it can while nobody else works on the database, and out of their way else. */
export function makingWay(sql: Sql, rest: (ms: number) => Promise<unknown> = pause): Pace {
  let [looked, others] = [-Infinity, false];
  return async (workedMs) => {
    if (performance.now() > looked + LOOK_MS) {
      others = await areOthers(sql);
      looked = performance.now();
    }
    if (others) await rest(Math.min(workedMs * TIMES, LONGEST_MS));
  };
}

async function areOthers(sql: Sql): Promise<boolean> {
  const found = await sql`
    select from pg_stat_activity
    where datname = current_database() and application_name ^@ 'xiaohao ' and application_name <> ${OURS} limit 1`;
  return found.length > 0;
}
