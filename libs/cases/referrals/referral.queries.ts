import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { type Caller } from '../../contracts/envelope.js';
import { ReferralOf, type ReferralPage, type ReferralRow, Referrals } from '../../contracts/referrals.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { type Fragment, SQL, type Sql } from '../../platform/sql.js';
import { REFERRALS, type Row } from './referral.projection.js';

/** The one place where clues are chosen: only inspectors, and only of a unit that covers the whole case. */
async function scopeOf(sql: Sql, queries: QueryBus, { unit, role }: Caller): Promise<{ where: Fragment }> {
  const register = await queries.execute<CurrentRegister, Register>(new CurrentRegister());
  const home = register.unit(unit)?.division;
  const mine = home === undefined || role !== 'inspector' ? undefined : register.within(home);
  return { where: mine ? sql`divisions <@ ${mine}` : sql`false` };
}

const shown = ({ divisions: _, ...row }: Row): ReferralRow => row;

@QueryHandler(Referrals)
export class ReferralsHandler implements IQueryHandler<Referrals> {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly queries: QueryBus,
  ) {}

  async execute({ caller, limit, before }: Referrals): Promise<ReferralPage> {
    const { sql } = this;
    const { where } = await scopeOf(sql, this.queries, caller);
    const rows = await sql<{ content: Row }[]>`
      select content from ${sql(REFERRALS)}.rows
      where ${where} ${before === undefined ? sql`` : sql`and seq < ${before}`}
      order by seq desc limit ${limit + 1}`;
    const page = rows.slice(0, limit).map(({ content }) => shown(content));
    const last = page.at(-1);
    return { rows: page, ...(rows.length > limit && last && { before: last.seq }) };
  }
}

@QueryHandler(ReferralOf)
export class ReferralOfHandler implements IQueryHandler<ReferralOf> {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly queries: QueryBus,
  ) {}

  async execute({ caller, referral }: ReferralOf): Promise<ReferralRow | null> {
    const { sql } = this;
    const { where } = await scopeOf(sql, this.queries, caller);
    const [row] = await sql<{ content: Row }[]>`
      select content from ${sql(REFERRALS)}.rows where id = ${referral} and ${where}`;
    return row ? shown(row.content) : null;
  }
}
