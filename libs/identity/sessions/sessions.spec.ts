import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Bell } from '../../platform/session.js';
import { Remembered } from './remembered.js';
import { migrateIdentity } from '../schema.js';
import { type Begun, csrfOf, Sessions } from './sessions.js';

const li: Begun = { person: 'li', unit: 'hill-office', role: 'handler', stage: 'whole', strong: false };
const lasting = { idleMs: 1_800_000, mostMs: 43_200_000 };

let database: TestDatabase;
let bells: Bell[];
let [here, there]: Sessions[] = [];
beforeAll(async () => {
  database = await createDatabase();
  await migrateIdentity(database.sql);
  bells = [new Bell(database.app, 'identity'), new Bell(database.app, 'identity')];
  [here, there] = bells.map((bell) => new Sessions(database.sql, bell, lasting));
});
beforeEach(() => database.sql`delete from identity.sessions`);
afterAll(async () => {
  await Promise.all(bells.map((bell) => bell.end()));
  await database.drop();
});

const both = (): [Sessions, Sessions] => {
  if (!here || !there) throw new Error('not begun');
  return [here, there];
};
/** Another process hears of it a moment later. */
async function gone(sessions: Sessions, id: string): Promise<boolean> {
  for (let look = 0; look < 200; look++) {
    if (!(await sessions.find(id))) return true;
    await pause(10);
  }
  return false;
}

describe('a session', () => {
  test('is known in every process, and ends in every one', async () => {
    const [one, other] = both();
    const [id, kept] = [await one.begin(li), await one.begin(li)];
    for (const sessions of [one, other]) expect(await sessions.find(id)).toMatchObject(li);
    expect(await one.end(hash('sha256', id))).toBe(true);
    expect(await gone(other, id)).toBe(true);
    expect(await gone(one, id)).toBe(true);
    expect(await other.find(kept)).toMatchObject(li);
    expect(await one.endAll('li')).toBe(1);
    expect(await gone(other, kept)).toBe(true);
  });

  test('goes on under another id with the end that it had', async () => {
    const [one, other] = both();
    const id = await one.begin(li);
    const before = await other.find(id);
    const next = (await one.renew(hash('sha256', id), { role: 'reviewer' })) ?? '';
    expect(await gone(other, id)).toBe(true);
    const after = await other.find(next);
    expect(after).toMatchObject({ role: 'reviewer', unit: 'hill-office', until: before?.until });
    expect(after?.csrf).toBe(csrfOf(next));
    expect(after?.csrf).not.toBe(before?.csrf);
    expect(await one.renew(hash('sha256', id), {})).toBeUndefined();
  });

  test('that waits for a code does not wait long', async () => {
    const [one] = both();
    const id = await one.begin({ ...li, stage: 'code' });
    const found = await one.find(id);
    expect((found?.until ?? Infinity) - Date.now()).toBeLessThanOrEqual(300_000);
  });

  test('that was seen more than a minute ago is seen anew', async () => {
    const [one] = both();
    const id = await one.begin(li);
    await database.sql`update identity.sessions set seen_at = now() - interval '2 minutes'`;
    expect(await one.find(id)).toMatchObject(li);
    const seen = async (): Promise<number> => {
      const [row] = await database.sql<{ at: Date }[]>`select seen_at as at from identity.sessions`;
      return row?.at.getTime() ?? 0;
    };
    for (let look = 0; look < 200 && Date.now() - (await seen()) > 60_000; look++) await pause(10);
    expect(Date.now() - (await seen())).toBeLessThan(60_000);
  });

  test('is not found by its hash, nor by anything that was not given out', async () => {
    const [one] = both();
    const id = await one.begin(li);
    expect(await one.find(hash('sha256', id))).toBeUndefined();
    expect(await one.find(randomBytes(32).toString('base64url'))).toBeUndefined();
  });
});

test('under load too no id comes twice, and each has all its bits', async () => {
  const [one] = both();
  const ids = await Promise.all(Array.from({ length: 400 }, () => one.begin(li)));
  const drawn = Array.from({ length: 200_000 }, () => randomBytes(32).toString('base64url'));
  expect(new Set([...ids, ...drawn]).size).toBe(ids.length + drawn.length);
  expect(ids.every((id) => /^[\w-]{43}$/.test(id))).toBe(true);
});

describe('what is remembered', () => {
  const bell = Object.assign(new EventEmitter(), { listen: () => Promise.resolve() }) as unknown as Bell;
  const found = { some: 'thing' };

  test('is asked for once, until the bell rings for it or for all', async () => {
    const remembered = new Remembered<typeof found>(bell);
    let asked = 0;
    const ask = (): Promise<typeof found> => Promise.resolve((asked++, found));
    const counts: number[] = [];
    for (const word of [undefined, 'other', 'key', '']) {
      if (word !== undefined) bell.emit('ring', word);
      await remembered.get('key', ask);
      await remembered.get('key', ask);
      counts.push(asked);
    }
    expect(counts).toEqual([1, 1, 2, 3]);
  });

  // To see it fail: remember whatever was found.
  test('is not what was withdrawn while the answer was under way', async () => {
    const remembered = new Remembered<typeof found>(bell);
    await remembered.get('key', () => {
      bell.emit('ring', 'key');
      return Promise.resolve(found);
    });
    expect(await remembered.get('key', () => Promise.resolve(undefined))).toBeUndefined();
  });
});
