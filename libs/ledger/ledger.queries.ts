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
import { isWatcher } from '../contracts/roles.js';
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
  async of(caller: Caller, filter: LedgerFilter = {}): Promise<{ where: Fragment }> {
    const { unit, person, onBehalfOf } = caller;
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    // Nobody is left at a unit that was abolished; the one that carries it on sees what it saw.
    const home = register.present(unit) === unit ? register.unit(unit)?.division : undefined;
    const mine = home === undefined ? [] : register.within(home);
    const units = home === undefined ? [] : register.carried(unit);
    const steps = units.map((one) => JSON.stringify([{ unit: one }]));
    const { sql } = this;
    const { status, severity, division, lead, reopened, adopted, proven } = filter;
    // Wrapped: a bare fragment is a query, and awaiting it would send it.
    const near = sql`divisions && ${[...mine]}`;
    const party = sql`(${[...units]} && (leads || "coUnits" || "checkerUnits" || assigner || closer)
        or route::jsonb @> any (${steps}::text[]::jsonb[])
        or "partUnits"::jsonb @> any (${steps}::text[]::jsonb[]))`;
    const where = sql`${this.#open(caller, { near, party }, register)}
      and not (excluded && ${[person, onBehalfOf ?? person]})
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${severity === undefined ? sql`` : sql`and severity = ${severity}`}
      ${division === undefined ? sql`` : sql`and divisions && ${register.within(division)}`}
      ${lead === undefined ? sql`` : sql`and leads && ${[...register.carried(lead)]}`}
      ${reopened === undefined ? sql`` : reopened ? sql`and reopened > 0` : sql`and reopened = 0`}
      ${adopted === undefined ? sql`` : sql`and adopted = ${adopted}`}
      ${proven === undefined ? sql`` : sql`and ("closedAt" is not null) = ${proven}`}`;
    return { where };
  }

  /** What the visibility of a case leaves of a caller's rows: the same as `sees` in the room `cases`. */
  #open(
    { unit, role, person, onBehalfOf }: Caller,
    { near, party }: { near: Fragment; party: Fragment },
    register: Register,
  ): Fragment {
    const { sql } = this;
    const found = sql`finder = any (${[...register.carried(unit)]})`;
    const watching = isWatcher(role) ? sql`or ${near}` : sql``;
    const sealed =
      role === 'inspector'
        ? near
        : role === 'registrar'
          ? found
          : role === 'handler'
            ? sql`${party} and handler = any (${[person, onBehalfOf ?? person]})`
            : sql`false`;
    return sql`case visibility when 'normal' then ${near} or ${party}
      when 'restricted' then ${party} or ${found} ${watching} else ${sealed} end`;
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

/** Cases that the figures do not tell apart. */
interface Counted {
  status: Status;
  reopened: boolean;
  adopted: boolean;
  proven: boolean;
  cases: number;
  weight: number;
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
    const counted = await sql<Counted[]>`
      select status, reopened > 0 as reopened, adopted, "closedAt" is not null as proven,
        count(*) as cases, sum(weight) as weight
      from ${sql(LEDGER)}.cases where ${where} group by 1, 2, 3, 4`;
    const figure = (name: string, filter: Partial<Omit<Counted, 'cases' | 'weight'>>): Figure => {
      const asked = Object.entries(filter) as [keyof Counted, unknown][];
      const of = counted.filter((one) => asked.every(([key, value]) => one[key] === value));
      const sum = (key: 'cases' | 'weight'): number => of.reduce((total, one) => total + one[key], 0);
      return { name, cases: sum('cases'), weight: sum('weight'), filter };
    };
    const statuses = (Object.keys(STATUSES) as Status[]).map((status) =>
      // What an old ledger says was closed is no proven closure.
      figure(status, status === 'closed' ? { status, proven: true } : { status }),
    );
    return [
      figure('all', {}),
      ...statuses,
      figure('adopted-closed', { status: 'closed', proven: false }),
      figure('adopted', { adopted: true }),
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
