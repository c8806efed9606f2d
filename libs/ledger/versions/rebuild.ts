import { type CaseEvent } from '../../contracts/case-events.js';
import { type Beside, noting, type Projection } from '../../eventing/project.js';
import { type Due } from '../../eventing/project-outbox.js';
import { type Feed } from '../../eventing/store.js';
import { StartFault } from '../../platform/fault.js';
import { headlong, makingWay, type Pace } from '../../platform/pace.js';
import { type Sql } from '../../platform/sql.js';
import { bringTo, type Place, placeOf } from './bring.js';
import { type Told } from './check.js';
import { LEDGER, VERSION } from '../rows/columns.js';
import { type Compared, compare, count } from './compare.js';
import { type World } from '../rows/places.js';
import { type Row } from '../rows/row.js';
import { indexLedger } from '../rows/indexes.js';
import { migrateLedger } from '../rows/projection.js';
import { type Standing, standingIn } from './served.js';
import { nearTo, switchTo } from './switch.js';
import { wholeLedger } from '../rows/whole.js';
import { missingIn } from '../rows/whereabouts.js';

export interface Rebuilt extends Compared {
  schema: string;
  events: number;
  /** Whether it is served from now on. */
  switched: boolean;
  /** For how long no row could be written meanwhile, in milliseconds. */
  switchMs?: number;
}

/** Of an advisory lock: one rebuild at a time. */
const LOCK = 7815033;

/** The rows made anew from the log beside those that are served, and put in their place. */
export class Rebuild {
  constructor(
    private readonly feed: Feed,
    private readonly sql: Sql,
    private readonly world: World,
    /** Notes the events that the process manager answers. */
    private readonly outbox: Beside<Due[]>,
  ) {}

  /**
   * Makes everything anew, compares it as of one moment, and serves it where it is the same.
   * @param anyway serve it also where it differs: the log is what counts
   * @param pace of all that takes long; what others add meanwhile is caught up with headlong, or it might never be
   */
  run(told: Told, anyway = false, pace: Pace = makingWay(this.sql)): Promise<Rebuilt> {
    return this.#alone(async (standing) => {
      const other = await this.#servedOtherwise(standing);
      if (other !== undefined) return this.#beforehand(standing, other, told, pace);
      const schema = await this.#fresh(standing);
      const bring = this.#whole(schema, told);
      await bring(await placeOf(this.sql, standing.schema), pace);
      await nearTo(bring, this.sql, standing.schema);
      await indexLedger(this.sql, schema, pace);
      const compared = await this.#compared(standing.schema, schema, told);
      if (compared.fault !== undefined && !anyway) {
        await this.#drop(schema);
        return { schema, ...compared, switched: false };
      }
      const switchMs = await this.#switch(standing, schema, told);
      if (standing.before !== null) await this.#drop(standing.before);
      return { schema, ...compared, switched: true, switchMs };
    });
  }

  /** Serves again what was served before; it has caught up by then. */
  back(told: Told): Promise<{ schema: string; switchMs: number }> {
    return this.#alone(async (standing) => {
      const { before } = standing;
      if (before === null || !(await exists(this.sql, before))) {
        throw new StartFault('There is nothing to go back to: no rebuild has been kept.');
      }
      await this.sql`update ${this.sql(before)}.checkpoint set closed = false`;
      return { schema: before, switchMs: await this.#switch(standing, before, told) };
    });
  }

  /** Removes what was served before. */
  drop(): Promise<string | null> {
    return this.#alone(async ({ before }) => {
      if (before === null) return null;
      await this.sql`update ledger.served set before = null where version = ${VERSION}`;
      await this.#drop(before);
      return before;
    });
  }

  /** The schema of another version that is further than this one's: this version is not served yet. */
  async #servedOtherwise({ schema }: Standing): Promise<string | undefined> {
    const { ordinal } = await placeOf(this.sql, schema);
    const others = await this.sql<{ schema: string }[]>`
      select schema from ledger.served where version <> ${VERSION} order by version desc`;
    for (const other of others) {
      if (!(await exists(this.sql, other.schema))) continue;
      if ((await placeOf(this.sql, other.schema)).ordinal > ordinal) return other.schema;
    }
    return undefined;
  }

  /**
   * Makes the rows of this version while a program of another still serves its own: the next start has them. Rows of
   * different shape are counted only.
   */
  async #beforehand({ schema }: Standing, other: string, told: Told, pace: Pace): Promise<Rebuilt> {
    const { sql } = this;
    const bring = this.#bringing(noting(wholeLedger(schema, this.world), this.outbox), told);
    await bring(await placeOf(sql, other), pace);
    await nearTo(bring, sql, other);
    return sql.begin('isolation level repeatable read read only', async (tx) => {
      const place = await placeOf(tx, other);
      await bring(place);
      const [served, mine] = [await count({ sql: tx, schema: other }), await count({ sql, schema })];
      const fault =
        served.sum === mine.sum ? {} : { fault: `${mine.sum} were made, ${served.sum} are served` };
      const hashes = { ledger: served.sum, replay: mine.sum };
      return { schema, events: place.ordinal, cases: served.cases, ...hashes, ...fault, switched: false };
    });
  }

  /** Everything as both stand at one place: those served as they stood then, the new ones brought exactly there. */
  #compared(served: string, schema: string, told: Told): Promise<Compared & { events: number }> {
    const { sql } = this;
    return sql.begin('isolation level repeatable read read only', async (tx) => {
      const place = await placeOf(tx, served);
      await this.#whole(schema, told)(place);
      const compared = await compare({ sql: tx, schema: served }, { sql, schema });
      const fault = compared.fault ?? (await missingIn(sql, schema));
      return { events: place.ordinal, ...compared, ...(fault !== undefined && { fault }) };
    });
  }

  async #switch({ schema: from }: Standing, to: string, told: Told): Promise<number> {
    const bring = this.#whole(to, told);
    await nearTo(bring, this.sql, from);
    return switchTo(this.sql, { from, to }, bring);
  }

  /** Makes the rows of a schema up to a place. */
  #bringing<N>(made: Projection<Row, CaseEvent, N>, told: Told) {
    return (to: Place, pace = headlong): Promise<void> =>
      bringTo(
        ...([made, this.feed, this.sql, to] as const),
        ({ ordinal }) => {
          told(ordinal, to.ordinal);
        },
        pace,
      );
  }

  #whole(schema: string, told: Told) {
    return this.#bringing(wholeLedger(schema, this.world), told);
  }

  /** A schema of this version that nobody is served from; what a rebuild has left there that did not end is taken away. */
  async #fresh({ schema, before }: Standing): Promise<string> {
    const rows = await this.sql<{ name: string }[]>`
      select nspname::text as name from pg_namespace where nspname ~ ${`^${LEDGER}(_\\d+)?$`}`;
    for (const { name } of rows) if (name !== schema && name !== before) await this.#drop(name);
    for (let n = 1; ; n++) {
      const name = n === 1 ? LEDGER : `${LEDGER}_${n}`;
      if (name === schema || name === before) continue;
      await migrateLedger(this.sql, name);
      return name;
    }
  }

  async #drop(schema: string): Promise<void> {
    await this.sql`drop schema if exists ${this.sql(schema)} cascade`;
  }

  /** One at a time: the lock goes with the process that holds it. */
  async #alone<T>(act: (standing: Standing) => Promise<T>): Promise<T> {
    const holding = await this.sql.reserve();
    try {
      const [got] = await holding<{ mine: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as mine`;
      if (got?.mine !== true) throw new StartFault('Another rebuild is under way: wait for it, or stop it.');
      try {
        return await act(await standingIn(this.sql));
      } finally {
        await holding`select pg_advisory_unlock(${LOCK})`;
      }
    } finally {
      holding.release();
    }
  }
}

async function exists(sql: Sql, schema: string): Promise<boolean> {
  return (await sql`select from pg_namespace where nspname = ${schema}`).length > 0;
}
