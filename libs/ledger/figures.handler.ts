import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Figure, LedgerFigures } from '../contracts/ledger.js';
import { type Fragment, type Sql } from '../platform/sql.js';
import { conditionsOf } from './filters.js';
import { MEASURES } from './measures.js';
import { READING } from './reading.js';
import { Scope } from './scope.js';

@QueryHandler(LedgerFigures)
export class LedgerFiguresHandler implements IQueryHandler<LedgerFigures> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  async execute({ caller }: LedgerFigures): Promise<Figure[]> {
    const { sql } = this;
    const { schema, where, register } = await this.scope.of(caller);
    const names = Object.keys(MEASURES);
    const counted = names.map((name, n) => {
      const conditions = conditionsOf(MEASURES[name]?.filter ?? {}, { sql, register, today: register.today });
      const all = conditions.reduce((before, one) => sql`${before} and ${one}`, sql`true`);
      return sql`count(*) filter (where ${all}) as ${sql(`c${n}`)},
        coalesce(sum(weight) filter (where ${all}), 0)::bigint as ${sql(`w${n}`)}`;
    });
    const [found = {}] = await sql<Record<string, number>[]>`
      select ${counted.reduce((before, one): Fragment => sql`${before}, ${one}`)}
      from ${schema}.cases where ${where}`;
    return names.map((name, n) => ({
      ...{ name, cases: found[`c${n}`] ?? 0, weight: found[`w${n}`] ?? 0 },
      filter: MEASURES[name]?.filter ?? {},
    }));
  }
}
