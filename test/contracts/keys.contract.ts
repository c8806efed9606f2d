import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { Erased } from '../../libs/sealing/errors.js';
import { type Erasure, type Keys, type Note, type WrappedKey } from '../../libs/sealing/keys.js';

export interface OpenedKeys {
  keys: Keys;
  /** The same keys as another process has them. */
  elsewhere: Keys;
  close: () => Promise<void>;
}

const fresh = (holder: string = randomUUID(), version = 1): WrappedKey => ({
  holder,
  version,
  bytes: randomBytes(68),
});

const noteOf = ({ holder }: WrappedKey, other: Partial<Note> = {}): Note => ({
  kind: 'name',
  index: randomBytes(32).toString('base64url'),
  holder,
  caseId: randomUUID(),
  ...other,
});
const placeOf = ({ holder, caseId }: Note): Pick<Note, 'holder' | 'caseId'> => ({ holder, caseId });

/** What every keeper of keys must do. */
export function keysContract(name: string, open: () => Promise<OpenedKeys>): void {
  describe(`${name} keeps keys:`, () => {
    let keys: Keys;
    let elsewhere: Keys;
    let close: () => Promise<void>;
    beforeAll(async () => ({ keys, elsewhere, close } = await open()));
    afterAll(() => close());

    test('a holder has no key until one is made', async () => {
      expect(await keys.get(randomUUID())).toBeUndefined();
      expect(await keys.get(randomUUID(), 1)).toBeUndefined();
    });

    test('any of the keys is given that are there', async () => {
      const empty = await open();
      try {
        expect(await empty.keys.any()).toBeUndefined();
        const key = fresh();
        await empty.keys.create(key);
        expect(await empty.elsewhere.any()).toEqual(key);
        await empty.keys.erase(key.holder);
        expect(await empty.elsewhere.any()).toBeUndefined();
      } finally {
        await empty.close();
      }
    });

    test('a key comes back as it was made', async () => {
      const key = fresh();
      expect(await keys.create(key)).toEqual(key);
      expect(await elsewhere.get(key.holder)).toEqual(key);
      expect(await elsewhere.get(key.holder, 1)).toEqual(key);
    });

    test('the key that was made first stands', async () => {
      const key = fresh();
      await keys.create(key);
      expect(await elsewhere.create(fresh(key.holder))).toEqual(key);
      expect(await keys.get(key.holder)).toEqual(key);
    });

    test('all who make one at once end with the same', async () => {
      const holder = randomUUID();
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? keys : elsewhere).create(fresh(holder))),
      );
      const standing = await keys.get(holder);
      for (const one of made) expect(one).toEqual(standing);
    });

    test('the newest version is taken, and each found by its number', async () => {
      const first = fresh();
      const second = fresh(first.holder, 2);
      await keys.create(first);
      await keys.create(second);
      expect(await keys.get(first.holder)).toEqual(second);
      expect(await keys.get(first.holder, 1)).toEqual(first);
      expect(await keys.get(first.holder, 3)).toBeUndefined();
    });

    test('an erased holder has no key of any version and gets none', async () => {
      const key = fresh();
      await keys.create(key);
      await keys.create(fresh(key.holder, 2));
      await keys.erase(key.holder);
      for (const at of [keys, elsewhere]) {
        await expect(at.get(key.holder)).rejects.toThrow(Erased);
        await expect(at.get(key.holder, 1)).rejects.toThrow(Erased);
        await expect(at.get(key.holder, 9)).rejects.toThrow(Erased);
        await expect(at.create(key)).rejects.toThrow(Erased);
        await expect(at.create(fresh(key.holder, 3))).rejects.toThrow(Erased);
      }
    });

    test('who is erased before having a key never gets one', async () => {
      const holder = randomUUID();
      await keys.erase(holder);
      await expect(elsewhere.create(fresh(holder))).rejects.toThrow(Erased);
    });

    test('other holders keep theirs', async () => {
      const key = fresh();
      await keys.create(key);
      await keys.erase(randomUUID());
      expect(await keys.get(key.holder)).toEqual(key);
    });

    test('a key that is made while its holder is erased does not stay', async () => {
      for (let n = 0; n < 20; n++) {
        const key = fresh();
        await Promise.allSettled([elsewhere.create(key), keys.erase(key.holder), elsewhere.create(key)]);
        await expect(keys.get(key.holder)).rejects.toThrow(Erased);
        // Nothing is left that would have to be destroyed.
        expect(await keys.reapply([])).toBe(0);
      }
    });

    test('who is noted is found by exactly that index, in every case', async () => {
      const [one, other] = [fresh(), fresh()];
      await keys.create(one);
      await keys.create(other);
      const note = noteOf(one);
      const same = noteOf(other, { index: note.index });
      await keys.note([note, same, noteOf(one, { kind: 'phone', index: note.index }), noteOf(one)]);
      await elsewhere.note([note]);
      const found = await elsewhere.find('name', note.index);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([placeOf(note), placeOf(same)]));
      expect(await keys.find('identity-number', note.index)).toEqual([]);
      expect(await keys.find('name', noteOf(one).index)).toEqual([]);
    });

    test('an index means one holder, whoever comes at the same time, until that one is erased', async () => {
      const all = Array.from({ length: 8 }, () => fresh());
      for (const key of all) await keys.create(key);
      const { index } = noteOf(all[0] ?? fresh());
      const meant = async (): Promise<string[]> =>
        (await keys.find('name', index))
          .filter((one) => one.caseId === one.holder)
          .map(({ holder }) => holder);
      const claim = (key: WrappedKey, at: Keys): Promise<void> =>
        at.note([noteOf(key, { index, caseId: key.holder })]);
      await Promise.all(all.map((key, n) => claim(key, n % 2 === 0 ? keys : elsewhere)));
      const [first, ...others] = await meant();
      expect([typeof first, others]).toEqual(['string', []]);
      await keys.erase(first ?? '');
      expect(await meant()).toEqual([]);
      const next = all.find(({ holder }) => holder !== first) ?? fresh();
      await claim(next, elsewhere);
      expect(await meant()).toEqual([next.holder]);
      // In a case anybody may be named.
      await keys.note([
        noteOf(all.find(({ holder }) => ![first, next.holder].includes(holder)) ?? fresh(), { index }),
      ]);
      expect(await keys.find('name', index)).toHaveLength(2);
    });

    test('an erased holder is not found, nor noted any more; others are', async () => {
      const [gone, stays] = [fresh(), fresh()];
      await keys.create(gone);
      await keys.create(stays);
      const note = noteOf(gone);
      const other = noteOf(stays, { index: note.index });
      await keys.note([note, other]);
      await keys.erase(gone.holder);
      await elsewhere.note([note, noteOf(fresh(), { index: note.index })]);
      for (const at of [keys, elsewhere]) {
        expect(await at.find('name', note.index)).toEqual([placeOf(other)]);
      }
    });

    test('a holder who is noted while being erased is not found', async () => {
      for (let n = 0; n < 20; n++) {
        const key = fresh();
        await keys.create(key);
        const note = noteOf(key);
        await Promise.all([elsewhere.note([note]), keys.erase(key.holder), elsewhere.note([note])]);
        expect(await keys.find('name', note.index)).toEqual([]);
      }
    });

    test('an erasure is recorded once, and listed from its instant on in order', async () => {
      const erased: Erasure[] = [];
      for (let n = 0; n < 5; n++) erased.push(await keys.erase(randomUUID()));
      for (const { holder, erasedAt } of erased)
        expect(await elsewhere.erase(holder)).toEqual({ holder, erasedAt });
      const all = await elsewhere.erasures();
      expect(all.filter(({ holder }) => erased.some((one) => one.holder === holder))).toHaveLength(5);
      const times = all.map(({ erasedAt }) => erasedAt);
      expect(times).toEqual([...times].sort());
      const last = erased.at(-1);
      expect(await keys.erasures(last?.erasedAt)).toContainEqual(last);
      expect(await keys.erasures('2999-01-01T00:00:00.000Z')).toEqual([]);
    });

    test('erasures are applied again to what a restore brought back, and those of before stay', async () => {
      const [gone, stays, unknown] = [fresh(), fresh(), randomUUID()];
      const erased = [await keys.erase(gone.holder), await keys.erase(unknown)];
      const restored = await open();
      try {
        await restored.keys.create(gone);
        await restored.keys.create(stays);
        const notes = [noteOf(gone), noteOf(stays)] as const;
        await restored.keys.note(notes);
        expect(await restored.keys.reapply(erased)).toBe(1);
        expect(await restored.keys.find('name', notes[0].index)).toEqual([]);
        expect(await restored.keys.find('name', notes[1].index)).toEqual([placeOf(notes[1])]);
        await expect(restored.elsewhere.get(gone.holder)).rejects.toThrow(Erased);
        await expect(restored.elsewhere.create(fresh(unknown))).rejects.toThrow(Erased);
        expect(await restored.keys.get(stays.holder)).toEqual(stays);
        expect(await restored.keys.erasures()).toEqual(expect.arrayContaining(erased));
        expect(await restored.keys.reapply(erased)).toBe(0);
      } finally {
        await restored.close();
      }
    });
  });
}
