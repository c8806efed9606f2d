import { hash, randomBytes } from 'node:crypto';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { codeOf } from '../../platform/fault.js';
import { endSessions } from '../sessions/sessions.js';

/** So long a set-up link is good for. */
const LINK_HOURS = 24;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;
const TAKEN = '23505';

export interface Account {
  id: Uuid;
  name: string;
  person: string;
  /** As argon2id writes it; none before the set-up link was used. */
  password: string | null;
  totp: Buffer | null;
  disabled: boolean;
  signedInAt: Date | null;
}

/** What administrators see of an account. */
export interface AccountSeen {
  id: Uuid;
  name: string;
  person: string;
  disabled: boolean;
  /** Whether a password has been chosen. */
  setUp: boolean;
  secondFactor: boolean;
  lastSignIn?: string;
}

/** A link that is shown once. Its token stands behind a `#`: no server or proxy logs it. */
export interface SetUpLink {
  account: Uuid;
  token: string;
  until: string;
}

/** As it is handed over; a path where it is not known how the service is addressed. */
export const setUpLink = (url: string | undefined, token: string): string => `${url ?? ''}/set-up#${token}`;

/** How a name is compared: whether capital, wide or composed, it is the same. */
export const plainName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** Local accounts, one a person. */
export class Accounts {
  constructor(private readonly sql: Sql) {}

  /** Whether anybody can sign in yet. */
  async any(): Promise<boolean> {
    const [found] = await this.sql<{ some: boolean }[]>`
      select exists (select from identity.accounts where password is not null)
        or exists (select from identity.links) as some`;
    return found?.some ?? false;
  }

  /**
   * @returns a link by which its owner sets it up
   * @throws Refusal account/exists, input/invalid
   */
  async make(person: string, name: string): Promise<SetUpLink> {
    const plain = plainName(name);
    if (!NAME.test(plain))
      invalid('name', 'matches', 'The name has letters, digits, and . _ @ - between them');
    try {
      return await this.sql.begin(async (tx) => {
        const [made] = await tx<{ id: Uuid }[]>`
          insert into identity.accounts (name, person) values (${plain}, ${person}) returning id`;
        return linkFor(tx, made?.id ?? '');
      });
    } catch (error) {
      if (codeOf(error) === TAKEN) refuse('account/exists');
      throw error;
    }
  }

  async named(name: string): Promise<Account | undefined> {
    const [found] = await this.sql<Account[]>`
      select ${this.#columns()} from identity.accounts where name = ${plainName(name)}`;
    return found;
  }

  async of(person: string): Promise<Account | undefined> {
    const [found] = await this.sql<Account[]>`
      select ${this.#columns()} from identity.accounts where person = ${person}`;
    return found;
  }

  /** @throws Refusal account/unknown */
  async get(id: Uuid): Promise<Account> {
    const [found] = await this.sql<Account[]>`
      select ${this.#columns()} from identity.accounts where id = ${id}`;
    return found ?? refuse('account/unknown');
  }

  /** By name, from behind one of them. */
  async page(limit: number, after = ''): Promise<AccountSeen[]> {
    const rows = await this.sql<Account[]>`
      select ${this.#columns()} from identity.accounts where name > ${after} order by name limit ${limit}`;
    return rows.map(seen);
  }

  /** Nobody signs in with it any more, and whoever has is signed out. */
  async disable({ id, person }: Account): Promise<void> {
    await this.sql.begin(async (tx) => {
      await tx`update identity.accounts set disabled_at = coalesce(disabled_at, now()) where id = ${id}`;
      await tx`delete from identity.set_ups where account = ${id}`;
      await endSessions(tx, person);
    });
  }

  async enable({ id }: Account): Promise<void> {
    await this.sql`update identity.accounts set disabled_at = null where id = ${id}`;
  }

  /** Password and second factor are worth nothing any more; whoever has signed in is signed out. */
  async reset({ id, person }: Account): Promise<SetUpLink> {
    return this.sql.begin(async (tx) => {
      await tx`update identity.accounts set password = null, totp = null, totp_waiting = null where id = ${id}`;
      await tx`delete from identity.recovery_codes where account = ${id}`;
      await endSessions(tx, person);
      return linkFor(tx, id);
    });
  }

  /** Of whom the link is, without using it up. @throws Refusal auth/set-up */
  async meant(token: string): Promise<Account> {
    const [found] = await this.sql<{ account: Uuid }[]>`
      select account from identity.set_ups
      where hash = ${hashOf(token)} and used_at is null and until > now()`;
    if (!found) return refuse('auth/set-up');
    const account = await this.get(found.account);
    return account.disabled ? refuse('auth/set-up') : account;
  }

  /** Uses the link up. @throws Refusal auth/set-up */
  async setUp(token: string, { id, person }: Account, password: string): Promise<void> {
    await this.sql.begin(async (tx) => {
      const { count } = await tx`update identity.set_ups set used_at = now()
        where hash = ${hashOf(token)} and used_at is null and until > now()`;
      if (count === 0) refuse('auth/set-up');
      await tx`update identity.accounts set password = ${password} where id = ${id}`;
      await endSessions(tx, person);
    });
  }

  /** @param but the session that goes on */
  async setPassword({ id, person }: Account, password: string, but: string): Promise<void> {
    await this.sql.begin(async (tx) => {
      await tx`update identity.accounts set password = ${password} where id = ${id}`;
      await endSessions(tx, person, but);
    });
  }

  /** The same password, hashed at a higher cost; unless it was changed meanwhile. */
  async rehash({ id, password }: Account, anew: string): Promise<void> {
    await this
      .sql`update identity.accounts set password = ${anew} where id = ${id} and password = ${password}`;
  }

  /**
   * Notes a sign-in, in the transaction in which its session begins: whoever disables or resets the account meanwhile
   * either comes first, and it is refused, or comes after, and the session ends.
   * @returns when it was the last time
   * @throws Refusal auth/refused
   */
  async signedIn(tx: Tx, { id, password }: Account): Promise<Date | undefined> {
    const [found] = await tx<{ before: Date | null }[]>`
      update identity.accounts a set signed_in_at = now()
      from (select id, signed_in_at from identity.accounts where id = ${id} for update) b
      where a.id = b.id and a.disabled_at is null and a.password is not distinct from ${password}
      returning b.signed_in_at as before`;
    return (found ?? refuse('auth/refused')).before ?? undefined;
  }

  /** Whom a sign-in service means. */
  async linked(issuer: string, subject: string): Promise<string | undefined> {
    const [found] = await this.sql<{ person: string }[]>`
      select person from identity.links where issuer = ${issuer} and subject = ${subject}`;
    return found?.person;
  }

  /** @throws Refusal account/exists where it means somebody else */
  async link(issuer: string, subject: string, person: string): Promise<void> {
    const [found] = await this.sql<{ person: string }[]>`
      insert into identity.links (issuer, subject, person) values (${issuer}, ${subject}, ${person})
      on conflict (issuer, subject) do update set person = identity.links.person returning person`;
    if (found?.person !== person) refuse('account/exists');
  }

  #columns() {
    return this.sql`id, name, person, password, totp, disabled_at is not null as disabled,
      signed_in_at as "signedInAt"`;
  }
}

export function seen({ id, name, person, disabled, password, totp, signedInAt }: Account): AccountSeen {
  return {
    ...{ id, name, person, disabled, setUp: password !== null, secondFactor: totp !== null },
    ...(signedInAt && { lastSignIn: signedInAt.toISOString() }),
  };
}

/** The link of before is worth nothing then. */
async function linkFor(tx: Tx, account: Uuid): Promise<SetUpLink> {
  const token = randomBytes(32).toString('base64url');
  await tx`delete from identity.set_ups where account = ${account}`;
  const [made] = await tx<{ until: Date }[]>`
    insert into identity.set_ups (hash, account, until)
    values (${hashOf(token)}, ${account}, now() + ${LINK_HOURS} * interval '1 hour') returning until`;
  return { account, token, until: made?.until.toISOString() ?? '' };
}

const hashOf = (token: string): Buffer => hash('sha256', token, 'buffer');
