import { unchangeable } from '../platform/unchangeable.js';
import { createHash } from 'node:crypto';
import { type Access, type AccessEntry } from '../contracts/access.js';
import { canonical } from '../eventing/canonical.js';
import { type Sql } from '../platform/sql.js';

/** Numbers of advisory locks. */
const MIGRATING = 7815021;
const ONE_AT_A_TIME = 7815022;

const SCHEMA = `
create schema if not exists access;

create table if not exists access.log (
  seq   bigint primary key,
  entry json not null,
  hash  bytea not null check (length(hash) = 32)
);

${unchangeable({
  ...{ table: 'access.log', guard: 'access.log_stays', said: 'the log of accesses is never changed' },
  triggers: { changed: 'log_stays', truncated: 'log_never_truncated' },
})}
`;

const PAGE = 1000;

interface Row {
  seq: number;
  /** RFC 8785 JSON. */
  entry: string;
  hash: Buffer;
}

/** Who saw personal data of which case, when and what for: every line holds the hash of the one before. */
export class AccessLog {
  constructor(private readonly sql: Sql) {}

  /** @param sql connected as the role that is to own the schema */
  static async migrate(sql: Sql): Promise<void> {
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${MIGRATING})`;
      await tx.unsafe(SCHEMA);
    });
  }

  /** It is safely on the medium when this has answered. */
  async note(access: Access): Promise<AccessEntry> {
    return this.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${ONE_AT_A_TIME})`;
      const [last] = await tx<Row[]>`select seq, entry::text, hash from access.log order by seq desc limit 1`;
      const seq = (last?.seq ?? 0) + 1;
      const text = canonical({ ...access, seq, at: later(last) });
      const hash = hashOf(text, last?.hash);
      await tx`insert into access.log (seq, entry, hash) values (${seq}, ${text}::text::json, ${hash})`;
      return entryOf({ seq, entry: text, hash });
    });
  }

  /** Newest first. */
  async page(limit: number, before = Number.MAX_SAFE_INTEGER): Promise<AccessEntry[]> {
    const rows = await this.sql<Row[]>`select seq, entry::text, hash from access.log
      where seq < ${before} order by seq desc limit ${limit}`;
    return rows.map(entryOf);
  }

  /** @returns the first line that is not as it was written, or is missing */
  async difference(): Promise<number | undefined> {
    let last: Row | undefined;
    for (;;) {
      const rows: Row[] = await this.sql<Row[]>`select seq, entry::text, hash from access.log
        where seq > ${last?.seq ?? 0} order by seq limit ${PAGE}`;
      for (const row of rows) {
        const seq = (last?.seq ?? 0) + 1;
        if (row.seq !== seq || !hashOf(row.entry, last?.hash).equals(row.hash)) return seq;
        if (entryOf(row).seq !== seq) return seq;
        last = row;
      }
      if (rows.length < PAGE) return undefined;
    }
  }
}

function hashOf(text: string, before: Uint8Array = Buffer.alloc(32)): Buffer {
  return createHash('sha256').update(before).update(text).digest();
}

function entryOf({ entry, hash }: Row): AccessEntry {
  return { ...(JSON.parse(entry) as Omit<AccessEntry, 'hash'>), hash: hash.toString('hex') };
}

/** Now, or the last line's instant where the clock went back. */
function later(last: Row | undefined): string {
  const now = new Date().toISOString();
  const then = last ? entryOf(last).at : now;
  return now > then ? now : then;
}
