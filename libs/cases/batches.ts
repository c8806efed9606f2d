import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type Batch, type BatchResult, type DecideMany } from '../contracts/batch.js';
import { type Caller, type CommandReceipt, OnCase, type PaperEntry } from '../contracts/envelope.js';
import { Refusal, type RefusalCode, refuse } from '../contracts/refusal.js';
import { CurrentRegister, type Register } from '../contracts/register.js';
import { type Uuid } from '../contracts/values.js';
import { hashOf } from '../eventing/canonical.js';
import { commandId } from '../eventing/ids.js';
import { codeOf } from '../platform/fault.js';
import { type Sql } from '../platform/sql.js';
import { validated } from '../platform/validated.js';
import { type VisibleCases } from './case.queries.js';
import { rowAt } from './commands.js';
import { type Openings } from './openings.js';
import { type AnyCaseRow } from './table.js';

/** Cases of a batch that are decided at the same time. */
const AT_ONCE = 8;

interface Stored {
  id: Uuid;
  caller: Caller;
  command: string;
  body: object;
  entry: PaperEntry | null;
}

interface Item {
  n: number;
  caseId: Uuid;
  seen: number;
}

/**
 * Decisions on many cases. Each case is a command of its own, known by the batch and the case: not all or none, but
 * taken up where it stopped, and nothing twice.
 */
export class Batches implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('Batches');
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(
    private readonly sql: Sql,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly visible: VisibleCases,
    private readonly openings: Openings,
  ) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql.unsafe(`
      create schema if not exists cases;
      create table if not exists cases.batches (
        id uuid primary key, caller json not null, command text not null, body json not null, entry json,
        request_hash text not null, made_at timestamptz not null default now(), done_at timestamptz);
      create table if not exists cases.batch_items (
        batch uuid not null references cases.batches, n int not null, case_id uuid not null, seen int not null,
        status text not null default 'waiting', code text, revision int, primary key (batch, n));`);
  }

  async onApplicationBootstrap(): Promise<void> {
    const left = await this.sql<Stored[]>`
      select id, caller, command, body, entry from cases.batches where done_at is null order by made_at`;
    for (const batch of left) this.#start(batch);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  /**
   * Takes a batch on; the same key again is the same batch.
   * @param asked what was asked for, where the cases follow from it
   * @throws Refusal key/reused
   */
  async take(
    caller: Caller,
    key: string,
    { command, cases, body }: DecideMany,
    entry: PaperEntry | undefined,
    asked?: object,
  ): Promise<Uuid> {
    const id = commandId(caller.person, key);
    const listed = { cases: cases.map(({ case: one, seen }) => [one, seen]) };
    const hash = hashOf({ command, body, entry: entry ?? null, ...(asked ?? listed) });
    const fresh = await this.sql.begin(async (tx) => {
      const { count } = await tx`
        insert into cases.batches (id, caller, command, body, entry, request_hash) values
        (${id}, ${JSON.stringify(caller)}::text::json, ${command}, ${JSON.stringify(body)}::text::json,
         ${entry ? JSON.stringify(entry) : null}::text::json, ${hash}) on conflict do nothing`;
      if (count === 0) return false;
      await tx`insert into cases.batch_items (batch, n, case_id, seen)
        select ${id}, n, c, s from unnest(${cases.map((one) => one.case)}::uuid[],
          ${cases.map(({ seen }) => seen)}::int[]) with ordinality t(c, s, n)`;
      return true;
    });
    if (fresh) this.#start({ id, caller, command, body, entry: entry ?? null });
    else {
      const [row] = await this.sql<{ hash: string }[]>`
        select request_hash as hash from cases.batches where id = ${id}`;
      if (row?.hash !== hash) refuse('key/reused');
    }
    return id;
  }

  /** Whether a key has begun a batch. */
  async has({ person }: Caller, key: string): Promise<boolean> {
    const found = await this.sql`select from cases.batches where id = ${commandId(person, key)}`;
    return found.length > 0;
  }

  /** What became of a batch, for whoever gave it. @throws Refusal batch/unknown */
  async of(id: Uuid, { person }: Caller): Promise<Batch> {
    const [batch] = await this.sql<{ command: string; done: boolean; person: string }[]>`
      select command, done_at is not null as done, caller ->> 'person' as person
      from cases.batches where id = ${id}`;
    if (batch?.person !== person) return refuse('batch/unknown');
    const rows = await this.sql<
      { case: Uuid; status: BatchResult['status']; code: string | null; revision: number | null }[]
    >`
      select case_id as case, status, code, revision from cases.batch_items where batch = ${id} order by n`;
    const results = rows.map(({ case: caseId, status, code, revision }) => ({
      ...{ case: caseId, status },
      ...(code !== null && { code }),
      ...(revision !== null && { revision }),
    }));
    return { batch: id, command: batch.command, done: batch.done, results };
  }

  #start(batch: Stored): void {
    const running = this.#carryOut(batch)
      .catch((error: unknown) => {
        // What is left waits for the next start.
        this.#log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #carryOut(batch: Stored): Promise<void> {
    const row = rowAt(batch.command);
    if (!row) throw new Error(`${batch.command} is no command any more`);
    const items = await this.sql<Item[]>`
      select n, case_id as "caseId", seen from cases.batch_items
      where batch = ${batch.id} and status = 'waiting' order by n`;
    const body = validated(row.command, batch.body);
    const left = [...items];
    const work = async (): Promise<void> => {
      for (let item = left.shift(); item && !this.#stopped; item = left.shift()) {
        const { status, code, revision } = await this.#decide(batch, row, body, item);
        await this.sql`update cases.batch_items
          set status = ${status}, code = ${code ?? null}, revision = ${revision ?? null}
          where batch = ${batch.id} and n = ${item.n}`;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (!this.#stopped) await this.sql`update cases.batches set done_at = now() where id = ${batch.id}`;
  }

  async #decide(
    { id, caller, entry }: Stored,
    row: AnyCaseRow,
    body: object,
    { caseId, seen }: Item,
  ): Promise<Pick<BatchResult, 'status' | 'code' | 'revision'>> {
    try {
      await this.#mayGive(row, caseId, caller);
      const { revision } = await this.commands.execute<OnCase, CommandReceipt>(
        new OnCase(caseId, body, caller, {
          ...{ idempotencyKey: id, decisionBatch: id, correlationId: id, seen },
          ...(entry && { entry }),
        }),
      );
      return { status: 'done', revision };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: 'refused', code: error.code satisfies RefusalCode };
    }
  }

  /**
   * Who has lost the post meanwhile, or stands in for nobody any more, decides nothing more; approvals among many are of
   * plain cases that were looked at.
   */
  async #mayGive(row: AnyCaseRow, caseId: Uuid, caller: Caller): Promise<void> {
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const { person, onBehalfOf, unit, role } = caller;
    const { appointments = [], delegations = [] } = register.person(person) ?? {};
    const lent = delegations.filter(({ from }) => from === onBehalfOf);
    const posts = onBehalfOf === undefined ? appointments : lent;
    if (!posts.some((post) => post.unit === unit && post.role === role)) refuse('case/role');
    if (row.approves !== true) return;
    const { state } = await this.visible.get(caseId, caller);
    if (state.severity !== 'general') refuse('case/batch-severe');
    if (!(await this.openings.since(person, caseId, state.basis))) refuse('case/batch-unopened');
  }
}
