import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { connect } from '../../libs/platform/sql.js';
import { emmettPool } from './appenders.js';
import { payload, textOf } from './payload.js';
import { type BenchDatabase } from './server.js';

const PAGE = 1000;

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
