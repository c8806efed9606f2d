import { type Sql, type Tx } from '../platform/sql.js';
import { type Beside, type Ordered } from './project.js';

/** An event that is still to be answered. */
export interface Due {
  ordinal: number;
  id: string;
  stream: string;
  revision: number;
}

/** How answering stands. */
export interface Standing {
  waiting: number;
  /** Events whose answer was refused. */
  stuck: number;
}

/**
 * Events that somebody has to answer, noted by the projection that reads the log anyway, in the transaction of its rows:
 * whatever it has dealt with is noted. Answered ones stay, so that a projection that is made anew wakes nobody.
 */
export class Outbox {
  constructor(private readonly sql: Sql) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql`create schema if not exists manager`;
    await sql`create table if not exists manager.due (
      event_id uuid primary key, ordinal bigint not null, stream text not null, revision int not null,
      done boolean not null default false, stuck text)`;
    await sql`create index if not exists due_open on manager.due (ordinal) where not done`;
  }

  /** Notes the events of these types. */
  static of(types: ReadonlySet<string>): Beside<Due[]> {
    return {
      nothing: () => [],
      note: (due, { ordinal, stored: { id, type, stream, revision } }: Ordered) => {
        if (types.has(type)) due.push({ ordinal, id, stream, revision });
      },
      write: async (tx, due) => {
        if (due.length > 0) await note(tx, due);
      },
    };
  }

  /** The first that is not answered, in the order of the log. */
  async first(): Promise<Due | undefined> {
    const [due] = await this.sql<Due[]>`
      select ordinal, event_id as id, stream, revision from manager.due
      where not done and stuck is null order by ordinal limit 1`;
    return due;
  }

  async done({ id }: Due): Promise<void> {
    await this.sql`update manager.due set done = true where event_id = ${id}`;
  }

  /** @param code why; nothing of the content */
  async stuck({ id }: Due, code: string): Promise<void> {
    await this.sql`update manager.due set stuck = ${code} where event_id = ${id}`;
  }

  /** What was stuck is tried again. */
  async again(): Promise<void> {
    await this.sql`update manager.due set stuck = null where not done and stuck is not null`;
  }

  async standing(): Promise<Standing> {
    const [found] = await this.sql<Standing[]>`
      select count(*) filter (where stuck is null) as waiting, count(stuck) as stuck
      from manager.due where not done`;
    return found ?? { waiting: 0, stuck: 0 };
  }
}

async function note(tx: Tx, due: readonly Due[]): Promise<void> {
  await tx`
    insert into manager.due (event_id, ordinal, stream, revision)
    select d.id, d.ordinal, d.stream, d.revision from json_to_recordset(${JSON.stringify(due)}::text::json)
      d(id uuid, ordinal bigint, stream text, revision int)
    on conflict do nothing`;
  // Heard when this is committed.
  await tx`select pg_notify('manager', '')`;
}
