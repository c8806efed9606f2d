import { randomInt } from 'node:crypto';
import { type Feed, Hole } from '../../eventing/store.js';
import { Gap, noting } from '../../eventing/project.js';
import { type Noted, notingLeaves } from '../../eventing/project-index.js';
import { makingWay } from '../../platform/pace.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { taken } from '../../platform/taken.js';
import { bringTo, LogEnds, placeOf } from './bring.js';
import { type Compared, compare } from './compare.js';
import { type World } from '../rows/places.js';
import { migrateLedger } from '../rows/projection.js';
import { standingIn } from './served.js';
import { missingIn } from '../rows/whereabouts.js';
import { wholeLedger } from '../rows/whole.js';

/** What a check found; the first thing that is not as it should be is its fault. */
export interface CheckResult extends Compared {
  events: number;
}

class Difference extends Error {}

/** Of an advisory lock that a check holds on its schema for as long as it lives. */
const LOCK = 7815032;
const PREFIX = 'ledger_check_';

/** Told of progress: so many events of so many. */
export type Told = (done: number, of: number) => void;

/**
 * Makes everything of the ledger again from the log, in a schema of its own, and compares; compares every event with the
 * leaf hash that was noted when it was indexed. It works beside a server that writes, and changes nothing.
 */
export async function checkLedger(
  feed: Feed,
  sql: Sql,
  world: World,
  told: Told = () => undefined,
): Promise<CheckResult> {
  return inSchema(sql, async (schema) => {
    const { schema: served } = await standingIn(sql);
    const checked = noting(wholeLedger(schema, world), {
      // Worked out here of what has come, whoever wrote the index.
      ...notingLeaves,
      write: compareLeaves,
    });
    // First as far as it takes long, then the little that has come since: what is compared is looked at as it stood then.
    const near = await placeOf(sql, served);
    const faulty = await found(bringTo(checked, feed, sql, near, at(near.ordinal), makingWay(sql)));
    return sql.begin('isolation level repeatable read read only', async (tx) => {
      const place = await placeOf(tx, served);
      const fault = faulty ?? (await found(bringTo(checked, feed, sql, place, at(place.ordinal))));
      const compared = await compare({ sql: tx, schema: served }, { sql, schema });
      const first = fault ?? compared.fault ?? (await missingIn(tx, served));
      return { events: place.ordinal, ...compared, ...(first !== undefined && { fault: first }) };
    });
  });

  function at(of: number) {
    return ({ ordinal }: { ordinal: number }): void => {
      told(ordinal, of);
    };
  }
}

/** What a log says that is not as it was written. */
async function found(replay: Promise<void>): Promise<string | undefined> {
  try {
    await replay;
    return undefined;
  } catch (error) {
    const told = [Difference, LogEnds, Gap, Hole].some((kind) => error instanceof kind);
    if (told) return (error as Error).message;
    throw error;
  }
}

/** Every event against what was noted of it. */
async function compareLeaves(tx: Tx, { ordinal: first, ids, leaves }: Noted): Promise<void> {
  if (ids.length === 0) return;
  const known = new Map(
    taken(
      await tx<{ ordinal: number; event_id: string; leaf: string }[]>`
        select ordinal, event_id, encode(leaf, 'hex') as leaf from proof.log_index
        where ordinal between ${first} and ${first + ids.length - 1}`,
    ).map((one) => [one.ordinal, one]),
  );
  for (const [n, id] of ids.entries()) {
    const ordinal = first + n;
    const one = known.get(ordinal);
    if (!one) throw new Difference(`ordinal ${ordinal} is not in the index of the log`);
    if (one.event_id !== id) throw new Difference(`ordinal ${ordinal} is another event than was indexed`);
    if (one.leaf !== leaves[n])
      throw new Difference(`event ${id} (ordinal ${ordinal}) is not what was written`);
  }
}

/** Works in a schema of its own, and drops it; drops those, too, that checks have left which were killed. */
async function inSchema<T>(sql: Sql, act: (schema: string) => Promise<T>): Promise<T> {
  const holding = await sql.reserve();
  try {
    const left = await sql<{ schema: string }[]>`
      select nspname::text as schema from pg_namespace where nspname ^@ ${PREFIX}`;
    for (const { schema } of left) {
      const [mine] = await holding<{ got: boolean }[]>`
        select pg_try_advisory_lock(${LOCK}, ${numberOf(schema)}::int) as got`;
      if (mine?.got === true) await sql`drop schema if exists ${sql(schema)} cascade`;
    }
    const schema = `${PREFIX}${randomInt(2 ** 31 - 1)}`;
    await holding`select pg_advisory_lock(${LOCK}, ${numberOf(schema)}::int)`;
    try {
      await migrateLedger(sql, schema);
      return await act(schema);
    } finally {
      await sql`drop schema if exists ${sql(schema)} cascade`;
      await holding`select pg_advisory_unlock_all()`;
    }
  } finally {
    holding.release();
  }
}

/** Of a schema that a check made before there were numbers of their own, the number of its process. */
const numberOf = (schema: string): number => Number(/^\d{1,9}/.exec(schema.slice(PREFIX.length))?.[0] ?? 0);
