import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import {
  CountCases,
  LedgerCase,
  type LedgerCount,
  type LedgerDetail,
  LedgerList,
  type LedgerPage,
} from '../../contracts/ledger.js';
import { type Sql } from '../../platform/sql.js';
import { SHOWN } from '../rows/columns.js';
import { Frequencies } from './frequencies.js';
import { lookedAt } from './lights.js';
import { behind, cursorOf, mustBeIndexed, orderBy, placeIn, placeOf } from './order.js';
import { PLANNED_ONCE, READING } from './reading.js';
import { Scope } from './scope.js';
import { shownIn } from './shown-rows.js';

/**
 * A row that is found by whom it concerns, and put in order, costs as much as so many entries of the index of an order that
 * lie elsewhere; where more is asked than that, many rows are looked at besides.
 */
const FOUND_COSTS = { alone: 50, narrowed: 4 };

@QueryHandler(LedgerList)
export class LedgerListHandler implements IQueryHandler<LedgerList> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    @Inject(PLANNED_ONCE) private readonly once: Sql,
    private readonly scope: Scope,
    private readonly frequencies: Frequencies,
  ) {}

  /** @throws Refusal input/invalid */
  async execute({ caller, filter, limit, order, after }: LedgerList): Promise<LedgerPage> {
    const { sql } = this;
    mustBeIndexed(order, filter);
    const place = after === undefined ? undefined : placeIn(after, order, filter);
    const chosen = await this.scope.of(caller, filter);
    const { schema, register, among } = chosen;
    const further = place === undefined ? sql`true` : behind(sql, order, place);
    const asks = Object.keys(filter).length === 0 ? 'alone' : 'narrowed';
    const by = among !== undefined && (await this.#areFew(among, limit, asks)) ? 'rows' : 'index';
    const where = by === 'rows' && filter.open !== 'true' ? chosen.where : chosen.met();
    // Where nothing is asked, all are read off the index of their order, and the first of few by whom they concern.
    const isAlike = asks === 'alone' && (by === 'index' || place === undefined);
    const most = isAlike ? sql.unsafe(String(limit + 1)) : limit + 1;
    const found = await shownIn((isAlike ? this.once : sql)`
      select ${sql.unsafe(SHOWN)} from ${schema}.cases
      where ${where} and ${further} order by ${orderBy(sql, order, by)} limit ${most}`);
    const page = found.slice(0, limit).map(({ row }) => row);
    const last = page.at(-1);
    return {
      rows: page.map((row) => lookedAt(row, register.today)),
      ...(found.length > limit && last && { next: cursorOf(placeOf(last, order), order, filter) }),
    };
  }

  /**
   * Whether all cases that concern somebody are sooner found and put in order than met among all in their order. The
   * planner cannot tell: it takes those of a division, of its unit and those found by it for three different crowds.
   */
  async #areFew(among: readonly string[], limit: number, asks: keyof typeof FOUND_COSTS): Promise<boolean> {
    const known = await this.frequencies.concerning(among);
    return known !== undefined && known.cases ** 2 * FOUND_COSTS[asks] < limit * known.all;
  }
}

@QueryHandler(CountCases)
export class CountCasesHandler implements IQueryHandler<CountCases> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  /** @throws Refusal input/invalid */
  async execute({ caller, filter, most }: CountCases): Promise<LedgerCount> {
    const { sql } = this;
    const { schema, where } = await this.scope.of(caller, filter);
    const [found] = await sql<{ cases: number; weight: number }[]>`
      select count(*) as cases, coalesce(sum(weight), 0)::bigint as weight
      from (select weight from ${schema}.cases where ${where} limit ${most + 1}) counted`;
    const { cases, weight } = found ?? { cases: 0, weight: 0 };
    return { cases: Math.min(cases, most), weight, more: cases > most };
  }
}

type Halted = Pick<LedgerDetail, 'haltedAt'>;

@QueryHandler(LedgerCase)
export class LedgerCaseHandler implements IQueryHandler<LedgerCase> {
  constructor(
    @Inject(PLANNED_ONCE) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  async execute({ caller, caseId }: LedgerCase): Promise<LedgerDetail | null> {
    const { sql } = this;
    const { schema, where, register } = await this.scope.of(caller);
    const [found] = await shownIn<Halted>(
      sql`
        select ${sql.unsafe(SHOWN)},
          (select h.revision from ${schema}.halted h where h.stream = ${`case-${caseId}`})
        from ${schema}.cases where id = ${caseId} and ${where}`,
      ['haltedAt'],
    );
    return found ? Object.assign(lookedAt(found.row, register.today), found.others) : null;
  }
}
