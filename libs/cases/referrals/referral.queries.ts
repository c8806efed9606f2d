import { Inject, Injectable } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { SeenAmong } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import { ReferralOf, type ReferralPage, type ReferralRow, Referrals } from '../../contracts/referrals.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { type Uuid } from '../../contracts/values.js';
import { type Fragment, SQL, type Sql } from '../../platform/sql.js';
import { Sealer } from '../../sealing/sealer.js';
import { veiled } from '../shown.js';
import { PREFIX, REFERRALS, type Row } from './referral.projection.js';

/** Rows looked at at once until a page is full. */
const LOOK = 200;

/** The one place where clues are chosen: for inspectors of a unit that covers the whole case, as far as they see it. */
@Injectable()
export class Clues {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly queries: QueryBus,
    private readonly sealer: Sealer,
  ) {}

  /** At most so many, newest first, from before a place in the list. */
  async page(caller: Caller, limit: number, before: number | undefined): Promise<ReferralRow[]> {
    const { sql } = this;
    const { where } = await this.#covered(caller);
    const found: Row[] = [];
    for (let next = before; ;) {
      const rows = await this.#seen(
        caller,
        sql`${where} ${next === undefined ? sql`` : sql`and seq < ${next}`} order by seq desc limit ${LOOK}`,
      );
      found.push(...rows.visible);
      next = rows.last?.seq;
      if (found.length >= limit || !rows.more) break;
    }
    return Promise.all(found.slice(0, limit).map((row) => this.#shown(row)));
  }

  async one(caller: Caller, referral: Uuid): Promise<ReferralRow | null> {
    const { where } = await this.#covered(caller);
    const [row] = (await this.#seen(caller, this.sql`${where} and id = ${referral}`)).visible;
    return row ? this.#shown(row) : null;
  }

  // Wrapped: a bare fragment is a query, and awaiting it would send it.
  async #covered({ unit, role }: Caller): Promise<{ where: Fragment }> {
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const home = register.unit(unit)?.division;
    const mine = home === undefined || role !== 'inspector' ? undefined : register.within(home);
    return { where: mine ? this.sql`divisions <@ ${mine}` : this.sql`false` };
  }

  /** Of the rows those whose case exists for the caller: who was excluded from it does not know of its clues. */
  async #seen(
    caller: Caller,
    where: Fragment,
  ): Promise<{ visible: Row[]; last: Row | undefined; more: boolean }> {
    const { sql } = this;
    const rows = await sql<{ content: Row }[]>`select content from ${sql(REFERRALS)}.rows where ${where}`;
    const all = rows.map(({ content }) => content);
    const ask = new SeenAmong([...new Set(all.map((row) => row.case))], caller);
    const seen = new Set(await this.queries.execute<SeenAmong, Uuid[]>(ask));
    return {
      visible: all.filter((row) => seen.has(row.case)),
      last: all.at(-1),
      more: all.length === LOOK,
    };
  }

  async #shown({ divisions: _, ...row }: Row): Promise<ReferralRow> {
    return (await veiled(row, `${PREFIX}${row.id}`, this.sealer, false)) as ReferralRow;
  }
}

@QueryHandler(Referrals)
export class ReferralsHandler implements IQueryHandler<Referrals> {
  constructor(private readonly clues: Clues) {}

  async execute({ caller, limit, before }: Referrals): Promise<ReferralPage> {
    const found = await this.clues.page(caller, limit + 1, before);
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    return { rows, ...(found.length > limit && last && { before: last.seq }) };
  }
}

@QueryHandler(ReferralOf)
export class ReferralOfHandler implements IQueryHandler<ReferralOf> {
  constructor(private readonly clues: Clues) {}

  execute({ caller, referral }: ReferralOf): Promise<ReferralRow | null> {
    return this.clues.one(caller, referral);
  }
}
