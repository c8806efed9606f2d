import { type Sql, type Tx } from '../platform/sql.js';
import { leafHash } from './canonical.js';
import { type Ordered } from './project.js';

/**
 * The index of the log: ordinal (1, 2, 3 … in the log's order), event and leaf hash. Bulletins, as-of and proofs cite
 * ordinals; positions are an engine's own affair.
 */
export async function migrateLogIndex(sql: Sql): Promise<void> {
  await sql`create schema if not exists proof`;
  await sql`create table if not exists proof.log_index (
    ordinal bigint primary key, event_id uuid not null, leaf bytea not null)`;
}

/** Writes the index of a batch; a projection that is made anew finds it there already. */
export async function indexLog(tx: Tx, events: readonly Ordered[]): Promise<void> {
  const rows = events.map(({ ordinal, stored }) => ({
    ordinal,
    event_id: stored.id,
    leaf: `\\x${leafHash(stored).toString('hex')}`,
  }));
  await tx`
    insert into proof.log_index (ordinal, event_id, leaf)
    select r.ordinal, r.event_id, r.leaf
    from json_to_recordset(${JSON.stringify(rows)}::text::json) r(ordinal bigint, event_id uuid, leaf bytea)
    on conflict do nothing`;
}
