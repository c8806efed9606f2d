import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ClosedIn } from '../../contracts/draws.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { READING } from './reading.js';
import { Scope } from './scope.js';

@QueryHandler(ClosedIn)
export class ClosedInHandler implements IQueryHandler<ClosedIn> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  async execute({ caller, frame: { from, until, ...filter } }: ClosedIn): Promise<Uuid[]> {
    const { sql } = this;
    const closed = { status: 'closed', closedAt: `${from}..${until}` };
    const narrowed = Object.entries(filter).filter(([, value]: [string, unknown]) => value !== undefined);
    const { schema, where } = await this.scope.of(caller, { ...Object.fromEntries(narrowed), ...closed });
    const rows = await sql<{ id: Uuid }[]>`select id from ${schema}.cases where ${where} order by id`;
    return rows.map(({ id }) => id);
  }
}
