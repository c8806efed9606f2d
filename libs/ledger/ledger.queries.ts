import { Inject, Injectable } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { once } from 'node:events';
import { type Caller } from '../contracts/envelope.js';
import {
  type Figure,
  LedgerCase,
  type LedgerDetail,
  LedgerFigures,
  type LedgerFilter,
  LedgerList,
  type LedgerPage,
  LedgerReached,
  type LedgerRow,
} from '../contracts/ledger.js';
import { CurrentRegister, type Register } from '../contracts/register.js';
import { STATUSES, type Status } from '../contracts/status.js';
import { type Bell } from '../platform/session.js';
import { type Fragment, SQL, type Sql } from '../platform/sql.js';
import { LEDGER, SHOWN } from './projection.js';

/** By which Nest finds the bell that rings when rows were written. */
export const LEDGER_BELL = Symbol('LEDGER_BELL');

/** The one place where rows are chosen: whatever is asked, nobody sees a row outside their scope. */
@Injectable()
export class Scope {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly queries: QueryBus,
  ) {}

  /** The condition that a caller's rows meet: in their division, or with a part for their unit. */
  async of({ unit, person, onBehalfOf }: Caller, filter: LedgerFilter = {}): Promise<{ where: Fragment }> {
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    // Nobody is left at a unit that was abolished; the one that carries it on sees what it saw.
    const home = register.present(unit) === unit ? register.unit(unit)?.division : undefined;
    const mine = home === undefined ? [] : register.within(home);
    const units = home === undefined ? [] : register.carried(unit);
    const steps = units.map((one) => JSON.stringify([{ unit: one }]));
    const { sql } = this;
    const { status, severity, division, lead, reopened } = filter;
    // Wrapped: a bare fragment is a query, and awaiting it would send it.
    const where = sql`(divisions && ${[...mine]} or ${[...units]} && (leads || "coUnits" || assigner || closer)
        or route::jsonb @> any (${steps}::text[]::jsonb[]))
      and not (excluded && ${[person, onBehalfOf ?? person]})
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${severity === undefined ? sql`` : sql`and severity = ${severity}`}
      ${division === undefined ? sql`` : sql`and divisions && ${register.within(division)}`}
      ${lead === undefined ? sql`` : sql`and leads && ${[...register.carried(lead)]}`}
      ${reopened === undefined ? sql`` : reopened ? sql`and reopened > 0` : sql`and reopened = 0`}`;
    return { where };
  }
}

@QueryHandler(LedgerList)
export class LedgerListHandler implements IQueryHandler<LedgerList> {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  async execute({ caller, filter, limit, before }: LedgerList): Promise<LedgerPage> {
    const { sql } = this;
    const { where } = await this.scope.of(caller, filter);
    const rows = await sql<LedgerRow[]>`
      select ${sql.unsafe(SHOWN)} from ${sql(LEDGER)}.cases
      where ${where} ${before === undefined ? sql`` : sql`and seq < ${before}`}
      order by seq desc limit ${limit + 1}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { rows: page, ...(rows.length > limit && last && { before: last.seq }) };
  }
}

@QueryHandler(LedgerCase)
export class LedgerCaseHandler implements IQueryHandler<LedgerCase> {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  async execute({ caller, caseId }: LedgerCase): Promise<LedgerDetail | null> {
    const { sql } = this;
    const { where } = await this.scope.of(caller);
    const [row] = await sql<LedgerDetail[]>`
      select ${sql.unsafe(SHOWN)},
        (select h.revision from ${sql(LEDGER)}.halted h where h.stream = ${`case-${caseId}`}) as "haltedAt"
      from ${sql(LEDGER)}.cases where id = ${caseId} and ${where}`;
    return row ?? null;
  }
}

@QueryHandler(LedgerFigures)
export class LedgerFiguresHandler implements IQueryHandler<LedgerFigures> {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  async execute({ caller }: LedgerFigures): Promise<Figure[]> {
    const { sql } = this;
    const { where } = await this.scope.of(caller);
    const counted = await sql<{ status: Status; reopened: boolean; cases: number; weight: number }[]>`
      select status, reopened > 0 as reopened, count(*) as cases, sum(weight) as weight
      from ${sql(LEDGER)}.cases where ${where} group by 1, 2`;
    const figure = (name: string, filter: LedgerFilter): Figure => {
      const of = counted.filter(
        (one) =>
          (filter.status === undefined || one.status === filter.status) &&
          (filter.reopened === undefined || one.reopened === filter.reopened),
      );
      const sum = (key: 'cases' | 'weight'): number => of.reduce((total, one) => total + one[key], 0);
      return { name, cases: sum('cases'), weight: sum('weight'), filter };
    };
    return [
      figure('all', {}),
      ...Object.keys(STATUSES).map((status) => figure(status, { status: status as Status })),
      figure('reopened', { reopened: true }),
    ];
  }
}

@QueryHandler(LedgerReached)
export class LedgerReachedHandler implements IQueryHandler<LedgerReached> {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    @Inject(LEDGER_BELL) private readonly bell: Bell,
    private readonly scope: Scope,
  ) {}

  async execute({ caller, caseId, revision, ms }: LedgerReached): Promise<boolean> {
    const signal = AbortSignal.timeout(ms);
    await this.bell.listen();
    const { where } = await this.scope.of(caller);
    while (!signal.aborted) {
      const rung = once(this.bell, 'ring', { signal }).catch(() => undefined);
      const [row] = await this.sql<{ revision: number }[]>`
        select revision from ${this.sql(LEDGER)}.cases where id = ${caseId} and ${where}`;
      if (row && row.revision >= revision) return true;
      await rung;
    }
    return false;
  }
}
