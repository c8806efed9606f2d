import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { refuse } from '../../contracts/refusal.js';
import { type Sql } from '../../platform/sql.js';
import { networkOf } from '../sessions/whence.js';

/** So many may fail before there is a wait: 15 s, and twice as long each time, up to 15 minutes. */
export const FREE = 5;
const FIRST_SECONDS = 15;
const LONGEST_SECONDS = 900;
/** From one address so many may fail in this time, in milliseconds: offices share one. */
export const ADDRESS_FREE = 50;
const ADDRESS_MS = 600_000;

/**
 * Slows guessing down: by account, in the database, and by address, in this process. Names that nobody has are counted
 * as others are, so that nothing tells them apart.
 */
export class Throttle {
  readonly #addresses = new LRUCache<string, { failures: number }>({ max: 50_000, ttl: ADDRESS_MS });
  #swept = 0;

  constructor(private readonly sql: Sql) {}

  /** @throws Refusal auth/too-many */
  assertAddress(address: string): void {
    if ((this.#addresses.get(networkOf(address))?.failures ?? 0) >= ADDRESS_FREE) refuse('auth/too-many');
  }

  failedFrom(address: string): void {
    const network = networkOf(address);
    const known = this.#addresses.get(network);
    if (known) known.failures += 1;
    else this.#addresses.set(network, { failures: 1 });
  }

  /**
   * Counts an attempt as failed before it is looked at: of many at once no more get through than one after the other.
   * @returns whether it may be looked at
   */
  async begin(what: string): Promise<boolean> {
    await this.#sweep();
    const rows = await this.sql`
      insert into identity.failures as f (key, failures, last_at, locked_until)
      values (${keyOf(what)}, 1, now(), now())
      on conflict (key) do update set
        last_at = now(),
        failures = f.failures + 1,
        locked_until = case when f.failures + 1 < ${FREE} then now()
          else now() + least(${FIRST_SECONDS} * 2 ^ least(f.failures + 1 - ${FREE}, 10), ${LONGEST_SECONDS})
            * interval '1 second' end
      where f.locked_until <= now()
      returning failures`;
    return rows.length > 0;
  }

  async succeeded(what: string): Promise<void> {
    await this.sql`delete from identity.failures where key = ${keyOf(what)}`;
  }

  /** Once an hour: names that were tried a day ago are forgotten. */
  async #sweep(): Promise<void> {
    if (Date.now() - this.#swept < 3_600_000) return;
    this.#swept = Date.now();
    await this.sql`delete from identity.failures where last_at < now() - interval '1 day'`;
  }
}

/** What was typed as a name may be a password: it is not kept. */
const keyOf = (what: string): Buffer => hash('sha256', what, 'buffer');
