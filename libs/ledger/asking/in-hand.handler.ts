import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { CountInHand } from '../../contracts/ledger.js';
import { type Sql } from '../../platform/sql.js';
import { READING } from './reading.js';
import { Served } from '../versions/served.js';

/** A number and nothing else: whoever asks reads no case. */
@QueryHandler(CountInHand)
export class CountInHandHandler implements IQueryHandler<CountInHand> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly served: Served,
  ) {}

  async execute({ person }: CountInHand): Promise<number> {
    const { sql } = this;
    const [found] = await sql<{ cases: number }[]>`
      select count(*) as cases from ${sql(this.served.schema)}.cases where open and handler = ${person}`;
    return found?.cases ?? 0;
  }
}
