import { type Bell } from '../../platform/session.js';
import { type Sql } from '../../platform/sql.js';
import { placeOf } from './bring.js';
import { LEDGER, VERSION } from '../rows/columns.js';
import { indexLedger } from '../rows/indexes.js';
import { migrateLedger } from '../rows/projection.js';

/** The schema whose rows of a version are served, and the one that was served before it, while that is kept. */
export interface Standing {
  schema: string;
  before: string | null;
}

/**
 * Which schema the rows are read from and written to. Each version of the rows has its own, so that a program of another
 * version beside this one is not led astray.
 */
export class Served {
  #schema: string = LEDGER;
  #change = new AbortController();
  #reading: Promise<boolean> = Promise.resolve(false);

  /** @param bell rings when another schema is served */
  constructor(
    private readonly sql: Sql,
    bell?: Bell,
  ) {
    // Where it cannot be read the old one stands until the next ring; a connection that was lost rings by itself.
    bell?.on('ring', () => void this.refresh().catch(() => undefined));
  }

  /** Where nothing is known of this version yet its rows are made from the beginning of the log. */
  static async migrate(sql: Sql): Promise<void> {
    await sql`create schema if not exists ledger`;
    await sql`create table if not exists ledger.served (
      version int primary key, schema text not null, before text)`;
    await sql`insert into ledger.served (version, schema) values (${VERSION}, ${LEDGER}) on conflict do nothing`;
    const { schema } = await standingIn(sql);
    await migrateLedger(sql, schema);
    // Rows that are still to be made get them when they are.
    if ((await placeOf(sql, schema)).ordinal > 0) await indexLedger(sql, schema);
  }

  get schema(): string {
    return this.#schema;
  }

  /** Aborts when another schema takes the place of this one. */
  get changed(): AbortSignal {
    return this.#change.signal;
  }

  /** Looks again, one look at a time. @returns whether another schema is served than was known */
  refresh(): Promise<boolean> {
    this.#reading = this.#reading.catch(() => false).then(() => this.#read());
    return this.#reading;
  }

  async #read(): Promise<boolean> {
    const { schema } = await standingIn(this.sql);
    if (schema === this.#schema) return false;
    this.#schema = schema;
    this.#change.abort();
    this.#change = new AbortController();
    return true;
  }
}

export async function standingIn(sql: Sql): Promise<Standing> {
  const [found] = await sql<Standing[]>`select schema, before from ledger.served where version = ${VERSION}`;
  return found ?? { schema: LEDGER, before: null };
}
