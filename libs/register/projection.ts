import { type RegisterEvent } from '../contracts/register-events.js';
import { prepare, type Projection } from '../eventing/project.js';
import { type Sql } from '../platform/sql.js';
import { type Doc, type Docs, fold, noDocs } from './docs.js';
import { decodeEntry, entryOf, REGISTER_STREAMS } from './table.js';

/** The version of the docs that is read. Another shape of doc is another schema, filled from the log anew. */
export const REGISTER = 'register_v1';

/** An entry as it was folded up to a revision. Names in it are sealed. */
export interface DocRow {
  stream: string;
  revision: number;
  /** Of the last event, counted over the register's events only: what is later has a larger one. */
  ordinal: number;
  doc: Doc;
}

export async function migrateRegister(sql: Sql, schema = REGISTER): Promise<void> {
  await sql.unsafe(`
    create schema if not exists ${schema};
    create table if not exists ${schema}.docs (
      stream text collate "C" primary key, revision int not null, ordinal bigint not null, doc json not null);
    create index if not exists docs_ordinal on ${schema}.docs (ordinal);`);
  await prepare(sql, schema);
}

/** Docs in one statement. */
const STATEMENT = 2000;

export function registerProjection(schema = REGISTER): Projection<DocRow, RegisterEvent> {
  return {
    schema,
    decode: decodeEntry,
    hears: REGISTER_STREAMS,
    wants: (stream) => entryOf(stream) !== undefined,
    load: async (sql, streams) => {
      const rows = await sql<DocRow[]>`
        select stream, revision, ordinal, doc from ${sql(schema)}.docs where stream = any (${streams})`;
      return new Map(rows.map((row) => [row.stream, { ...row }]));
    },
    change: (row, { stream, revision, event, meta }, ordinal) => {
      const { kind } = entryOf(stream) ?? {};
      if (!kind) throw new Error(`${stream} is no stream of the register`);
      const doc = fold(kind, row?.doc as never, event, meta.recordedAt);
      return { stream, revision, ordinal, doc };
    },
    save: async (tx, rows) => {
      for (let from = 0; from < rows.length; from += STATEMENT) {
        const part = rows.slice(from, from + STATEMENT);
        await tx`
          insert into ${tx(schema)}.docs (stream, revision, ordinal, doc)
          select n.stream, n.revision, n.ordinal, n.doc::json from unnest(
            ${part.map(({ stream }) => stream)}::text[], ${part.map(({ revision }) => revision)}::int[],
            ${part.map(({ ordinal }) => ordinal)}::bigint[],
            ${part.map(({ doc }) => JSON.stringify(doc))}::text[]) n(stream, revision, ordinal, doc)
          on conflict (stream) do update
            set revision = excluded.revision, ordinal = excluded.ordinal, doc = excluded.doc`;
      }
      await tx`select pg_notify('register', '')`;
    },
  };
}

/** Posts that a person was ever given, or lent by somebody. */
export async function postsOf(sql: Sql, person: string): Promise<{ unit: string; role: string }[]> {
  return sql<{ unit: string; role: string }[]>`
    select p ->> 'unit' as unit, p ->> 'role' as role
    from ${sql(REGISTER)}.docs, json_array_elements(doc -> 'posts') p where stream = ${`person-${person}`}
    union all
    select d ->> 'unit', d ->> 'role'
    from ${sql(REGISTER)}.docs, json_array_elements(doc -> 'delegations') d
    where stream ^@ 'person-' and d ->> 'to' = ${person}`;
}

/** Kinds of entries that have nothing sealed. */
const OPEN = ['division-', 'unit-', 'policy-', 'calendar-'];

/** Divisions, units, policies and calendars; no other kind. */
export async function openDocs(sql: Sql): Promise<Docs<never>> {
  const docs = noDocs();
  const rows = await sql<{ stream: string; doc: Doc }[]>`
    select d.stream, d.doc from ${sql(REGISTER)}.docs d
    where exists (select from unnest(${OPEN}::text[]) kind where d.stream ^@ kind) order by d.stream`;
  for (const { stream, doc } of rows) {
    const entry = entryOf(stream);
    if (entry) (docs[entry.kind] as Map<string, unknown>).set(entry.id, doc);
  }
  return docs;
}
