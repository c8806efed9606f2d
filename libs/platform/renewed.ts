import { setImmediate as turn } from 'node:timers/promises';
import type postgres from 'postgres';

/** A pool that has lost a connection still has this long for what is under way in it, in milliseconds. */
const REST_MS = 60_000;
/** And at the end of all, in seconds. */
const LAST_REST_S = 1;

type Act = (tx: postgres.TransactionSql) => Promise<unknown>;

/**
 * A pool that is made anew whenever it has lost a connection. postgres.js 3.4.9 does not get over that by itself:
 * - What was about to be written when the connection closed stays in its buffer, and the connection made in its place
 *   does not speak until it times out: a pool that has lost one gets no new work, and is ended when it has done its own.
 * - A transaction that fails because its connection has gone is rolled back on that connection, which throws where
 *   nobody can catch it and ends the process (porsager/postgres#1208): it is not rolled back by us, but by the server.
 * @param make a pool that calls `lost` when a connection closes
 */
export function renewed(make: (lost: () => void) => postgres.Sql): postgres.Sql {
  let ended = false;
  const retired = new Set<postgres.Sql>();
  let current = fresh();

  function fresh(): postgres.Sql {
    const pool: postgres.Sql = make(() => {
      if (ended || pool !== current) return;
      current = fresh();
      retired.add(pool);
      const timer = setTimeout(() => {
        retired.delete(pool);
        void pool.end({ timeout: 0 });
      }, REST_MS);
      timer.unref();
    });
    return pool;
  }

  async function end(options: { timeout?: number } = {}): Promise<void> {
    ended = true;
    const { timeout = LAST_REST_S } = options;
    const old = [...retired].map((pool) => pool.end({ timeout: Math.min(timeout, LAST_REST_S) }));
    await Promise.all([current.end(options), ...old]);
  }

  const replaced = { begin: (...given: [Act] | [string, Act]) => begin(current, given), end };
  return new Proxy(current, {
    apply: (_, __, given) => Reflect.apply(current, undefined, given) as unknown,
    get: (_, name) => {
      if (Object.hasOwn(replaced, name)) return replaced[name as keyof typeof replaced];
      const value: unknown = Reflect.get(current, name);
      return typeof value === 'function' ? (value.bind(current) as unknown) : value;
    },
  });
}

/** Begins as postgres.js does, but leaves a transaction alone whose connection has gone. */
async function begin(pool: postgres.Sql, given: [Act] | [string, Act]): Promise<unknown> {
  const act = given[given.length - 1] as Act;
  const options = given.length === 2 ? given[0] : '';
  let over = false;
  const still = <T>(value: T): T => {
    if (over) throw new Error('the transaction is over');
    return value;
  };
  try {
    return await pool.begin(options, async (tx) => {
      const open = new Proxy(tx, {
        apply: (_, __, args) => Reflect.apply(still(tx), undefined, args) as unknown,
        get: (_, name) => Reflect.get(still(tx), name) as unknown,
      });
      try {
        return await act(open);
      } catch (error) {
        // Its connection tells that it is gone within two turns: then the whole has failed already.
        await turn();
        await turn();
        if (over) return await new Promise(() => undefined);
        throw error;
      }
    });
  } finally {
    over = true;
  }
}
