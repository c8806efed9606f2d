import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { MemoryKeys } from '../../test/doubles/memory-keys.js';
import { type Algorithm, ALGORITHMS, type Sealed } from '../contracts/sealing.js';
import { NotGenuine, Unusable } from './errors.js';
import { MasterKey } from './master-key.js';
import { type Context, Sealer } from './sealer.js';

const ZHANG = '6f1c1f0e-0000-4000-8000-000000000001';
const LI = '6f1c1f0e-0000-4000-8000-000000000002';
const NAME: Context = { stream: 'case-1', field: 'petitioner.name' };
const CLEAR = '演示张三';

interface Bench {
  keys: MemoryKeys;
  master: MasterKey;
  sealer: Sealer;
  /** As another process: the same keys, a memory of its own. */
  elsewhere: Sealer;
}

function bench(alg: Algorithm = 'AES-256-GCM'): Bench {
  const keys = new MemoryKeys();
  const master = MasterKey.fromText(randomBytes(32).toString('base64'));
  const sealer = (): Sealer => new Sealer(keys, master, alg);
  return { keys, master, sealer: sealer(), elsewhere: sealer() };
}

/** Every text that differs from this one in one character, of the same alphabet or cut off. */
function* changed(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === 'A' ? 'B' : 'A';
    yield text.slice(0, at) + other + text.slice(at + 1);
    yield text.slice(0, at);
  }
  yield `${text}A`;
  yield `${text}AAAA`;
  yield `${text}=`;
}

/** Every text of which one byte differs in one bit. */
function* flipped(text: string): Generator<string> {
  const bytes = Buffer.from(text, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const other = Buffer.from(bytes);
    other.writeUInt8((bytes[at] ?? 0) ^ (1 << (at % 8)), at);
    yield other.toString('base64url');
  }
}

describe.each(ALGORITHMS)('%s:', (alg) => {
  test('any text comes back as it was, elsewhere too', async () => {
    const { sealer, elsewhere } = bench(alg);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        expect(await elsewhere.openText(await sealer.seal(ZHANG, text, NAME), NAME)).toBe(text);
      }),
    );
  });

  test('any bytes come back as they were', async () => {
    const { sealer } = bench(alg);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const opened = await sealer.open(await sealer.seal(ZHANG, bytes, NAME), NAME);
        expect(opened.equals(bytes)).toBe(true);
      }),
    );
  });

  test('the same text is never sealed alike twice', async () => {
    const { sealer } = bench(alg);
    const [one, other] = [await sealer.seal(ZHANG, CLEAR, NAME), await sealer.seal(ZHANG, CLEAR, NAME)];
    expect(one.text).not.toBe(other.text);
    expect(one.iv).not.toBe(other.iv);
  });

  test('a change of any character or byte of iv, text or tag is noticed', async () => {
    const { sealer } = bench(alg);
    const sealed = await sealer.seal(ZHANG, CLEAR, NAME, 'name');
    for (const part of ['iv', 'text', 'tag'] as const) {
      const whole = sealed[part];
      for (const other of [...changed(whole), ...flipped(whole), '']) {
        await expect(sealer.open({ ...sealed, [part]: other }, NAME)).rejects.toThrow(NotGenuine);
      }
    }
    expect(await sealer.openText(sealed, NAME)).toBe(CLEAR);
  });

  test('it opens neither for another holder nor in another field, case, algorithm, kind or key version', async () => {
    const { sealer, keys, master } = bench(alg);
    const sealed = await sealer.seal(ZHANG, CLEAR, NAME, 'name');
    await sealer.seal(LI, CLEAR, NAME);
    await keys.create(master.newKey(ZHANG, 2));
    const refused = async (other: Partial<Sealed>, context: Partial<Context> = {}): Promise<void> => {
      await expect(sealer.open({ ...sealed, ...other }, { ...NAME, ...context })).rejects.toThrow(NotGenuine);
    };
    await refused({ holder: LI });
    await refused({ holder: ZHANG.toUpperCase() });
    await refused({ holder: '6f1c1f0e-0000-4000-8000-000000000009' });
    await refused({}, { field: 'petitioner.phone' });
    await refused({}, { stream: 'case-2' });
    await refused({}, { stream: 'case-1petitioner', field: '.name' });
    for (const other of ALGORITHMS) if (other !== alg) await refused({ alg: other });
    await refused({ alg: 'none' as Algorithm });
    for (const key of [2, 3, 0, -1, 1.5, NaN, 2 ** 40, '1' as unknown as number]) await refused({ key });
    await refused({ iv: undefined });
    await refused({ kind: 'phone' });
    await refused({ kind: undefined });
  });

  test('what was sealed in the one way opens where the other is used now', async () => {
    const { sealer, keys, master } = bench(alg);
    const sealed = await sealer.seal(ZHANG, CLEAR, NAME);
    for (const other of ALGORITHMS) {
      expect(await new Sealer(keys, master, other).openText(sealed, NAME)).toBe(CLEAR);
    }
  });
});

test('two processes that seal for a new holder at once use one key', async () => {
  const { sealer, elsewhere } = bench();
  const both = await Promise.all([sealer, elsewhere].map((one) => one.seal(ZHANG, CLEAR, NAME)));
  for (const sealed of both) {
    expect(await sealer.openText(sealed, NAME)).toBe(CLEAR);
    expect(await elsewhere.openText(sealed, NAME)).toBe(CLEAR);
  }
});

test('with another master key the keys are said to be of another, and nothing is read', async () => {
  const { sealer, keys } = bench();
  const sealed = await sealer.seal(ZHANG, CLEAR, NAME);
  const stranger = new Sealer(keys, bench().master);
  await expect(stranger.tryMaster()).rejects.toThrow(Unusable);
  await sealer.tryMaster();
  await bench().sealer.tryMaster();
  await expect(stranger.open(sealed, NAME)).rejects.toThrow(Unusable);
  await expect(stranger.seal(ZHANG, CLEAR, NAME)).rejects.toThrow(Unusable);
});

test('the holder at a place is always the same, in every process with this master key and in no other', () => {
  const { sealer, elsewhere } = bench();
  const holder = sealer.holderAt('case', 'petitioner', 'command');
  expect(holder).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(elsewhere.holderAt('case', 'petitioner', 'command')).toBe(holder);
  expect(sealer.holderAt('case', 'petitionercommand')).not.toBe(holder);
  expect(bench().sealer.holderAt('case', 'petitioner', 'command')).not.toBe(holder);
});

test('who was noted is found by the text, however it is written, once for each case', async () => {
  const { sealer, elsewhere } = bench();
  await sealer.seal(ZHANG, CLEAR, NAME);
  const note = { kind: 'name', text: CLEAR, holder: ZHANG, caseId: LI } as const;
  await sealer.note([note, { ...note, text: ` ${CLEAR}` }, { ...note, kind: 'phone', text: '无' }]);
  expect(await elsewhere.find('name', `${CLEAR} `)).toEqual([LI]);
  expect(await elsewhere.find('name', '演示')).toEqual([]);
  expect(await elsewhere.find('phone', '无')).toEqual([]);
  await elsewhere.erase(ZHANG);
  expect(await sealer.find('name', CLEAR)).toEqual([]);
});

test('no error and no sealed text says what was sealed', async () => {
  const { sealer } = bench();
  const said: unknown[] = [];
  const note = (error: unknown): unknown => said.push(error);
  const sealed = await sealer.seal(ZHANG, CLEAR, NAME, 'name');
  await sealer.open({ ...sealed, tag: sealed.iv }, NAME).catch(note);
  await sealer.open(sealed, { ...NAME, field: CLEAR }).catch(note);
  await sealer.open({ ...sealed, text: CLEAR }, NAME).catch(note);
  await sealer.open({ ...sealed, holder: CLEAR }, NAME).catch(note);
  await sealer.seal(CLEAR, CLEAR, NAME).catch(note);
  await sealer.erase(CLEAR).catch(note);
  await sealer.seal(ZHANG, `${CLEAR}\ud800`, NAME).catch(note);
  await sealer.erase(ZHANG);
  await sealer.open(sealed, NAME).catch(note);
  await sealer.seal(ZHANG, CLEAR, NAME).catch(note);
  expect(said).toHaveLength(9);
  const shown = inspect([sealed, said, sealer], { depth: 9, showHidden: true });
  for (const some of [CLEAR, '张三', Buffer.from(CLEAR).toString('base64url')]) {
    expect(shown).not.toContain(some);
  }
});
