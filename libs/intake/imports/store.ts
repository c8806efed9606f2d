import { type Caller } from '../../contracts/envelope.js';
import { type CommitImport, type ImportState, type TryImport } from '../../contracts/imports.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';

/** How many days a file is kept. */
export const KEPT_DAYS = 7;

/** A row that the rules refused, as opposed to one that could not be read. */
export interface Ruled {
  row: number;
  code: string;
}

/** What is done with a file, as far as it has come: every row up to `row` is dealt with. */
export interface StoredImport {
  id: Uuid;
  person: string;
  unit: string;
  sha256: string;
  name: string | null;
  state: ImportState;
  /** Of the last dry run, or of the commit. */
  asked: TryImport | CommitImport | null;
  /** In which capacity it was committed. */
  caller: Caller | null;
  rows: number | null;
  row: number;
  registered: number;
  known: number;
  refused: number;
  ruled: Ruled[];
  code: string | null;
  swept: boolean;
}

export type Reached = Pick<StoredImport, 'row' | 'registered' | 'known' | 'refused' | 'ruled'>;

/** The table of imports. Of what stands in a file it knows nothing. */
export class ImportStore {
  constructor(private readonly sql: Sql) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql.unsafe(`
      create schema if not exists intake;
      create table if not exists intake.imports (
        id uuid primary key, person text not null, unit text not null, sha256 text not null, name text,
        state text not null default 'received', asked json, caller json, rows int, row int not null default 0,
        registered int not null default 0, known int not null default 0, refused int not null default 0,
        ruled json not null default '[]', code text, swept boolean not null default false,
        made_at timestamptz not null default now());`);
  }

  async add({
    id,
    person,
    unit,
    sha256,
    name,
  }: Pick<StoredImport, 'id' | 'person' | 'unit' | 'sha256' | 'name'>): Promise<void> {
    await this.sql`insert into intake.imports ${this.sql({ id, person, unit, sha256, name })}`;
  }

  async get(id: Uuid): Promise<StoredImport | undefined> {
    const [row] = await this.sql<StoredImport[]>`
      select id, person, unit, sha256, name, state, asked, caller, rows, row, registered, known, refused, ruled, code,
        swept
      from intake.imports where id = ${id}`;
    return row;
  }

  async running(): Promise<StoredImport[]> {
    const ids = await this.sql<{ id: Uuid }[]>`
      select id from intake.imports where state = 'running' order by made_at`;
    const found = await Promise.all(ids.map(({ id }) => this.get(id)));
    return found.filter((one) => one !== undefined);
  }

  async tried(id: Uuid, asked: TryImport): Promise<void> {
    await this.sql`update intake.imports set asked = ${JSON.stringify(asked)}::text::json
      where id = ${id} and state in ('received', 'failed')`;
  }

  /** Answers whether it begins now. One that failed begins anew: what it entered is known then. */
  async begin(id: Uuid, asked: CommitImport, caller: Caller): Promise<boolean> {
    const { count } = await this.sql`
      update intake.imports set state = 'running', asked = ${JSON.stringify(asked)}::text::json, code = null, row = 0,
        registered = 0, known = 0, refused = 0, ruled = '[]',
        caller = ${JSON.stringify(caller)}::text::json
      where id = ${id} and state in ('received', 'failed')`;
    return count > 0;
  }

  async counted(id: Uuid, rows: number): Promise<void> {
    await this.sql`update intake.imports set rows = ${rows} where id = ${id}`;
  }

  async reached(id: Uuid, { row, registered, known, refused, ruled }: Reached): Promise<void> {
    await this.sql`
      update intake.imports set row = ${row}, registered = ${registered}, known = ${known}, refused = ${refused},
        ruled = ${JSON.stringify(ruled)}::text::json where id = ${id}`;
  }

  async ended(id: Uuid, code?: string): Promise<void> {
    await this
      .sql`update intake.imports set state = ${code === undefined ? 'done' : 'failed'}, code = ${code ?? null}
      where id = ${id}`;
  }

  /** Takes the files that have been kept long enough off the list; their names go with them. */
  async expire(): Promise<Uuid[]> {
    const rows = await this.sql<{ id: Uuid }[]>`
      update intake.imports set swept = true, name = null
      where not swept and state <> 'running' and made_at < now() - make_interval(days => ${KEPT_DAYS}) returning id`;
    return rows.map(({ id }) => id);
  }

  async unswept(): Promise<Set<Uuid>> {
    const rows = await this.sql<{ id: Uuid }[]>`select id from intake.imports where not swept`;
    return new Set(rows.map(({ id }) => id));
  }
}
