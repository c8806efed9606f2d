import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type LedgerRow, MyWork, type WorkGroup } from '../contracts/ledger.js';
import { type Sql } from '../platform/sql.js';
import { SHOWN } from './columns.js';
import { lookedAt } from './lights.js';
import { orderBy } from './order.js';
import { READING } from './reading.js';
import { Scope } from './scope.js';
import { type Worklist, worklistsOf } from './worklists.js';

/** What must I do today: one query a group. */
@QueryHandler(MyWork)
export class MyWorkHandler implements IQueryHandler<MyWork> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  execute(asked: MyWork): Promise<WorkGroup[]> {
    return Promise.all(worklistsOf(asked.caller.role).map((list) => this.#group(list, asked)));
  }

  async #group({ name, filter, order }: Worklist, { caller, limit }: MyWork): Promise<WorkGroup> {
    const { sql } = this;
    const { today } = (await this.scope.of(caller)).register;
    const asked = { open: 'true', ...filter(caller.unit, today) };
    const { schema, where } = await this.scope.of(caller, asked);
    // Counted are ids, and only the first rows are read whole: all of them would be kept aside on the disk.
    const found = await sql<(LedgerRow & { total: number })[]>`
      select ${sql.unsafe(SHOWN)}, total
      from (select id as found, count(*) over () as total from ${schema}.cases
        where ${where} order by ${orderBy(sql, order)} limit ${limit}) f
      join ${schema}.cases on id = found order by ${orderBy(sql, order)}`;
    const rows = found.map(({ total: _, ...row }) => lookedAt(row, today));
    return { name, filter: asked, order, cases: found[0]?.total ?? 0, rows };
  }
}
