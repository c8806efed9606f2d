import { expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { veiled } from './veiled.js';

const key = randomBytes(32);
async function all(content: Buffer, from: number): Promise<Buffer> {
  async function* once(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(content);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of veiled(once(), key, from)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test.each([1, 16, 17, 4096, 99_999])(
  'what was cut at byte %i lies there as if it had come whole',
  async (at) => {
    const clear = randomBytes(100_000);
    const parts = [await all(clear.subarray(0, at), 0), await all(clear.subarray(at), at)];
    const whole = await all(clear, 0);
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    expect(whole.equals(clear)).toBe(false);
    expect((await all(whole, 0)).equals(clear)).toBe(true);
  },
);
