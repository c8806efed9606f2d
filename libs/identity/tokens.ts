import { hash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Role } from '../contracts/roles.js';
import { type Bell } from '../platform/session.js';
import { type Sql } from '../platform/sql.js';

/** An appointment that a token speaks for. */
export interface Bearer {
  person: string;
  unit: string;
  role: Role;
}

/** Bearer tokens: 256 random bits, of which only the hash is kept. */
export class Tokens {
  readonly #known = new LRUCache<string, Bearer & { until: number }>({ max: 10_000 });

  /** @param bell rings when a token was withdrawn, or may have been: what was known is forgotten then */
  constructor(
    private readonly sql: Sql,
    private readonly bell: Bell,
  ) {
    bell.on('ring', () => {
      this.#known.clear();
    });
  }

  static async migrate(sql: Sql): Promise<void> {
    await sql`create schema if not exists identity`;
    await sql`create table if not exists identity.tokens (
      hash bytea primary key, person text not null, unit text not null, role text not null,
      made_at timestamptz not null default now(), until timestamptz not null, revoked_at timestamptz)`;
  }

  /** @returns the token, which is shown this once and kept nowhere */
  async issue({ person, unit, role }: Bearer, days: number): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.sql`insert into identity.tokens (hash, person, unit, role, until)
      values (${hash('sha256', token, 'buffer')}, ${person}, ${unit}, ${role}, now() + ${days} * interval '1 day')`;
    return token;
  }

  /** Withdraws all tokens of a person, at once and in every process. */
  async revoke(person: string): Promise<number> {
    return this.sql.begin(async (tx) => {
      const { count } = await tx`update identity.tokens set revoked_at = now()
        where person = ${person} and revoked_at is null`;
      await tx`select pg_notify('identity', '')`;
      return count;
    });
  }

  async bearer(token: string): Promise<Bearer | undefined> {
    await this.bell.listen();
    const known = hash('sha256', token);
    let found = this.#known.get(known);
    if (!found) {
      const [row] = await this.sql<(Bearer & { until: Date })[]>`
        select person, unit, role, until from identity.tokens
        where hash = ${Buffer.from(known, 'hex')} and revoked_at is null and until > now()`;
      if (!row) return undefined;
      found = { ...row, until: row.until.getTime() };
      this.#known.set(known, found);
    }
    return found.until > Date.now() ? found : undefined;
  }
}
