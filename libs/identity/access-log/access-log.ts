import { createHash } from 'node:crypto';
import { type Access, type AccessEntry, type AccessFilter } from '../../contracts/access.js';
import { type Day } from '../../contracts/values.js';
import { canonical } from '../../eventing/canonical.js';
import { type Sql } from '../../platform/sql.js';
import { Together } from '../../platform/together.js';
import { unchangeable } from '../../platform/unchangeable.js';

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

create index if not exists log_person on access.log ((entry ->> 'person'), seq);
create index if not exists log_case on access.log ((entry ->> 'caseId'), seq) where entry ->> 'caseId' is not null;
create index if not exists log_outcome on access.log ((entry ->> 'outcome'), seq);
-- Entries are made in the order of time: where a day begins and ends is looked up, and the rest goes by number.
create index if not exists log_at on access.log ((entry ->> 'at'), seq);

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

/** What a day of the log comes to. */
export interface DayOfLog {
  day: Day;
  entries: number;
  last: number;
  /** Hex. */
  root: string;
}

/** Who saw personal data of which case, when and what for: every line holds the hash of the one before. */
export class AccessLog {
  readonly #together = new Together<Access, AccessEntry>((accesses) => this.#noteAll(accesses));

  constructor(private readonly sql: Sql) {}

  /** @param sql connected as the role that is to own the schema */
  static async migrate(sql: Sql): Promise<void> {
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${MIGRATING})`;
      await tx.unsafe(SCHEMA);
    });
  }

  /** It is safely on the medium when this has answered. */
  note(access: Access): Promise<AccessEntry> {
    return this.#together.answer(access);
  }

  /** Newest first. @param zone in which the days of the filter are meant */
  async page(
    limit: number,
    before = Number.MAX_SAFE_INTEGER,
    filter: AccessFilter = {},
    zone = 'UTC',
  ): Promise<AccessEntry[]> {
    const { sql } = this;
    const { person, caseId, outcome, from, until } = filter;
    const rows = await sql<Row[]>`select seq, entry::text, hash from access.log
      where seq < ${before}
        ${person === undefined ? sql`` : sql`and entry ->> 'person' = ${person}`}
        ${caseId === undefined ? sql`` : sql`and entry ->> 'caseId' = ${caseId}`}
        ${outcome === undefined ? sql`` : sql`and entry ->> 'outcome' = ${outcome}`}
        ${from === undefined ? sql`` : sql`and seq >= ${this.#firstFrom(from, 0, zone)}`}
        ${until === undefined ? sql`` : sql`and seq < ${this.#firstFrom(until, 1, zone)}`}
      order by seq desc limit ${limit}`;
    return rows.map(entryOf);
  }

  /** What happened to somebody's way to sign in, oldest first, at most 100. @param since ISO 8601 in UTC, in milliseconds */
  async happened(person: string, since: string): Promise<AccessEntry[]> {
    const rows = await this.sql<Row[]>`select seq, entry::text, hash from access.log
      where entry ->> 'at' > ${since} and (
        (entry ->> 'outcome' = 'sign-in-failed' and entry ->> 'person' = ${person})
        or (entry ->> 'outcome' = 'account-changed' and entry ->> 'subject' = ${person}))
      order by seq limit 100`;
    return rows.map(entryOf);
  }

  /** The days that are over and have entries after a number, in order. @param today in the zone */
  async daysAfter(seq: number, today: Day, zone: string): Promise<DayOfLog[]> {
    const days = await this.sql<(Omit<DayOfLog, 'root'> & { root: Buffer })[]>`
      select d.day, d.entries, d.last, l.hash as root
      from (
        select to_char((entry ->> 'at')::timestamptz at time zone ${zone}, 'YYYY-MM-DD') as day,
          count(*)::int as entries, max(seq) as last
        from access.log where seq > ${seq} group by 1
      ) d join access.log l on l.seq = d.last
      where d.day < ${today} order by d.last`;
    return days.map(({ root, ...day }) => ({ ...day, root: root.toString('hex') }));
  }

  /** @returns the hash of an entry in hex, or undefined where there is none */
  async hashAt(seq: number): Promise<string | undefined> {
    const [row] = await this.sql<{ hash: Buffer }[]>`select hash from access.log where seq = ${seq}`;
    return row?.hash.toString('hex');
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

  /** Those who come together wait for the medium once. */
  async #noteAll(accesses: readonly Access[]): Promise<AccessEntry[]> {
    return this.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${ONE_AT_A_TIME})`;
      let [last] = await tx<Row[]>`select seq, entry::text, hash from access.log order by seq desc limit 1`;
      const rows = accesses.map((access) => {
        const seq = (last?.seq ?? 0) + 1;
        const entry = canonical({ ...access, seq, at: later(last) });
        return (last = { seq, entry, hash: hashOf(entry, last?.hash) });
      });
      await tx`insert into access.log (seq, entry, hash)
        select seq, entry::json, decode(hash, 'hex') from unnest(${rows.map(({ seq }) => seq)}::bigint[],
          ${rows.map(({ entry }) => entry)}::text[], ${rows.map(({ hash }) => hash.toString('hex'))}::text[])
          as noted(seq, entry, hash)`;
      return rows.map(entryOf);
    });
  }

  /** The number of the first entry of a day, or of a later one; beyond all numbers where there is none. */
  #firstFrom(day: Day, plus: number, zone: string) {
    return this.sql`coalesce((
      select seq from access.log
      where entry ->> 'at' >= to_char((${day}::date + ${plus}::int)::timestamp at time zone ${zone} at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      order by entry ->> 'at', seq limit 1), ${Number.MAX_SAFE_INTEGER})`;
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
