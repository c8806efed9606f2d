import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Lag, LedgerLag } from '../../contracts/health.js';
import { SQL, type Sql } from '../../platform/sql.js';
import { Served } from '../versions/served.js';
import { LedgerKeeper } from '../rows/worker.js';

@QueryHandler(LedgerLag)
export class LedgerLagHandler implements IQueryHandler<LedgerLag> {
  constructor(
    private readonly keeper: LedgerKeeper,
    @Inject(SQL) private readonly sql: Sql,
    private readonly served: Served,
  ) {}

  /** Where the database does not answer, that is the fault. */
  async execute(): Promise<Lag> {
    try {
      const schema = this.sql(this.served.schema);
      const [at] = await this.sql<{ ordinal: number; halted: number }[]>`
        select ordinal, (select count(*) from ${schema}.halted) as halted from ${schema}.checkpoint`;
      return { ordinal: at?.ordinal ?? 0, halted: at?.halted ?? 0, ...this.keeper.lag };
    } catch {
      return { ordinal: 0, halted: 0, ...this.keeper.lag, fault: 'the database does not answer' };
    }
  }
}
