import { type Feed } from '../eventing/store.js';
import { project } from '../eventing/project.js';
import { logIndex, type Noted } from '../eventing/project-index.js';
import { type Sql, type Tx } from '../platform/sql.js';
import { LEDGER } from './columns.js';
import { type World } from './places.js';
import { ledgerProjection, migrateLedger } from './projection.js';

/** What a check found. */
export interface CheckResult {
  events: number;
  cases: number;
  /** Hash over all rows, of the ledger and of the replay. */
  ledger: string;
  replay: string;
  /** The first thing that is not as it should be, in words without content; undefined: all is well. */
  fault?: string;
}

class Difference extends Error {}

/** A log that tells nothing for this long has told all, in milliseconds. */
const SILENCE_MS = 10_000;

/**
 * Replays the whole log into rows of its own and compares them with the ledger; compares every event with the leaf
 * hash that was noted when it was first read. The ledger must have caught up; nothing is changed.
 */
export async function checkLedger(feed: Feed, sql: Sql, world?: World): Promise<CheckResult> {
  const schema = `ledger_check_${process.pid}`;
  await sql`drop schema if exists ${sql(schema)} cascade`;
  await migrateLedger(sql, schema);
  try {
    const [at] = await sql<{ ordinal: number }[]>`select ordinal from ${sql(LEDGER)}.checkpoint`;
    const events = at?.ordinal ?? 0;
    const fault = await replay(feed, sql, schema, events, world);
    const [ledger, replayed] = await Promise.all([hashOf(sql, LEDGER), hashOf(sql, schema)]);
    const result = { events, cases: ledger.rows, ledger: ledger.hash, replay: replayed.hash };
    const found = fault ?? (await difference(sql, schema));
    return found === undefined ? result : { ...result, fault: found };
  } finally {
    await sql`drop schema ${sql(schema)} cascade`;
  }
}

async function replay(
  feed: Feed,
  sql: Sql,
  schema: string,
  upTo: number,
  world?: World,
): Promise<string | undefined> {
  if (upTo === 0) return undefined;
  const enough = new AbortController();
  // A log that has less to tell than the ledger has heard would be waited for without end.
  const silent = setTimeout(() => {
    enough.abort();
  }, SILENCE_MS);
  let reached = 0;
  const projection = {
    ...ledgerProjection(schema, world),
    beside: { of: logIndex.of, write: (tx: Tx, read: readonly Noted[]) => compare(tx, read, upTo) },
  };
  try {
    await project(projection, feed, sql, enough.signal, ({ ordinal }) => {
      reached = ordinal;
      silent.refresh();
      if (ordinal >= upTo) enough.abort();
    });
    return reached >= upTo ? undefined : `the log ends at ordinal ${reached}, the ledger has seen ${upTo}`;
  } catch (error) {
    if (error instanceof Difference) return error.message;
    throw error;
  } finally {
    clearTimeout(silent);
  }
}

/** Every event against what was noted of it. */
async function compare(tx: Tx, read: readonly Noted[], upTo: number): Promise<void> {
  const noted = new Map(
    (
      await tx<{ ordinal: number; event_id: string; leaf: string }[]>`
        select ordinal, event_id, encode(leaf, 'hex') as leaf from proof.log_index
        where ordinal between ${read[0]?.ordinal ?? 0} and ${read.at(-1)?.ordinal ?? 0}`
    ).map((one) => [one.ordinal, one]),
  );
  for (const { ordinal, id, leaf } of read) {
    const known = noted.get(ordinal);
    if (!known && ordinal > upTo) continue;
    if (!known) throw new Difference(`ordinal ${ordinal} is not in the index of the log`);
    if (known.event_id !== id) throw new Difference(`ordinal ${ordinal} is another event than was indexed`);
    if (known.leaf !== leaf) throw new Difference(`event ${id} (ordinal ${ordinal}) is not what was written`);
  }
}

async function hashOf(sql: Sql, schema: string): Promise<{ rows: number; hash: string }> {
  const [found] = await sql<{ rows: number; hash: string }[]>`
    select count(*) as rows, coalesce(md5(string_agg(md5(t::text), '' order by t.id)), '') as hash
    from ${sql(schema)}.cases t`;
  return found ?? { rows: 0, hash: '' };
}

/** The first row that differs; a row that has moved on since the replay is not a difference. */
async function difference(sql: Sql, schema: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string; revision: number | null; replayed: number | null }[]>`
    select coalesce(l.id, r.id) as id, l.revision, r.revision as replayed
    from ${sql(LEDGER)}.cases l full join ${sql(schema)}.cases r using (id)
    where l.id is null or r.id is null or (l.revision = r.revision and l::text <> r::text)
      or l.revision < r.revision
    order by 1 limit 1`;
  if (!row) return undefined;
  const { id, revision, replayed } = row;
  if (revision === null) return `case ${id} is missing in the ledger`;
  if (replayed === null) return `case ${id} is in the ledger and not in the log`;
  if (revision < replayed)
    return `case ${id} stands at revision ${revision} in the ledger, at ${replayed} in the log`;
  return `case ${id} differs from its events at revision ${revision}`;
}
