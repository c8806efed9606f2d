import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { DueTicks, type Tick } from '../../contracts/clock.js';
import { type Duties, type DutyName } from '../../contracts/deadline.js';
import { type Uuid } from '../../contracts/values.js';
import { SQL, type Sql } from '../../platform/sql.js';
import { Served } from '../versions/served.js';

/** Reads the rows through: that is asked once a day, and an index on what changes would cost every write. */
@QueryHandler(DueTicks)
export class DueTicksHandler implements IQueryHandler<DueTicks> {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly served: Served,
  ) {}

  async execute({ today, published, after, limit }: DueTicks): Promise<Tick[]> {
    const { sql } = this;
    const rows = await sql<{ id: Uuid; duties: Duties }[]>`
      select id, duties from ${sql(this.served.schema)}.cases
      where ("tickOn" <= ${today} or "provisionalOn" <= ${published ?? ''})
        ${after === undefined ? sql`` : sql`and id > ${after}`}
      order by id limit ${limit}`;
    return rows.flatMap(({ id, duties }) =>
      Object.entries(duties)
        .filter(
          ([, { tickOn, due, provisional }]) =>
            (tickOn !== null && tickOn <= today) ||
            (provisional && published !== undefined && due <= published),
        )
        .map(([name, duty]) => ({ caseId: id, name: name as DutyName, duty })),
    );
  }
}
