import { refuse } from '../contracts/refusal.js';
import { type Uuid } from '../contracts/values.js';
import { type CaseEvent } from '../contracts/case-events.js';
import { type Handler } from '../eventing/handle.js';
import { type Sql } from '../platform/sql.js';
import { Together } from '../platform/together.js';
import { streamOf } from './commands.js';
import { type CaseState } from './case-state.js';
import { type CaseFacts } from './table.js';

interface Key {
  command: Uuid;
  caseId: Uuid;
}

/** Where each key led that was used to begin a case. An index only: what counts is whether the command is in the log. */
export class KeyIndex {
  /** Answers whether the key is new. */
  readonly #noted: Together<Key, boolean>;

  constructor(
    readonly deployment: string,
    private readonly sql: Sql,
    private readonly handler: Handler<CaseState, CaseEvent, CaseFacts>,
  ) {
    this.#noted = new Together(async (keys) => {
      const made = await sql<{ command: Uuid }[]>`
        insert into cases.keys (command, case_id)
        select k.command, k.case_id from unnest(
          ${keys.map(({ command }) => command)}::uuid[], ${keys.map(({ caseId }) => caseId)}::uuid[]) k(command, case_id)
        order by k.command on conflict do nothing returning command`;
      const fresh = new Set(made.map(({ command }) => command));
      return keys.map(({ command }) => fresh.delete(command));
    });
  }

  static async migrate(sql: Sql): Promise<void> {
    await sql`create schema if not exists cases`;
    await sql`create table if not exists cases.keys (command uuid primary key, case_id uuid not null)`;
  }

  /** @throws Refusal key/reused where the command has begun another case */
  async claim(command: Uuid, caseId: Uuid): Promise<void> {
    if (await this.#noted.answer({ command, caseId })) return;
    const [known] = await this.sql<
      { case_id: Uuid }[]
    >`select case_id from cases.keys where command = ${command}`;
    if (!known || known.case_id === caseId) return;
    const begun = await this.handler.load(streamOf(known.case_id));
    if (begun.receipts.has(command)) refuse('key/reused');
    // It was refused the first time: the key is free for what was mended.
    await this
      .sql`update cases.keys set case_id = ${caseId} where command = ${command} and case_id = ${known.case_id}`;
  }
}
