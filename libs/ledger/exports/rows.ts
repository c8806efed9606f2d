import { Inject, Injectable } from '@nestjs/common';
import { type Caller } from '../../contracts/envelope.js';
import {
  type LedgerFilter,
  type LedgerOrder,
  type LedgerRow,
  type ListedRow,
} from '../../contracts/ledger.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Register } from '../../contracts/register.js';
import { type Day, type Uuid } from '../../contracts/values.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { taken } from '../../platform/taken.js';
import { SHOWN } from '../rows/columns.js';
import { lookedAt } from '../asking/lights.js';
import { orderBy } from '../asking/order.js';
import { READING } from '../asking/reading.js';
import { Scope } from '../asking/scope.js';

/** Rows fetched at once: memory holds no more of them. */
const PAGE = 500;
/** Each holds a connection: there are some left for whoever only looks. */
const MOST_AT_ONCE = 5;
/** Whoever does not take what they asked for is let go after this, in milliseconds. */
const PATIENCE_MS = 60_000;

/** What is exported. */
export interface Asked {
  caller: Caller;
  filter: LedgerFilter;
  order: LedgerOrder;
  /** This case and no other. */
  caseId?: Uuid;
}

export interface Snapshot {
  register: Register;
  /** The last ordinal that the rows know of. */
  ordinal: number;
  cases: number;
}

export interface Found extends Snapshot {
  /** Once only. */
  rows: AsyncIterable<ListedRow>;
}

/** Rows of the ledger as they stood at one moment, however long it takes to write them. */
@Injectable()
export class ExportRows {
  #running = 0;

  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  /**
   * The rows are there for as long as `use` runs; where it fails, as when nobody listens any more, the query ends.
   * @throws Refusal input/invalid or service/unavailable, before `use` is called; what `use` throws
   */
  async read(asked: Asked, use: (found: Found) => Promise<void>): Promise<void> {
    if (this.#running >= MOST_AT_ONCE) refuse('service/unavailable');
    this.#running++;
    try {
      await this.#read(asked, use);
    } finally {
      this.#running--;
    }
  }

  /** All rows, where they are few. @throws Refusal as `read`, and input/invalid where there are more than `most` */
  async few(asked: Asked, most: number): Promise<Snapshot & { rows: ListedRow[] }> {
    const listed: ListedRow[] = [];
    let snapshot: Snapshot | undefined;
    await this.read(asked, async ({ rows, ...found }) => {
      snapshot = found;
      if (found.cases > most) invalid('filter', 'most', `at most ${most} cases: narrow the filter`);
      for await (const row of rows) listed.push(row);
    });
    if (!snapshot) throw new Error('nothing was read');
    return { ...snapshot, rows: listed };
  }

  async #read({ caseId, ...asked }: Asked, use: (found: Found) => Promise<void>): Promise<void> {
    const { sql } = this;
    const { schema, where, register } = await this.scope.of(asked.caller, asked.filter);
    const only = caseId === undefined ? sql`true` : sql`id = ${caseId}`;
    await sql.begin('isolation level repeatable read read only', async (tx) => {
      await tx`select set_config('idle_in_transaction_session_timeout', ${String(PATIENCE_MS)}, true)`;
      const [at] = await tx<{ ordinal: number | null; cases: number }[]>`
        select (select ordinal from ${schema}.checkpoint) as ordinal, count(*) as cases
        from ${schema}.cases where ${only} and ${where}`;
      await tx`
        declare exported no scroll cursor for
        select ${tx.unsafe(SHOWN)} from ${schema}.cases where ${only} and ${where} order by ${orderBy(sql, asked.order)}`;
      const rows = fetched(tx, register.today);
      await use({ register, ordinal: at?.ordinal ?? 0, cases: at?.cases ?? 0, rows });
    });
  }
}

async function* fetched(tx: Tx, today: Day): AsyncGenerator<ListedRow> {
  for (;;) {
    const page = taken(await tx<LedgerRow[]>`fetch ${tx.unsafe(String(PAGE))} from exported`);
    for (const row of page) yield lookedAt(row, today);
    if (page.length < PAGE) return;
  }
}
