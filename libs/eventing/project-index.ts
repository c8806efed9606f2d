import { type Sql } from '../platform/sql.js';
import { leafHash } from './canonical.js';
import { type StoredEvent } from './event.js';
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

/** What the index notes of events that follow one another. */
export interface Noted {
  /** Of the first. */
  ordinal: number;
  ids: string[];
  /** In hex. */
  leaves: string[];
}

/** Events in one statement: a longer text costs more to take apart than it saves. */
const STATEMENT = 2000;

/** Notes events and their leaves. */
export const notingLeaves = (leafOf: (stored: StoredEvent) => string): Omit<Beside<Noted>, 'write'> => ({
  nothing: () => ({ ordinal: 0, ids: [], leaves: [] }),
  note: (noted, { ordinal, stored }) => {
    if (noted.ids.length === 0) noted.ordinal = ordinal;
    noted.ids.push(stored.id);
    noted.leaves.push(leafOf(stored));
  },
});

/** Writes the index; a projection that is made anew finds it there already. */
export const logIndex: Beside<Noted> = {
  ...notingLeaves((stored) => stored.leaf ?? leafHash(stored)),
  write: async (tx, { ordinal, ids, leaves }) => {
    for (let from = 0; from < ids.length; from += STATEMENT) {
      // Lists as texts: PostgreSQL reads them in a fraction of the time of JSON.
      await tx`
        insert into proof.log_index (ordinal, event_id, leaf)
        select ${ordinal + from - 1}::bigint + n.nth, n.id::uuid, decode(n.leaf, 'hex') from unnest(
          string_to_array(${ids.slice(from, from + STATEMENT).join()}, ','),
          string_to_array(${leaves.slice(from, from + STATEMENT).join()}, ',')) with ordinality n(id, leaf, nth)
        on conflict do nothing`;
    }
  },
};
