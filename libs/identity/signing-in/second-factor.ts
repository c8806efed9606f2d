import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { refuse } from '../../contracts/refusal.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { type Account } from '../accounts/accounts.js';
import { closed, opened } from './box.js';

const ISSUER = 'Xiaohao';
const SECRET_BYTES = 20;
/** Recovery codes at once, of so many letters and digits (80 bits). */
export const RECOVERY_CODES = 10;
const LETTERS = 16;
/** A telephone's clock may be one step off, either way. */
const WINDOW = 1;

export interface Enrolment {
  /** `otpauth://totp/…`, as apps read it from a picture. */
  uri: string;
  /** In base32, to be typed. */
  secret: string;
}

/** One-time codes of an app (RFC 6238), and codes for when the telephone is lost. */
export class SecondFactor {
  /**
   * @param key under which the apps' secrets stand in the database
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly sql: Sql,
    private readonly key: KeyObject,
    private readonly now: () => number = Date.now,
  ) {}

  /** Begins: it counts only once a code of it was given. What was before it counts until then. */
  async enrol({ id, name }: Account): Promise<Enrolment> {
    const secret = randomBytes(SECRET_BYTES);
    const box = closed(this.key, secret, id);
    await this.sql`update identity.accounts set totp_waiting = ${box} where id = ${id}`;
    const app = appOf(secret, name);
    return { uri: app.toString(), secret: app.secret.base32 };
  }

  /**
   * @returns recovery codes, shown this once, and those of before are worth nothing; none where the code is wrong
   * @throws Refusal account/second-factor-missing
   */
  async confirm({ id }: Account, code: string): Promise<string[] | undefined> {
    const [row] = await this.sql<{ box: Buffer | null }[]>`
      select totp_waiting as box from identity.accounts where id = ${id}`;
    const box = row?.box ?? refuse('account/second-factor-missing');
    const step = this.#stepOf(box, id, code);
    if (step === undefined) return undefined;
    const codes = Array.from({ length: RECOVERY_CODES }, recoveryCode);
    await this.sql.begin(async (tx) => {
      const { count } = await tx`
        update identity.accounts set totp = totp_waiting, totp_waiting = null, totp_step = ${step}
        where id = ${id} and totp_waiting = ${box}`;
      if (count === 0) refuse('account/second-factor-missing');
      await tx`delete from identity.recovery_codes where account = ${id}`;
      const hashes = codes.map((one) => this.#hashOf(id, one).toString('hex'));
      await tx`insert into identity.recovery_codes (hash, account)
        select decode(one, 'hex'), ${id} from unnest(${hashes}::text[]) one`;
    });
    return codes;
  }

  /** Whether it is a code of the account, not used before. Each counts once. */
  async matches({ id, totp }: Account, code: string): Promise<boolean> {
    if (!totp) return false;
    if (!/^\d{6}$/.test(code)) return this.#recovers(id, code);
    const step = this.#stepOf(totp, id, code);
    if (step === undefined) return false;
    const { count } = await this.sql`
      update identity.accounts set totp_step = ${step} where id = ${id} and totp_step < ${step}`;
    return count === 1;
  }

  async #recovers(id: Uuid, code: string): Promise<boolean> {
    const { count } = await this.sql`update identity.recovery_codes set used_at = now()
      where hash = ${this.#hashOf(id, code)} and account = ${id} and used_at is null`;
    return count === 1;
  }

  /** Of which step of time it is a code. */
  #stepOf(box: Buffer, id: Uuid, code: string): number | undefined {
    const app = appOf(opened(this.key, box, id), '');
    const timestamp = this.now();
    const delta = app.validate({ token: code, timestamp, window: WINDOW });
    return delta === null ? undefined : app.counter({ timestamp }) + delta;
  }

  /** Whoever has the database only cannot try codes on it. */
  #hashOf(id: Uuid, code: string): Buffer {
    const plain = code.toUpperCase().replaceAll('-', '');
    return createHmac('sha256', this.key).update(`recovery ${id} ${plain}`).digest();
  }
}

function appOf(secret: Uint8Array, label: string): TOTP {
  const bytes = Uint8Array.from(secret);
  return new TOTP({ issuer: ISSUER, label, secret: new Secret({ buffer: bytes.buffer }) });
}

function recoveryCode(): string {
  const { base32 } = new Secret({ size: (LETTERS * 5) / 8 });
  return base32.replace(/(.{4})(?=.)/g, '$1-');
}
