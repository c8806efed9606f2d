import { type Sql } from '../platform/sql.js';
import { leafHash } from './canonical.js';
import { type Beside } from './project.js';
import { type Feed } from './store.js';

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

/** Notes events and their leaves, as they are worked out here. */
export const notingLeaves: Omit<Beside<Noted>, 'write'> = {
  nothing: () => ({ ordinal: 0, ids: [], leaves: [] }),
  note: (noted, { ordinal, stored }) => {
    if (noted.ids.length === 0) noted.ordinal = ordinal;
    noted.ids.push(stored.id);
    noted.leaves.push(leafHash(stored));
  },
};

/** Keeps the index of a log; a projection that is made anew finds it there already. */
export const logIndex = ({ leaves }: Pick<Feed, 'leaves'>): Beside<unknown> =>
  (leaves === undefined ? toldOneByOne : copied(leaves)) as Beside<unknown>;

const toldOneByOne: Beside<Noted> = {
  ...notingLeaves,
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

/** Of ordinals that follow one another; 0: none. */
interface Span {
  first: number;
  last: number;
}

const copied = (leaves: string): Beside<Span> => ({
  nothing: () => ({ first: 0, last: 0 }),
  note: (span, { ordinal }) => {
    if (span.first === 0) span.first = ordinal;
    span.last = ordinal;
  },
  write: async (tx, { first, last }) => {
    await tx`
      insert into proof.log_index (ordinal, event_id, leaf)
      select e.ordinal, e.id, e.leaf from (${tx.unsafe(leaves)}) e
      where e.ordinal between ${first} and ${last} order by e.ordinal
      on conflict do nothing`;
  },
});
