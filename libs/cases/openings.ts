import { type Uuid } from '../contracts/values.js';
import { type Sql } from '../platform/sql.js';

/** Who has looked at which case, and how it stood then. */
export class Openings {
  constructor(private readonly sql: Sql) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql.unsafe(`
      create schema if not exists cases;
      create table if not exists cases.openings (
        person text not null, case_id uuid not null, revision int not null, primary key (person, case_id));`);
  }

  async note(person: string, caseId: Uuid, revision: number): Promise<void> {
    await this
      .sql`insert into cases.openings (person, case_id, revision) values (${person}, ${caseId}, ${revision})
      on conflict (person, case_id) do update set revision = excluded.revision
      where openings.revision < excluded.revision`;
  }

  /** Whether somebody has looked at a case as it stood at a revision, or later. */
  async since(person: string, caseId: Uuid, revision: number): Promise<boolean> {
    const [row] = await this.sql<{ revision: number }[]>`
      select revision from cases.openings where person = ${person} and case_id = ${caseId}`;
    return row !== undefined && row.revision >= revision;
  }
}
