import { refuse } from '../contracts/refusal.js';
import { type Uuid } from '../contracts/values.js';
import { type CaseEvent } from '../contracts/case-events.js';
import { type Handler } from '../eventing/handle.js';
import { type Sql } from '../platform/sql.js';
import { streamOf } from './commands.js';
import { type CaseState } from './state.js';
import { type CaseFacts } from './table.js';

/** Where each key led that was used to begin a case. An index only: what counts is whether the command is in the log. */
export class KeyIndex {
  constructor(
    readonly deployment: string,
    private readonly sql: Sql,
    private readonly handler: Handler<CaseState, CaseEvent, CaseFacts>,
  ) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql`create schema if not exists cases`;
    await sql`create table if not exists cases.keys (command uuid primary key, case_id uuid not null)`;
  }

  /** @throws Refusal key/reused where the command has begun another case */
  async claim(command: Uuid, caseId: Uuid): Promise<void> {
    const [made] = await this.sql`
      insert into cases.keys (command, case_id) values (${command}, ${caseId}) on conflict do nothing returning command`;
    if (made) return;
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
