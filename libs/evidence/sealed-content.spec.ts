import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { clearBytes, NotSealedSo, opening, sealing } from './sealed-content.js';

const PIECE = 64 * 1024 + 16;
const key = randomBytes(32);

async function* chunked(content: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += length)
    yield await Promise.resolve(content.subarray(at, at + length));
}

async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('sealed content', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 3 * 65_536, 200_000])(
    'of %i bytes opens as it was, however it is chunked, and its length is known',
    async (length) => {
      const clear = randomBytes(length);
      const sealed = await all(sealing(chunked(clear, 9999), key));
      expect(clearBytes(sealed.length)).toBe(length);
      expect((await all(opening(chunked(sealed, 70_001), key))).equals(clear)).toBe(true);
    },
  );

  const clear = randomBytes(200_000);
  test.each<[string, (sealed: Buffer) => Buffer]>([
    ['one bit changed', (sealed) => Buffer.concat([Buffer.from([(sealed[0] ?? 0) ^ 1]), sealed.subarray(1)])],
    ['the last piece left out', (sealed) => sealed.subarray(0, 3 * PIECE)],
    ['cut off within a piece', (sealed) => sealed.subarray(0, 100)],
    ['nothing left', () => Buffer.alloc(0)],
    [
      'two pieces changed over',
      (s) => Buffer.concat([s.subarray(PIECE, 2 * PIECE), s.subarray(0, PIECE), s.subarray(2 * PIECE)]),
    ],
    ['something added', (sealed) => Buffer.concat([sealed, Buffer.alloc(16)])],
  ])('does not open with %s', async (_, change) => {
    const sealed = await all(sealing(chunked(clear, 65_536), key));
    await expect(all(opening(chunked(change(sealed), 65_536), key))).rejects.toThrow(NotSealedSo);
  });

  test('does not open with another key', async () => {
    const sealed = await all(sealing(chunked(clear, 65_536), key));
    await expect(all(opening(chunked(sealed, 65_536), randomBytes(32)))).rejects.toThrow(NotSealedSo);
  });
});
