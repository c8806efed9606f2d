import { createHmac, hash, randomBytes } from 'node:crypto';
import { type SessionOf, type Stage } from '../../contracts/identity.js';
import { type Role } from '../../contracts/roles.js';
import { type Bell } from '../../platform/session.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { type Uuid } from '../../contracts/values.js';
import { Remembered } from './remembered.js';
import { type Whence } from './whence.js';

/** So much time there is to give the code. */
const CODE_SECONDS = 300;
/** That somebody is there is written down once in this time. */
const SEEN_MS = 60_000;

/** Who goes on as what. */
export interface Begun {
  person: string;
  /** Of a person who signed in by a local account, or has one. */
  account?: string;
  unit: string;
  role: Role;
  stage: Stage;
  /** Whether a second factor was given. */
  strong: boolean;
  lastSignIn?: Date;
  whence?: Whence;
}

/** A session as its owner sees it among the others. */
export interface Listed extends Whence {
  id: Uuid;
  hash: string;
  begunAt: Date;
  /** Written down once a minute. */
  seenAt: Date;
  until: Date;
}

/** A session as it is kept: what its id alone tells is not among it. */
export interface Kept extends Begun, Omit<SessionOf, 'csrf'> {
  madeAt: Date;
  /** Milliseconds since 1970. */
  seenAt: number;
  until: number;
}

export type Session = Kept & SessionOf;

/** How long sessions last, in milliseconds. */
export interface Lasting {
  idleMs: number;
  mostMs: number;
}

type Row = Omit<Kept, 'hash' | 'seenAt' | 'until' | 'account' | 'lastSignIn' | 'whence'> & {
  browser: string;
  address: string;
  account: string | null;
  lastSignIn: Date | null;
  seenAt: Date;
  until: Date;
};

/** Sessions of browsers. The id is 256 random bits, of which only the hash is kept. */
export class Sessions {
  readonly #known: Remembered<Session>;

  /** @param bell rings when a session has ended, in whichever process */
  constructor(
    private readonly sql: Sql,
    bell: Bell,
    readonly lasting: Lasting,
  ) {
    this.#known = new Remembered(bell);
  }

  /**
   * Always under a new id: one that somebody else may know is worth nothing afterwards.
   * @param instead the hash of the session that was there before, which ends
   * @param first done in the same transaction: it may still refuse, and tells of the sign-in before this
   * @returns the id
   */
  async begin(
    { person, account, unit, role, stage, strong, lastSignIn, whence }: Begun,
    instead?: string,
    first?: (tx: Tx) => Promise<Date | undefined>,
  ): Promise<string> {
    const id = randomBytes(32).toString('base64url');
    const { idleMs, mostMs } = this.lasting;
    const seconds = stage === 'code' ? Math.min(CODE_SECONDS, mostMs / 1000) : mostMs / 1000;
    await this.sql.begin(async (tx) => {
      const before = first ? await first(tx) : lastSignIn;
      await tx`delete from identity.sessions
        where until < now() or seen_at < now() - ${idleMs} * interval '1 millisecond'`;
      if (instead !== undefined) await endOne(tx, instead);
      await tx`insert into identity.sessions
          (hash, person, account, unit, role, stage, strong, until, last_sign_in, browser, address)
        values (${hash('sha256', id, 'buffer')}, ${person}, ${account ?? null}, ${unit}, ${role}, ${stage},
          ${strong}, now() + ${seconds} * interval '1 second', ${before ?? null},
          ${whence?.browser ?? ''}, ${whence?.address ?? ''})`;
    });
    return id;
  }

  /** A session goes on under a new id, until it would have ended. @returns the id, none where it has ended already */
  async renew(
    of: string,
    change: Partial<Pick<Begun, 'unit' | 'role' | 'stage' | 'strong'>>,
  ): Promise<string | undefined> {
    const id = randomBytes(32).toString('base64url');
    const { unit = null, role = null, stage = null, strong = null } = change;
    return this.sql.begin(async (tx) => {
      const { count } = await tx`update identity.sessions set
          hash = ${hash('sha256', id, 'buffer')}, seen_at = now(), unit = coalesce(${unit}, unit),
          role = coalesce(${role}, role), stage = coalesce(${stage}, stage),
          strong = coalesce(${strong}::boolean, strong)
        where hash = ${bytesOf(of)}`;
      await tx`select pg_notify('identity', ${of})`;
      return count === 1 ? id : undefined;
    });
  }

  /** Of whom the id is, as long as it lasts. */
  async find(id: string): Promise<Session | undefined> {
    const key = hash('sha256', id);
    const found = await this.#known.get(key, () => this.#read(key, id));
    if (!found) return undefined;
    const now = Date.now();
    if (found.until <= now || now - found.seenAt > this.lasting.idleMs) return undefined;
    if (now - found.seenAt > SEEN_MS) this.#seen(found, now);
    return found;
  }

  /** The session, past what is remembered. */
  async get(key: string): Promise<Kept | undefined> {
    const { idleMs } = this.lasting;
    const [row] = await this.sql<Row[]>`
      select person, account, unit, role, stage, strong, made_at as "madeAt", seen_at as "seenAt", until,
        last_sign_in as "lastSignIn", browser, address
      from identity.sessions where hash = ${bytesOf(key)} and until > now()
        and seen_at > now() - ${idleMs} * interval '1 millisecond'`;
    if (!row) return undefined;
    const { account, lastSignIn, seenAt, until, browser, address, ...rest } = row;
    return {
      ...{ ...rest, hash: key, seenAt: seenAt.getTime(), until: until.getTime() },
      whence: { browser, address },
      ...(account !== null && { account }),
      ...(lastSignIn !== null && { lastSignIn }),
    };
  }

  /** At once, in every process. @returns whether it was there */
  async end(key: string): Promise<boolean> {
    return this.sql.begin((tx) => endOne(tx, key));
  }

  /** All of a person, or all but one. @returns how many */
  async endAll(person: string, but?: string): Promise<number> {
    return this.sql.begin((tx) => endSessions(tx, person, but));
  }

  /** Those that a person has, the one used last first. */
  list(person: string): Promise<Listed[]> {
    return this.sql<Listed[]>`
      select id, encode(hash, 'hex') as hash, made_at as "begunAt", seen_at as "seenAt", until, browser, address
      from identity.sessions where person = ${person} and until > now()
        and seen_at > now() - ${this.lasting.idleMs} * interval '1 millisecond'
      order by seen_at desc, id`;
  }

  async count(person: string): Promise<number> {
    const [found] = await this.sql<{ n: number }[]>`
      select count(*)::int as n from identity.sessions where person = ${person} and until > now()`;
    return found?.n ?? 0;
  }

  async #read(key: string, id: string): Promise<Session | undefined> {
    const found = await this.get(key);
    return found && { ...found, csrf: csrfOf(id) };
  }

  /** Not waited for: where it fails, it is tried again by the next request. */
  #seen(session: Session, now: number): void {
    const before = session.seenAt;
    session.seenAt = now;
    this.sql`update identity.sessions set seen_at = now() where hash = ${bytesOf(session.hash)}`.catch(() => {
      session.seenAt = before;
    });
  }
}

/** Ends all sessions of a person, or all but one, within a change of which that is a part. */
export async function endSessions(tx: Tx, person: string, but = ''): Promise<number> {
  const { count } = await tx`delete from identity.sessions
    where person = ${person} and hash <> ${bytesOf(but)}`;
  await tx`select pg_notify('identity', '')`;
  return count;
}

async function endOne(tx: Tx, key: string): Promise<boolean> {
  const { count } = await tx`delete from identity.sessions where hash = ${bytesOf(key)}`;
  await tx`select pg_notify('identity', ${key})`;
  return count > 0;
}

/** Whoever does not have the id cannot find it, nor the id from it. */
export const csrfOf = (id: string): string => createHmac('sha256', id).update('csrf').digest('base64url');

const bytesOf = (key: string): Buffer => Buffer.from(key, 'hex');
