import { unchangeable } from '../../platform/unchangeable.js';
import { type Sql } from '../../platform/sql.js';

/** Between the parts of a list sent as one text: JSON text and ids never have it raw. */
export const SEPARATOR = '\u001e';

/** Streams of cases are nearly all of the log; of every other there is an index, and a bell. */
const CASES = 'case-';
export const BESIDE = `stream not like '${CASES}%'`;

/** Whether streams with these prefixes are all beside those of cases. */
export const areBeside = (prefixes: readonly string[]): boolean =>
  prefixes.every((prefix) => !prefix.startsWith(CASES) && !CASES.startsWith(prefix));

/** Taken by every append, so that positions become visible in their order. */
const LOCK = `locked := pg_advisory_xact_lock(7815001);`;

/**
 * Everything of the schema `log`. It belongs to whoever runs this; `app` may read events and call `append`, no more.
 * @param lock the statement that lets one group in at a time; a test takes it out to see itself fail
 */
export function logSchema(app: string, lock = LOCK): string {
  return `
create schema if not exists log;

create table if not exists log.events (
  position bigint primary key,
  stream   text collate "C" not null,
  revision int  not null,
  id       uuid not null,
  type     text not null,
  -- json, not jsonb: the exact bytes are what was hashed.
  data     json not null,
  meta     json not null,
  unique (stream, revision)
);

-- What is not of cases is little: whoever follows only that reads no case.
create index if not exists events_beside on log.events (position) where ${BESIDE};

${unchangeable({
  ...{ table: 'log.events', guard: 'log.never_changed', said: 'events are never changed' },
  triggers: { changed: 'never_changed', truncated: 'never_truncated' },
})}

-- One group of appends: per append a stream, once in a group, and the revision it must stand at; per event the append
-- it belongs to (from 1) and its own revision. Answers where each stream stood: appends that expected that have won.
create or replace function log.append(
  streams text, expecteds text, owners text, revisions text, ids text, types text, datas text, metas text
) returns int[] language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  stream_of   text[] := string_to_array(streams, E'\\x1e');
  expected_of int[]  := string_to_array(expecteds, E'\\x1e')::int[];
  head_of     int[];
  last_position bigint;
  locked text;
begin
  ${lock}
  select array_agg(coalesce((
    select e.revision from log.events e where e.stream = a.stream order by e.revision desc limit 1
  ), -1) order by a.n) into head_of from unnest(stream_of) with ordinality a(stream, n);
  last_position := coalesce((select e.position from log.events e order by e.position desc limit 1), 0);

  insert into log.events (position, stream, revision, id, type, data, meta)
  select last_position + row_number() over (order by e.n),
         stream_of[e.owner], e.revision, e.id, e.type, e.data::json, e.meta::json
  from unnest(string_to_array(owners, E'\\x1e')::int[], string_to_array(revisions, E'\\x1e')::int[],
              string_to_array(ids, E'\\x1e')::uuid[], string_to_array(types, E'\\x1e'),
              string_to_array(datas, E'\\x1e'), string_to_array(metas, E'\\x1e'))
       with ordinality e(owner, revision, id, type, data, meta, n)
  where head_of[e.owner] = expected_of[e.owner];

  perform pg_notify('log', '');
  if exists (select from unnest(stream_of) s(stream) where ${BESIDE}) then
    perform pg_notify('log_beside', '');
  end if;
  return head_of;
end $$;

-- A group of one append of one event: less to take apart, and half the work of the server.
create or replace function log.append_one(
  stream_of text, expected int, id_of uuid, type_of text, data_of text, meta_of text
) returns int language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  locked text;
begin
  ${lock}
  insert into log.events (position, stream, revision, id, type, data, meta)
  select coalesce((select e.position from log.events e order by e.position desc limit 1), 0) + 1,
         stream_of, expected + 1, id_of, type_of, data_of::json, meta_of::json
  where expected = coalesce((
    select e.revision from log.events e where e.stream = stream_of order by e.revision desc limit 1
  ), -1);
  if not found then
    return coalesce((select max(e.revision) from log.events e where e.stream = stream_of), -1);
  end if;
  perform pg_notify('log', '');
  if (select ${BESIDE} from (select stream_of) s(stream)) then
    perform pg_notify('log_beside', '');
  end if;
  return expected;
end $$;

revoke all on schema log from public;
revoke all on all functions in schema log from public;
grant usage on schema log to ${app};
grant select on log.events to ${app};
grant execute on function log.append, log.append_one to ${app};
`;
}

/**
 * Brings the schema `log` up to date. One process does it at a time.
 * @param owner connected as the role that owns the schema
 * @param app the role that the application connects as
 */
export async function migrateLog(owner: Sql, app: string): Promise<void> {
  await owner.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(7815002)`;
    const [quoted] = await tx<{ name: string }[]>`select quote_ident(${app}) as name`;
    await tx.unsafe(logSchema(quoted?.name ?? app));
  });
}
