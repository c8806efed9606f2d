import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { ClosedIn } from '../contracts/draws.js';
import { CurrentRegister, type Register } from '../contracts/register.js';
import { type Uuid } from '../contracts/values.js';
import { SQL, type Sql } from '../platform/sql.js';
import { Scope } from './ledger.queries.js';
import { LEDGER } from './projection.js';

@QueryHandler(ClosedIn)
export class ClosedInHandler implements IQueryHandler<ClosedIn> {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly scope: Scope,
    private readonly queries: QueryBus,
  ) {}

  async execute({ caller, frame: { from, until, ...filter } }: ClosedIn): Promise<Uuid[]> {
    const { sql } = this;
    const { zone } = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const { where } = await this.scope.of(caller, { ...filter, status: 'closed' });
    const rows = await sql<{ id: Uuid }[]>`
      select id from ${sql(LEDGER)}.cases
      where ${where} and ("closedAt"::timestamptz at time zone ${zone})::date
        between ${from}::text::date and ${until}::text::date
      order by id`;
    return rows.map(({ id }) => id);
  }
}
