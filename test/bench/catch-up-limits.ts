import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { caseEvents as names, type CaseEvent } from '../../libs/contracts/case-events.js';
import { decoder } from '../../libs/eventing/decode.js';
import { COLUMNS } from '../../libs/ledger/columns.js';
import { migrateLedger } from '../../libs/ledger/projection.js';
import { foldRow, type Row } from '../../libs/ledger/row.js';
import { connect } from '../../libs/platform/sql.js';
import { emmettPool } from './appenders.js';
import { caseEvents } from './case-events.js';
import { payload, textOf } from './payload.js';
import { type BenchDatabase } from './server.js';

const PAGE = 1000;
/** Rows of one statement. */
const BATCH = 5_000;

/** Pages of the log, one after the other, and nothing done with them: events a second. */
export async function readPages({ app }: BenchDatabase, events: number): Promise<number> {
  const sql = connect(app, 1);
  const begin = performance.now();
  let position = 0;
  while (position < events) {
    const page = await sql<{ position: number }[]>`
      select e.position, e.id, e.type, e.data::text as data, e.meta::text as meta, e.stream, e.revision
      from log.events e where e.position > ${position} order by e.position limit ${PAGE}`;
    const last = page.at(-1);
    if (!last) throw new Error('the log is shorter than it should be');
    position = last.position;
  }
  const seconds = (performance.now() - begin) / 1000;
  await sql.end({ timeout: 5 });
  return position / seconds;
}

/** The same rows of a ledger again and again, many in one statement, and nothing else: rows a second. */
export async function upsertRows({ app }: BenchDatabase, writes: number): Promise<number> {
  const sql = connect(app, 1);
  await sql.unsafe('drop schema if exists upsert_limit cascade');
  await migrateLedger(sql, 'upsert_limit');
  const columns = Object.keys(COLUMNS).map((name) => `"${name}"`);
  const upsert = `insert into upsert_limit.cases (${columns.join(', ')})
    select ${columns.join(', ')} from json_populate_recordset(null::upsert_limit.cases, $1::text::json)
    on conflict (id) do update set ${columns
      .slice(1)
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')}`;
  const rows = rowsOf(BATCH);
  const begin = performance.now();
  for (let written = 0; written < writes; written += BATCH) {
    await sql.unsafe(upsert, [JSON.stringify(rows)], { prepare: true });
  }
  const seconds = (performance.now() - begin) / 1000;
  await sql.unsafe('drop schema upsert_limit cascade');
  await sql.end({ timeout: 5 });
  return writes / seconds;
}

function rowsOf(cases: number): Row[] {
  const decode = decoder<CaseEvent>(names);
  const rows: Row[] = [];
  // Of so many events of as many open cases, more than half begin one.
  for (const stored of caseEvents(cases * 3, cases * 2)) {
    if (stored.revision === 0 && rows.length < cases)
      rows.push(foldRow(undefined, decode(stored), rows.length + 1));
  }
  if (rows.length < cases) throw new Error('there are fewer cases than rows');
  return rows;
}

/** Emmett's events, as appending them would leave them. */
export async function prepareEmmett({ app }: BenchDatabase, events: number): Promise<void> {
  const pool = emmettPool(app, 2);
  const store = getPostgreSQLEventStore('postgresql://bench', { connectionOptions: { pool } });
  await store.schema.migrate();
  await store.close();
  await pool.end();
  const sql = connect(app, 1);
  const { type, data, meta } = textOf(payload());
  await sql.unsafe(
    `insert into emt_messages (stream_id, stream_position, partition, message_data, message_metadata,
       message_schema_version, message_type, message_id, transaction_id)
     select 'case-' || md5(((n - 1) / 10)::text)::uuid, (n - 1) % 10 + 1, 'emt:default', $2::text::jsonb,
       $3::text::jsonb, '1', $1, gen_random_uuid(), pg_current_xact_id() from generate_series(1, ${events}) n`,
    [type, data, meta],
  );
  await sql.unsafe('analyze');
  await sql.end();
}
