import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { CountTouched, type Touched, type TouchedCases } from '../../contracts/ledger.js';
import { type Fragment, type Sql } from '../../platform/sql.js';
import { READING } from './reading.js';
import { Served } from '../versions/served.js';

/** Numbers and nothing else: whoever asks reads no case. */
@QueryHandler(CountTouched)
export class CountTouchedHandler implements IQueryHandler<CountTouched> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly served: Served,
  ) {}

  async execute({ rules }: CountTouched): Promise<TouchedCases> {
    if (rules.length === 0) return { each: [], any: 0 };
    const { sql } = this;
    const each: Fragment = rules
      .map((rule) => sql`count(*) filter (where ${this.#about(rule)})`)
      .reduce((all, one) => sql`${all}, ${one}`);
    const any = rules.map((rule) => sql`(${this.#about(rule)})`).reduce((all, one) => sql`${all} or ${one}`);
    const [found] = await sql<{ each: number[]; any: number }[]>`
      select array[${each}]::int[] as each, count(*) filter (where ${any}) as any
      from ${sql(this.served.schema)}.cases where open`;
    return found ?? { each: [], any: 0 };
  }

  #about({ source, category, severity, rectificationType }: Touched): Fragment {
    const { sql } = this;
    return [
      ...(source === undefined ? [] : [sql`source = ${source}`]),
      ...(category === undefined ? [] : [sql`${category} = any (categories)`]),
      ...(severity === undefined ? [] : [sql`severity = ${severity}`]),
      ...(rectificationType === undefined ? [] : [sql`"rectificationType" = ${rectificationType}`]),
    ].reduce((all, one) => sql`${all} and ${one}`, sql`true`);
  }
}
