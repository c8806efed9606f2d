import { hash, randomBytes } from 'node:crypto';
import { type TokenScope } from '../../contracts/identity.js';
import { type Role } from '../../contracts/roles.js';
import { type Bell } from '../../platform/session.js';
import { type Sql } from '../../platform/sql.js';
import { Remembered } from './remembered.js';

/** An appointment that a token speaks for. */
export interface Bearer {
  person: string;
  unit: string;
  role: Role;
}

interface Found extends Bearer {
  scope: TokenScope;
  /** Milliseconds since 1970. */
  until: number;
}

/** Bearer tokens: 256 random bits, of which only the hash is kept. */
export class Tokens {
  readonly #known: Remembered<Found>;

  /** @param bell rings when a token was withdrawn, or may have been: what was known is forgotten then */
  constructor(
    private readonly sql: Sql,
    bell: Bell,
  ) {
    this.#known = new Remembered(bell);
  }

  static async migrate(sql: Sql): Promise<void> {
    await sql`create schema if not exists identity`;
    await sql`create table if not exists identity.tokens (
      hash bytea primary key, person text not null, unit text not null, role text not null,
      made_at timestamptz not null default now(), until timestamptz not null, revoked_at timestamptz)`;
    await sql`alter table identity.tokens add column if not exists scope text not null default 'all'`;
  }

  /** @returns the token, which is shown this once and kept nowhere */
  async issue({ person, unit, role }: Bearer, days: number, scope: TokenScope = 'all'): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.sql`insert into identity.tokens (hash, person, unit, role, until, scope)
      values (${hash('sha256', token, 'buffer')}, ${person}, ${unit}, ${role},
        now() + ${days} * interval '1 day', ${scope})`;
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

  /** Those of a person that end within so many days, the first to end first. */
  ending(person: string, days: number): Promise<(Omit<Bearer, 'person'> & { until: Date })[]> {
    return this.sql`
      select unit, role, until from identity.tokens
      where person = ${person} and revoked_at is null and until > now() and until < now() + ${days} * interval '1 day'
      order by until limit 100`;
  }

  async bearer(token: string): Promise<(Bearer & { scope: TokenScope }) | undefined> {
    const key = hash('sha256', token);
    const found = await this.#known.get(key, async () => {
      const [row] = await this.sql<(Bearer & { scope: TokenScope; until: Date })[]>`
        select person, unit, role, scope, until from identity.tokens
        where hash = ${Buffer.from(key, 'hex')} and revoked_at is null and until > now()`;
      return row && { ...row, until: row.until.getTime() };
    });
    return found && found.until > Date.now() ? found : undefined;
  }
}
