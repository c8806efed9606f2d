import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { MyWork, type WorkGroup } from '../../contracts/ledger.js';
import { type Fragment, type Sql } from '../../platform/sql.js';
import { SHOWN } from '../rows/columns.js';
import { conditionsOf } from './filters.js';
import { lookedAt } from './lights.js';
import { orderBy } from './order.js';
import { READING } from './reading.js';
import { Scope } from './scope.js';
import { shownIn } from './shown-rows.js';
import { READ, worklistsOf } from './worklists.js';

/** What must I do today: one statement, which goes once through what is on its way. */
@QueryHandler(MyWork)
export class MyWorkHandler implements IQueryHandler<MyWork> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  async execute({ caller, limit }: MyWork): Promise<WorkGroup[]> {
    const { sql } = this;
    const { schema, where, register, met } = await this.scope.of(caller);
    const { today } = register;
    const lists = worklistsOf(caller.role).map(({ name, filter, order }) => ({
      ...{ name, order },
      filter: { open: 'true', ...filter(caller.unit, today) },
    }));
    if (lists.length === 0) return [];
    const columns = sql.unsafe(READ);
    const groups = lists.map(({ filter, order }, n) => {
      const meets = conditionsOf(filter, { sql, register, today }).reduce(
        (all, one) => sql`${all} and ${one}`,
        sql`true`,
      );
      // Counted are ids, and only the first rows are read whole: all of them would be kept aside on the disk.
      return sql`(select ${n}::int as list, id as found, row_number() over (order by ${orderBy(sql, order)}) as nth,
          count(*) over () as total
        from ${filter.open === 'true' ? sql`underway` : sql`(select ${columns} from ${schema}.cases where ${where}) past`}
        where ${meets} order by ${orderBy(sql, order)} limit ${limit})`;
    });
    const found = await shownIn<Placed>(
      sql`
      with underway as (select ${columns} from ${schema}.cases where open and ${met()})
      select ${sql.unsafe(SHOWN)}, list, total from (${together(sql, groups)}) g
      join ${schema}.cases on id = found order by list, nth`,
      ['list', 'total'],
    );
    return lists.map((list, n) => {
      const mine = found.filter(({ others }) => others.list === n);
      const rows = mine.map(({ row }) => lookedAt(row, today));
      return { ...list, cases: mine[0]?.others.total ?? 0, rows };
    });
  }
}

/** A row in its group, which has so many. */
interface Placed {
  list: number;
  total: number;
}

const together = (sql: Sql, groups: Fragment[]): Fragment =>
  groups.reduce((all, one) => sql`${all} union all ${one}`);
