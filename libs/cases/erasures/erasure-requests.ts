import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type Access, NoteAccess } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import {
  type AskErasure,
  type ErasureRequest,
  type ErasureState,
  type ErasureStep,
  ForgetName,
} from '../../contracts/erasures.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { type AskRetention, type RetentionOutcome } from '../../contracts/retention.js';
import { type Role } from '../../contracts/roles.js';
import { type Uuid } from '../../contracts/values.js';
import { hashOf } from '../../eventing/canonical.js';
import { commandId } from '../../eventing/ids.js';
import { type EventStore } from '../../eventing/store.js';
import { codeOf } from '../../platform/fault.js';
import { type Sql } from '../../platform/sql.js';
import { unchangeable } from '../../platform/unchangeable.js';
import { type Sealer } from '../../sealing/sealer.js';
import { streamOf } from '../commands.js';
import { holderAt } from './holder.js';
import { type Chosen, type Result, Retention } from './retention.js';

/** Who approves or refuses what a security-admin asked for. */
export const APPROVERS = ['security-admin', 'audit-admin'] as const satisfies Role[];

/** Where somebody stands who is to be erased. */
interface Place {
  case?: Uuid;
  person?: string;
  stream: string;
  revision: number;
  field: string;
}

/** What is to be erased; said once, with the first step. */
type What = {
  texts: number;
  /** Of what was asked. */
  hash: string;
} & ((Place & { legalGround: string; retention?: undefined }) | { retention: Chosen });

interface Stored extends Omit<ErasureStep, 'reason'> {
  request: Uuid;
  step: number;
  unit: string;
  via: string;
  reason: string | null;
  what: What | null;
}

/** A list is no longer than this. */
const MOST = 200;

/**
 * Erasures that one administrator asks for and another approves. Nothing of a request is ever changed: each step is a
 * row of its own. What is approved is erased, also where the process ended in between: one holder at once, whoever is
 * sealed in cases whose time of retention is over case by case, while nobody waits for it.
 */
export class ErasureRequests implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('ErasureRequests');
  readonly #stop = new AbortController();
  #running = Promise.resolve();

  constructor(
    private readonly sql: Sql,
    private readonly store: EventStore,
    private readonly sealer: Sealer,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly now: () => string,
    private readonly retention: Retention,
  ) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql.unsafe(`
      create schema if not exists cases;
      create table if not exists cases.erasure_steps (
        request uuid not null, step int not null, state text not null, by text not null, unit text not null,
        role text not null, via text not null, at text not null, reason text, what json,
        primary key (request, step));
      ${unchangeable({
        table: 'cases.erasure_steps',
        guard: 'cases.refuse_erasure_change',
        triggers: { changed: 'erasure_step_stays', truncated: 'erasure_steps_stay' },
        said: 'steps of erasure requests are never changed',
      })}`);
    await Retention.migrate(sql);
  }

  async onApplicationBootstrap(): Promise<void> {
    const left = await this.sql<{ request: Uuid }[]>`
      select request from cases.erasure_steps group by request
      having max(step) filter (where state = 'approved') = max(step)`;
    for (const { request } of left) {
      const [asked] = await this.#steps(request);
      if (asked?.what?.retention) this.#later(request);
      else await this.#carryOut(request).catch(this.#failed);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** The same key of the same person is the same request. @throws Refusal input/invalid, personal/unknown, key/reused */
  async ask(asked: AskErasure, caller: Caller, key: string): Promise<ErasureRequest> {
    const { reason, legalGround } = asked;
    const { request, hash } = known(asked, caller, key);
    const place = placeOf(asked);
    const found = await holderAt(this.store, place.stream, place.revision, place.field);
    // Neither a case nor anything of it is told: only whether there is something to be erased.
    if (!found) return refuse('personal/unknown');
    const what = { ...place, legalGround, texts: found.taken.length, hash };
    return this.#ask(request, caller, reason, what);
  }

  /** The same for many cases whose time of retention is over. @throws Refusal input/invalid, retention/…, key/reused */
  async askMany(asked: AskRetention, caller: Caller, key: string): Promise<ErasureRequest> {
    const { request, hash } = known(asked, caller, key);
    const [first] = await this.#steps(request);
    // Asked for once, they are due no more: whoever sends it again is told what came of it.
    const retention = first?.what?.retention ?? (await this.retention.choose(asked));
    const texts = retention.cases.reduce((all, { holders }) => all + holders, 0);
    return this.#ask(request, caller, asked.reason, { retention, texts, hash });
  }

  async #ask(request: Uuid, caller: Caller, reason: string, what: What): Promise<ErasureRequest> {
    if (!(await this.#add(request, 1, 'requested', caller, { reason, what }))) {
      const [first] = await this.#steps(request);
      if (first?.what?.hash !== what.hash) refuse('key/reused');
    }
    return this.of(request);
  }

  /** @throws Refusal erasure/unknown */
  async of(request: Uuid): Promise<ErasureRequest> {
    const steps = await this.#steps(request);
    return told(steps, steps[0]?.what?.retention ? await this.retention.results([request]) : []);
  }

  /** Those asked for last first; of many cases only how many they are. */
  async all(): Promise<ErasureRequest[]> {
    const rows = await this.sql<Stored[]>`
      select s.* from cases.erasure_steps s join (
        select request, at from cases.erasure_steps where step = 1 order by at desc, request limit ${MOST}) first
        using (request) order by first.at desc, request, step`;
    const requests = new Map<Uuid, Stored[]>();
    for (const row of rows) requests.set(row.request, [...(requests.get(row.request) ?? []), row]);
    const many = [...requests].flatMap(([request, [first]]) => (first?.what?.retention ? [request] : []));
    const results = await this.retention.results(many);
    return [...requests].map(([request, steps]) => {
      const { retention, ...rest } = told(
        steps,
        results.filter((one) => one.request === request),
      );
      if (!retention) return rest;
      const { cases: _, ...counts } = retention;
      return { ...rest, retention: counts };
    });
  }

  /** Erases, by somebody else than who asked. @throws Refusal erasure/…, administrator/… */
  async approve(request: Uuid, caller: Caller): Promise<ErasureRequest> {
    const steps = await this.#steps(request);
    const last = steps.at(-1) ?? refuse('erasure/unknown');
    const mine = last.by === caller.person && ['approved', 'erased'].includes(last.state);
    if (!mine) {
      if (last.state !== 'requested') refuse('erasure/ended');
      await this.#second(last.by, caller);
      if (!(await this.#add(request, 2, 'approved', caller, {}))) refuse('erasure/ended');
    }
    if (steps[0]?.what?.retention) this.#later(request);
    else await this.#carryOut(request);
    return this.of(request);
  }

  /** By whoever may approve it. @throws Refusal erasure/…, administrator/… */
  async refuse(request: Uuid, reason: string, caller: Caller): Promise<ErasureRequest> {
    const { by } = await this.#waiting(request);
    await this.#second(by, caller);
    if (!(await this.#add(request, 2, 'refused', caller, { reason }))) refuse('erasure/ended');
    return this.of(request);
  }

  /** By who asked. @throws Refusal erasure/… */
  async withdraw(request: Uuid, reason: string, caller: Caller): Promise<ErasureRequest> {
    const { by } = await this.#waiting(request);
    if (by !== caller.person) refuse('erasure/of-another');
    if (!(await this.#add(request, 2, 'withdrawn', caller, { reason }))) refuse('erasure/ended');
    return this.of(request);
  }

  async #waiting(request: Uuid): Promise<Stored> {
    const last = (await this.#steps(request)).at(-1) ?? refuse('erasure/unknown');
    return last.state === 'requested' ? last : refuse('erasure/ended');
  }

  async #second(by: string, { person, onBehalfOf }: Caller): Promise<void> {
    if (by !== person && by !== onBehalfOf) return;
    const { persons } = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const others = persons.some(
      ({ id, appointments }) =>
        id !== by && appointments.some(({ role }) => (APPROVERS as readonly Role[]).includes(role)),
    );
    refuse(others ? 'administrator/second-same' : 'administrator/second-missing');
  }

  /** One request after another. */
  #later(request: Uuid): void {
    this.#running = this.#running.then(() => this.#carryOut(request)).catch(this.#failed);
  }

  /** It waits for the next start, or for who approved it to say so again. */
  readonly #failed = (error: unknown): void => {
    this.#log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
  };

  /** Erasing a second time changes nothing; so whatever ended in between, it is done again from here. */
  async #carryOut(request: Uuid): Promise<void> {
    const steps = await this.#steps(request);
    const [asked, approved] = steps;
    if (!asked?.what || approved?.state !== 'approved' || steps.length > 2) return;
    const { by: person, unit, role, via } = approved;
    const approvedBy = { person, unit, role, via } as Caller;
    if (asked.what.retention) {
      const cases = asked.what.retention.cases.map((one) => one.case);
      const decided = { request, askedBy: asked.by, approvedBy };
      if (!(await this.retention.erase(decided, cases, this.#stop.signal))) return;
    } else await this.#eraseOne(request, asked.by, asked.what, approvedBy);
    await this.#add(request, 3, 'erased', approvedBy, {});
  }

  async #eraseOne(request: Uuid, askedBy: string, what: Place, approvedBy: Caller): Promise<void> {
    const { stream, revision, field, case: caseId, person: erased } = what;
    const found = await holderAt(this.store, stream, revision, field);
    if (!found) throw new Error('what was to be erased is not in the log');
    await this.sealer.erase(found.holder);
    if (erased !== undefined) await this.commands.execute(new ForgetName(erased));
    const { person, unit, role, via } = approvedBy;
    const access: Access = {
      ...{ person, unit, role, via, revision, field, outcome: 'erased' },
      ...(caseId === undefined ? { stream } : { caseId }),
      purpose: `erasure-request ${request}, requested by ${askedBy}, approved by ${person}`,
    };
    await this.commands.execute(new NoteAccess(access));
  }

  async #steps(request: Uuid): Promise<Stored[]> {
    return this.sql<Stored[]>`
      select request, step, state, by, unit, role, via, at, reason, what from cases.erasure_steps
      where request = ${request} order by step`;
  }

  /** Whether it was added: nobody else has taken this step meanwhile. */
  async #add(
    request: Uuid,
    step: number,
    state: ErasureState,
    { person, unit, role, via }: Caller,
    { reason, what }: { reason?: string; what?: What },
  ): Promise<boolean> {
    const { count } = await this.sql`
      insert into cases.erasure_steps (request, step, state, by, unit, role, via, at, reason, what)
      values (${request}, ${step}, ${state}, ${person}, ${unit}, ${role}, ${via}, ${this.now()},
        ${reason ?? null}, ${what ? JSON.stringify(what) : null}::text::json) on conflict do nothing`;
    return count > 0;
  }
}

/** The names of a person of the register have one holder, who is in the first event. */
function placeOf(asked: AskErasure): Place {
  const { case: caseId, person, revision, field } = asked;
  if (person !== undefined) {
    for (const name of ['case', 'revision', 'field'] as const)
      if (asked[name] !== undefined) invalid(name, 'either', 'A person is erased, or a text of a case');
    return { person, stream: `person-${person}`, revision: 0, field: 'name' };
  }
  if (caseId === undefined) return invalid('case', 'either', 'A person is erased, or a text of a case');
  if (revision === undefined)
    return invalid('revision', 'missing', 'Say in which event of the case it stands');
  if (field === undefined) return invalid('field', 'missing', 'Say where in the event it stands');
  return { case: caseId, stream: streamOf(caseId), revision, field };
}

/** The same key of the same person is the same request, as long as it asks for the same. */
const known = (asked: object, { person }: Caller, key: string): { request: Uuid; hash: string } => ({
  request: commandId(person, key),
  hash: hashOf(Object.fromEntries(Object.entries(asked))),
});

function told(steps: readonly Stored[], results: readonly Result[]): ErasureRequest {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first?.what || !last) return refuse('erasure/unknown');
  return {
    ...{ request: first.request, state: last.state, texts: first.what.texts },
    ...aboutOf(first.what, results),
    history: steps.map(({ state, by, role, at, reason }) => ({
      ...{ state, by, role, at, ...(reason !== null && { reason }) },
    })),
  };
}

function aboutOf(what: What, results: readonly Result[]): Partial<ErasureRequest> {
  if (!what.retention) {
    const { case: caseId, person, revision, field, legalGround } = what;
    return {
      ...{ revision, field, legalGround },
      ...(caseId !== undefined && { case: caseId }),
      ...(person !== undefined && { person }),
    };
  }
  const { rule, dueBy, cases } = what.retention;
  const outcomes = new Map(results.map((one) => [one.case, one.outcome]));
  const count = (outcome: RetentionOutcome): number =>
    results.filter((one) => one.outcome === outcome).length;
  return {
    retention: {
      ...{ rule, ...(dueBy !== undefined && { dueBy }) },
      ...{ asked: cases.length, erased: count('erased'), leftOut: count('left-out') },
      cases: cases.map((one) => {
        const outcome = outcomes.get(one.case);
        return { ...one, ...(outcome !== undefined && { outcome }) };
      }),
    },
  };
}
