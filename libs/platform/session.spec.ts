import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createLogDatabase, type TestDatabase } from '../../test/support/database.js';
import { PostgresLog } from '../adapters/postgres-log/postgres-log.js';
import { Unavailable } from '../eventing/store.js';
import { Bell, Ears, Session } from './session.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createLogDatabase();
});
afterAll(() => database.drop());

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  while (ends.length > 0) await ends.pop()?.();
});

const LISTENING = `query = 'listen log'`;

/** Ends the server's side of all connections of the application, or of those that fit. */
async function terminate(which = 'true'): Promise<number> {
  const { count } = await database.admin.unsafe(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = 'xiaohao_app' and pid <> pg_backend_pid() and ${which}`);
  return count;
}

describe('a session', () => {
  test('does again what holds only as long as its connection, whenever that was lost', async () => {
    const doings: string[] = [];
    let entered: () => void = () => undefined;
    const session = new Session(database.app, {
      enter: async (sql) => {
        await sql`select pg_advisory_lock(1)`;
        doings.push('enter');
        entered();
      },
      lost: () => {
        doings.push('lost');
        return Promise.resolve();
      },
    });
    ends.push(() => session.end());
    await session.open();
    for (let n = 0; n < 3; n++) {
      const again = new Promise<void>((resolve) => (entered = resolve));
      expect(await terminate(`query like '%pg_advisory_lock(1)%'`)).toBe(1);
      await again;
    }
    expect(doings).toEqual(['enter', ...Array.from({ length: 3 }, () => ['lost', 'enter']).flat()]);
    const holders =
      await database.admin`select from pg_locks where locktype = 'advisory' and objid = 1 and granted`;
    expect(holders).toHaveLength(1);
  });

  test('tries until it can: what was lost may take its time to come back', async () => {
    let tries = 0;
    let entered: () => void = () => undefined;
    const again = new Promise<void>((resolve) => (entered = resolve));
    const session = new Session(database.app, {
      enter: async (sql) => {
        await sql`select 'tries'`;
        if (tries > 0) entered();
      },
      lost: () => (++tries < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    });
    ends.push(() => session.end());
    await session.open();
    await terminate(`query = $q$select 'tries'$q$`);
    await again;
    expect(tries).toBe(3);
  });

  test('that cannot be entered says so the first time', async () => {
    const session = new Session(database.app, { enter: () => Promise.reject(new Error('taken')) });
    ends.push(() => session.end());
    await expect(session.open()).rejects.toThrow('taken');
  });
});

describe('a bell', () => {
  test('rings when it is notified, and by itself when something may have been missed', async () => {
    const bell = new Bell(database.app, 'log');
    ends.push(() => bell.end());
    await bell.listen();
    for (let n = 0; n < 3; n++) {
      const notified = once(bell, 'ring');
      await database.sql`select pg_notify('log', '')`;
      await notified;
      const missed = once(bell, 'ring');
      expect(await terminate(LISTENING)).toBe(1);
      await missed;
    }
  });
});

describe('the bells of a process', () => {
  const listening = async (): Promise<number> => {
    const [row] = await database.admin<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where datname = current_database() and query ^@ 'listen'`;
    return row?.n ?? -1;
  };
  const signingIn = (allowed: boolean): Promise<unknown> =>
    database.admin.unsafe(
      `alter role ${(database.app as { user: string }).user} ${allowed ? '' : 'no'}login`,
    );
  const channels = ['log', 'ledger', 'register'] as const;

  test('have one connection, and each hears its own channel, whenever it came and however often the line was cut', async () => {
    const ears = new Ears(database.app);
    const [first, ...others] = channels.map((channel) => new Bell(ears, channel));
    const bells = [first as Bell, ...others];
    ends.push(() => Promise.all(bells.map((bell) => bell.end())));
    const heard: string[] = [];
    for (const bell of bells) bell.on('ring', (word: string) => heard.push(`${bell.channel}:${word}`));
    await first?.listen();
    await Promise.all(others.map((bell) => bell.listen()));
    expect(await listening()).toBe(1);
    for (let n = 0; n < 3; n++) {
      heard.length = 0;
      for (const bell of bells) {
        const rung = once(bell, 'ring');
        await database.sql`select pg_notify(${bell.channel}, ${String(n)})`;
        await rung;
      }
      expect(heard).toEqual(channels.map((channel) => `${channel}:${n}`));
      const missed = Promise.all(bells.map((bell) => once(bell, 'ring')));
      expect(await terminate(`query ^@ 'listen'`)).toBe(1);
      await missed;
    }
  });

  test('are not heard before they listen; what cannot be entered is told, and tried again by whoever listens next', async () => {
    const ears = new Ears(database.app);
    const [bell, other] = [new Bell(ears, 'log'), new Bell(ears, 'ledger')];
    ends.push(() => Promise.all([bell.end(), other.end()]));
    const heard: string[] = [];
    other.on('ring', (word: string) => heard.push(word));
    await signingIn(false);
    await expect(bell.listen()).rejects.toThrow();
    await signingIn(true);
    await bell.listen();
    const rung = once(bell, 'ring');
    await database.sql`select pg_notify('ledger', 'early'), pg_notify('log', '')`;
    await rung;
    expect(heard).toEqual([]);
    await other.listen();
    expect(heard).toEqual(['']);
  });

  test('let the connection go with the last of them', async () => {
    const ears = new Ears(database.app);
    const [one, other] = [new Bell(ears, 'log'), new Bell(ears, 'ledger')];
    await Promise.all([one.listen(), other.listen()]);
    await one.end();
    const rung = once(other, 'ring');
    await database.sql`select pg_notify('ledger', '')`;
    await rung;
    await other.end();
    // The server takes leave a moment after it was told.
    while ((await listening()) > 0) await pause(5);
  });
});

describe('whoever follows the log', () => {
  const noted = () => ({ id: randomUUID(), type: 'Noted', data: '{}', meta: '{}' });

  test('sleeps over nothing, whenever connections are lost', async () => {
    const [followed, appended] = [new PostgresLog(database.app), new PostgresLog(database.app)];
    ends.push(
      () => followed.close(),
      () => appended.close(),
    );
    const TOTAL = 40;
    const stop = new AbortController();
    const seen: string[] = [];
    const told: (() => void)[] = [];
    const following = (async () => {
      let position: string | undefined;
      while (seen.length < TOTAL) {
        try {
          for await (const page of followed.follow(position, stop.signal)) {
            seen.push(...page.events.map(({ id }) => id));
            position = page.next;
            told.splice(0).forEach((tell) => {
              tell();
            });
            if (seen.length >= TOTAL) break;
          }
        } catch (error) {
          // Reading that was cut is begun again where it was, as a worker does.
          if (!(error instanceof Unavailable)) throw error;
        }
      }
    })();
    const written: string[] = [];
    for (let n = 0; n < TOTAL; n++) {
      const event = noted();
      const heard = new Promise<void>((resolve) => told.push(resolve));
      // Every other time the follower's ear is cut off right before or while something is said.
      const cut = n % 2 === 0 ? terminate(n % 4 === 0 ? LISTENING : 'true') : Promise.resolve();
      if (n % 3 === 0) await cut;
      await append(appended, event);
      await cut;
      written.push(event.id);
      while (!seen.includes(event.id)) await Promise.race([heard, following]);
    }
    await following;
    expect(seen).toEqual(written);

    async function append(log: PostgresLog, event: ReturnType<typeof noted>): Promise<void> {
      const stream = `case-${event.id}`;
      for (;;) {
        try {
          await log.append(stream, -1, [event]);
          return;
        } catch (error) {
          // Cut as well: perhaps written. The same append again answers as the first time.
          if (!['OutcomeUnknown', 'Unavailable'].includes((error as Error).name)) throw error;
        }
      }
    }
  });
});
