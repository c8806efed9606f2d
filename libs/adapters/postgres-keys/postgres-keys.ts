import { type IndexKind } from '../../contracts/sealing.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { Erased } from '../../sealing/errors.js';
import { type Erasure, type Keys, type Note, type WrappedKey } from '../../sealing/keys.js';
import { MIGRATING, ONE_ERASURE_AT_A_TIME, SCHEMA } from './schema.js';

/** Wrapped keys in the schema `sealing`. */
export class PostgresKeys implements Keys {
  constructor(private readonly sql: Sql) {}

  /** @param sql connected as the role that is to own the schema */
  static async migrate(sql: Sql): Promise<void> {
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${MIGRATING})`;
      await tx.unsafe(SCHEMA);
    });
  }

  async get(holder: Uuid, version?: number): Promise<WrappedKey | undefined> {
    // The record of the erasure counts, not the absence of the key: a restore may have brought that back.
    const [row] = await this.sql<{ version: number | null; wrapped: Buffer | null; erased: boolean }[]>`
      select k.version, k.wrapped, exists (select from sealing.erasures e where e.holder = h.holder) as erased
      from (select ${holder}::uuid as holder) h left join lateral (
        select version, wrapped from sealing.keys k
        where k.holder = h.holder and k.version = coalesce(${version ?? null}::int, k.version)
        order by version desc limit 1) k on true`;
    if (row?.erased) throw new Erased(holder);
    if (!row || row.version === null || row.wrapped === null) return undefined;
    return { holder, version: row.version, bytes: row.wrapped };
  }

  async create({ holder, version, bytes }: WrappedKey): Promise<WrappedKey> {
    await this.sql`insert into sealing.keys (holder, version, wrapped)
      select ${holder}::uuid, ${version}::int, ${Buffer.from(bytes)}::bytea
      where not exists (select from sealing.erasures where holder = ${holder})
      on conflict do nothing`;
    const standing = await this.get(holder, version);
    if (!standing) throw new Erased(holder);
    return standing;
  }

  async any(): Promise<WrappedKey | undefined> {
    const [key] = await this.sql<WrappedKey[]>`select holder, version, wrapped as bytes from sealing.keys
      where wrapped is not null limit 1`;
    return key;
  }

  async note(notes: readonly Note[]): Promise<void> {
    // The key is held while its holder is noted: an erasure waits and finds the note, or was first and leaves no key.
    await this.sql`insert into sealing.indexes (kind, index, holder, case_id)
      select n.kind, decode(n.index, 'hex'), n.holder, n.case_id
      from unnest(${notes.map(({ kind }) => kind)}::text[], ${notes.map(({ index }) => hex(index))}::text[],
        ${notes.map(({ holder }) => holder)}::uuid[], ${notes.map(({ caseId }) => caseId)}::uuid[])
        n(kind, index, holder, case_id)
      join sealing.keys k on k.holder = n.holder and k.version = 1 and k.wrapped is not null
      order by n.holder for share of k
      on conflict do nothing`;
  }

  async find(kind: IndexKind, index: string): Promise<Pick<Note, 'holder' | 'caseId'>[]> {
    return this.sql<
      Pick<Note, 'holder' | 'caseId'>[]
    >`select holder, case_id as "caseId" from sealing.indexes i
      where kind = ${kind} and index = decode(${hex(index)}, 'hex')
        and not exists (select from sealing.erasures e where e.holder = i.holder)
      order by holder, case_id`;
  }

  async erase(holder: Uuid): Promise<Erasure> {
    return this.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${ONE_ERASURE_AT_A_TIME})`;
      // One at a time and never earlier than the last, so that who has listed up to an instant has missed none before it.
      await tx`insert into sealing.erasures (holder, erased_at)
        select ${holder}::uuid, date_trunc('milliseconds', greatest(clock_timestamp(), max(erased_at))) from sealing.erasures
        on conflict do nothing`;
      await destroy(tx, holder);
      const [row] = await tx<Row[]>`select holder, erased_at from sealing.erasures where holder = ${holder}`;
      if (!row) throw new Error('an erasure that was just recorded is not there');
      return erasure(row);
    });
  }

  async erasures(since = '-infinity'): Promise<Erasure[]> {
    const rows = await this.sql<Row[]>`select holder, erased_at from sealing.erasures
      where erased_at >= ${since}::text::timestamptz order by erased_at, holder`;
    return rows.map(erasure);
  }

  async reapply(erasures: readonly Erasure[]): Promise<number> {
    return this.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${ONE_ERASURE_AT_A_TIME})`;
      await tx`insert into sealing.erasures (holder, erased_at)
        select * from unnest(${erasures.map(({ holder }) => holder)}::uuid[],
          ${erasures.map(({ erasedAt }) => erasedAt)}::text[]::timestamptz[])
        on conflict do nothing`;
      return destroy(tx);
    });
  }
}

interface Row {
  holder: string;
  erased_at: Date;
}

const hex = (index: string): string => Buffer.from(index, 'base64url').toString('hex');

function erasure({ holder, erased_at }: Row): Erasure {
  return { holder, erasedAt: erased_at.toISOString() };
}

/**
 * Destroys the keys and indexes of whoever is recorded as erased, or of this one. The empty row that stays takes the place at which
 * a key may be made just now: that insert is waited for, or waits and finds the place taken.
 */
async function destroy(tx: Tx, holder: Uuid | null = null): Promise<number> {
  await tx`insert into sealing.keys (holder, version, wrapped)
    select holder, 1, null from sealing.erasures where ${holder}::uuid is null or holder = ${holder}::uuid
    on conflict do nothing`;
  const { count } = await tx`update sealing.keys k set wrapped = null from sealing.erasures e
    where k.holder = e.holder and k.wrapped is not null and (${holder}::uuid is null or k.holder = ${holder}::uuid)`;
  await tx`delete from sealing.indexes i using sealing.erasures e
    where i.holder = e.holder and (${holder}::uuid is null or i.holder = ${holder}::uuid)`;
  return count;
}
