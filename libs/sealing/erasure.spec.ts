import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { MemoryKeys } from '../../test/doubles/memory-keys.js';
import { Erased } from './errors.js';
import { MasterKey } from './master-key.js';
import { type Context, Sealer } from './sealer.js';

const ZHANG = '6f1c1f0e-0000-4000-8000-000000000001';
const LI = '6f1c1f0e-0000-4000-8000-000000000002';
const NAME: Context = { stream: 'case-1', field: 'petitioner.name' };
const CLEAR = '演示张三';

interface Bench {
  keys: MemoryKeys;
  sealer: Sealer;
  /** As another process: the same keys, a memory of its own. */
  elsewhere: Sealer;
  clock: { ms: number };
}

function bench(): Bench {
  const keys = new MemoryKeys();
  const master = MasterKey.fromText(randomBytes(32).toString('base64'));
  const clock = { ms: 1000 };
  const sealer = (): Sealer => new Sealer(keys, master, 'AES-256-GCM', () => clock.ms);
  return { keys, clock, sealer: sealer(), elsewhere: sealer() };
}

describe('an erased holder', () => {
  test('is unreadable at once where the erasure was made, and nothing more is sealed', async () => {
    const { sealer } = bench();
    const sealed = await sealer.seal(ZHANG, CLEAR, NAME);
    await sealer.openText(sealed, NAME);
    await sealer.erase(ZHANG);
    await expect(sealer.open(sealed, NAME)).rejects.toThrow(Erased);
    await expect(sealer.seal(ZHANG, CLEAR, NAME)).rejects.toThrow(Erased);
  });

  test('is unreadable elsewhere once the key is forgotten, 60 seconds after it was asked for', async () => {
    const { sealer, elsewhere, clock } = bench();
    const sealed = await sealer.seal(ZHANG, CLEAR, NAME);
    await elsewhere.openText(sealed, NAME);
    await sealer.erase(ZHANG);
    clock.ms += 59_999;
    expect(await elsewhere.openText(sealed, NAME)).toBe(CLEAR);
    clock.ms += 1;
    await expect(elsewhere.open(sealed, NAME)).rejects.toThrow(Erased);
    await expect(elsewhere.seal(ZHANG, CLEAR, NAME)).rejects.toThrow(Erased);
  });

  test('is not remembered from an answer that was under way', async () => {
    const { sealer, keys } = bench();
    const sealed = await sealer.seal(ZHANG, CLEAR, NAME);
    const get = keys.get.bind(keys);
    let answer = (): void => undefined;
    keys.get = async (...asked) => {
      const found = await get(...asked);
      await new Promise<void>((resolve) => (answer = resolve));
      return found;
    };
    const opening = sealer.open(sealed, NAME);
    await new Promise(setImmediate);
    await sealer.erase(ZHANG);
    keys.get = get;
    answer();
    await opening;
    await expect(sealer.open(sealed, NAME)).rejects.toThrow(Erased);
  });

  test('takes nobody else along', async () => {
    const { sealer } = bench();
    const sealed = await sealer.seal(LI, CLEAR, NAME);
    await sealer.erase(ZHANG);
    expect(await sealer.openText(sealed, NAME)).toBe(CLEAR);
  });
});
