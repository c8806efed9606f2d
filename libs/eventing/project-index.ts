import { type Sql } from '../platform/sql.js';
import { leafHash } from './canonical.js';
import { type Beside } from './project.js';

/**
 * The index of the log: ordinal (1, 2, 3 … in the log's order), event and leaf hash. Bulletins, as-of and proofs cite
 * ordinals; positions are an engine's own affair.
 */
export async function migrateLogIndex(sql: Sql): Promise<void> {
  await sql`create schema if not exists proof`;
  await sql`create table if not exists proof.log_index (
    ordinal bigint primary key, event_id uuid not null, leaf bytea not null)`;
}

/** What the index notes of an event. */
export interface Noted {
  ordinal: number;
  id: string;
  /** In hex. */
  leaf: string;
}

/** Events in one statement: a longer text costs more to take apart than it saves. */
const STATEMENT = 2000;

/** Writes the index; a projection that is made anew finds it there already. */
export const logIndex: Beside<Noted> = {
  of: ({ ordinal, stored }) => ({ ordinal, id: stored.id, leaf: leafHash(stored) }),
  write: async (tx, noted) => {
    for (let from = 0; from < noted.length; from += STATEMENT) {
      const part = noted.slice(from, from + STATEMENT);
      // Lists as texts: PostgreSQL reads them in a fraction of the time of JSON.
      await tx`
        insert into proof.log_index (ordinal, event_id, leaf)
        select n.ordinal::bigint, n.id::uuid, decode(n.leaf, 'hex') from unnest(
          string_to_array(${part.map(({ ordinal }) => ordinal).join()}, ','),
          string_to_array(${part.map(({ id }) => id).join()}, ','),
          string_to_array(${part.map(({ leaf }) => leaf).join()}, ',')) n(ordinal, id, leaf)
        on conflict do nothing`;
    }
  },
};
