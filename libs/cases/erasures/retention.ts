import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { setTimeout as pause } from 'node:timers/promises';
import { yearsAfter, yearsBefore } from '../../calendar/years.js';
import { type Access, NoteAccess } from '../../contracts/access.js';
import { type Caller, OnCase } from '../../contracts/envelope.js';
import { type Lag, LedgerLag } from '../../contracts/health.js';
import { invalid, Refusal, refuse, type RefusalCode } from '../../contracts/refusal.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import {
  type AskRetention,
  type DueCase,
  EndedLongAgo,
  type EndedPage,
  EndRetention,
  MOST_RETAINED,
  type RetentionDue,
  type RetentionOutcome,
  type RetentionRule,
} from '../../contracts/retention.js';
import { holdersIn } from '../../contracts/sealing.js';
import { type Day, type PersonId, type Uuid } from '../../contracts/values.js';
import { type StoredEvent } from '../../eventing/event.js';
import { type EventStore } from '../../eventing/store.js';
import { type Sql } from '../../platform/sql.js';
import { unchangeable } from '../../platform/unchangeable.js';
import { type Sealer } from '../../sealing/sealer.js';
import { streamOf } from '../commands.js';
import { dataOf, eventsOf } from './holder.js';

/** Cases that are asked for together, as they were due then. */
export interface Chosen {
  rule: RetentionRule;
  dueBy?: Day;
  cases: DueCase[];
}

/** Who decided that they be erased. */
export interface Decided {
  request: Uuid;
  askedBy: PersonId;
  approvedBy: Pick<Caller, 'person' | 'unit' | 'role' | 'via'>;
}

export interface Result {
  request: Uuid;
  case: Uuid;
  outcome: RetentionOutcome;
}

/** It speaks of no unit: the decision is that of the administrators whom the event names. */
const CALLER: Caller = { person: 'manager', unit: '', role: 'manager', via: 'manager' };
/** With what a case refuses that is not due any more. */
const NOT_DUE: readonly RefusalCode[] = ['case/not-due', 'case/status', 'case/unknown'];
/** While the ledger has not caught up, it is looked at this often, in milliseconds. */
const LOOK_MS = 200;

/** Cases whose time of retention is over under the policy in force, and the erasing of all that is sealed in them. */
export class Retention {
  constructor(
    private readonly sql: Sql,
    private readonly store: EventStore,
    private readonly sealer: Sealer,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql.unsafe(`
      create table if not exists cases.retention_results (
        request uuid not null, case_id uuid not null, outcome text not null, primary key (request, case_id));
      ${unchangeable({
        table: 'cases.retention_results',
        guard: 'cases.refuse_retention_change',
        triggers: { changed: 'retention_result_stays', truncated: 'retention_results_stay' },
        said: 'results of retention are never changed',
      })}`);
  }

  /** Those that are not asked for already. @throws Refusal input/invalid */
  async due(limit: number, after?: string): Promise<RetentionDue> {
    const { today, rule } = await this.#rule();
    if (!rule) return { on: today, cases: [] };
    const narrowed = { except: await this.#asked(), ...(after !== undefined && { after }) };
    const { next, cases } = await this.#ended(rule, today, limit, narrowed);
    return { on: today, rule, cases, ...(next !== undefined && { next }) };
  }

  /** @throws Refusal input/invalid, retention/… */
  async choose({ cases: only, dueBy }: AskRetention): Promise<Chosen> {
    if ((only === undefined) === (dueBy === undefined))
      invalid('cases', 'either', 'Say which cases, or the day on which they were due');
    const { today, rule } = await this.#rule();
    if (dueBy !== undefined && dueBy > today) invalid('dueBy', 'not-ahead', 'dueBy lies ahead');
    if (!rule) return refuse('retention/unset');
    const { cases } = await this.#ended(rule, today, MOST_RETAINED, {
      except: await this.#asked(),
      ...(only && { only }),
      ...(dueBy !== undefined && { until: yearsBefore(dueBy, rule.years) }),
    });
    const due = new Set(cases.map((one) => one.case));
    // Whether there is such a case at all is not told.
    const errors = (only ?? []).flatMap((one, n) =>
      due.has(one)
        ? []
        : [{ field: `cases.${n}`, rule: 'due', message: `cases.${n} is not due, or is asked for already` }],
    );
    if (errors.length > 0) refuse('retention/not-due', { errors });
    if (cases.length === 0) refuse('retention/none');
    return { rule, ...(dueBy !== undefined && { dueBy }), cases };
  }

  /**
   * Erases what is sealed in each case that is still due; goes on where it stopped, and does nothing twice.
   * @returns whether it has come to the end; it has not where `stop` was given
   */
  async erase(decided: Decided, cases: readonly Uuid[], stop: AbortSignal): Promise<boolean> {
    const done = new Set((await this.results([decided.request])).map((one) => one.case));
    // A ledger that has not caught up does not know yet who shares somebody with whom.
    while (!stop.aborted && (await this.#behind())) await pause(LOOK_MS);
    for (const one of cases) {
      if (done.has(one)) continue;
      if (stop.aborted) return false;
      const outcome = await this.#eraseOne(decided, one);
      await this.sql`
        insert into cases.retention_results (request, case_id, outcome)
        values (${decided.request}, ${one}, ${outcome}) on conflict do nothing`;
    }
    return true;
  }

  /** What came of the cases of requests so far. */
  async results(requests: readonly Uuid[]): Promise<Result[]> {
    return this.sql<Result[]>`
      select request, case_id as "case", outcome from cases.retention_results
      where request = any (${requests}::uuid[])`;
  }

  async #eraseOne(decided: Decided, caseId: Uuid): Promise<RetentionOutcome> {
    const { request, askedBy, approvedBy } = decided;
    // The ledger first: where it has this decision, and so says that nothing is due any more, the log has it too.
    const isDue = await this.#isDue(caseId);
    const before = await this.#ending(decided, caseId);
    if (!before && !(isDue && (await this.#end(decided, caseId)))) return 'left-out';
    const ending = before ?? (await this.#ending(decided, caseId));
    if (!ending) throw new Error('the end of a retention is not in the log');
    const holders = new Set<Uuid>();
    for (const event of ending.upTo) holdersIn(dataOf(event), holders);
    for (const holder of holders) await this.sealer.erase(holder);
    const { person, unit, role, via } = approvedBy;
    const access: Access = {
      ...{ person, unit, role, via, caseId, revision: ending.revision, outcome: 'erased' },
      purpose: `erasure-request ${request}, requested by ${askedBy}, approved by ${person}`,
    };
    await this.commands.execute(new NoteAccess(access));
    return 'erased';
  }

  /** Where this decision stands in the case, and all up to there; what came later is not erased by it. */
  async #ending(
    { request }: Decided,
    caseId: Uuid,
  ): Promise<{ revision: number; upTo: StoredEvent[] } | undefined> {
    const events = await eventsOf(this.store, streamOf(caseId));
    const at = events.findIndex(
      (event) => event.type === 'RetentionEnded' && (dataOf(event) as EndRetention).request === request,
    );
    return at < 0 ? undefined : { revision: at, upTo: events.slice(0, at + 1) };
  }

  /** As the ledger knows it: also whether nobody is shared with a case that goes on, which the case itself does not know. */
  async #isDue(caseId: Uuid): Promise<boolean> {
    const { today, rule } = await this.#rule();
    return rule !== undefined && (await this.#ended(rule, today, 1, { only: [caseId] })).cases.length > 0;
  }

  /** Decides it in the case itself. @returns whether it was still due there */
  async #end({ request, askedBy, approvedBy }: Decided, caseId: Uuid): Promise<boolean> {
    const body = Object.assign(new EndRetention(), { request, askedBy, approvedBy: approvedBy.person });
    const about = { idempotencyKey: request, correlationId: request, decisionBatch: request };
    try {
      await this.commands.execute(new OnCase(caseId, body, CALLER, about));
      return true;
    } catch (error) {
      if (error instanceof Refusal && NOT_DUE.includes(error.code)) return false;
      throw error;
    }
  }

  async #rule(): Promise<{ today: Day; rule?: RetentionRule }> {
    const { today, policy } = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const { id, retention: years } = policy;
    return { today, ...(years !== undefined && { rule: { policy: id, years } }) };
  }

  async #ended(
    { years }: RetentionRule,
    today: Day,
    limit: number,
    narrowed: EndedLongAgo['narrowed'],
  ): Promise<Pick<RetentionDue, 'cases' | 'next'>> {
    const ask = new EndedLongAgo(yearsBefore(today, years), today, limit, narrowed);
    const { cases, next } = await this.queries.execute<EndedLongAgo, EndedPage>(ask);
    return {
      cases: cases.map((one) => ({ ...one, dueOn: yearsAfter(one.endedOn, years) })),
      ...(next !== undefined && { next }),
    };
  }

  /** Cases of requests that wait for a second administrator, or are being carried out. */
  async #asked(): Promise<Uuid[]> {
    const rows = await this.sql<{ case: Uuid }[]>`
      select (c ->> 'case')::uuid as "case"
      from cases.erasure_steps s, json_array_elements(s.what -> 'retention' -> 'cases') c
      where s.step = 1 and not exists (
        select from cases.erasure_steps e
        where e.request = s.request and e.state in ('erased', 'refused', 'withdrawn'))`;
    return rows.map((one) => one.case);
  }

  async #behind(): Promise<boolean> {
    return (await this.queries.execute<LedgerLag, Lag>(new LedgerLag())).behindMs > 0;
  }
}
