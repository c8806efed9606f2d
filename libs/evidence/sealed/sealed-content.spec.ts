import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ALGORITHMS } from '../../contracts/sealing.js';
import { clearBytes, contentKey, NotSealedSo, opening, sealing } from './sealed-content.js';

async function* chunked(content: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += length)
    yield await Promise.resolve(content.subarray(at, at + length));
}

async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each(ALGORITHMS)('content sealed by %s', (alg) => {
  const key = contentKey(alg);
  const PIECE = 64 * 1024 + (alg === 'AES-256-GCM' ? 16 : 32);

  test.each([0, 1, 65_535, 65_536, 65_537, 3 * 65_536, 200_000])(
    'of %i bytes opens as it was, however it is chunked, and its length is known',
    async (length) => {
      const clear = randomBytes(length);
      const sealed = await all(sealing(chunked(clear, 9999), key));
      expect(clearBytes(sealed.length, key)).toBe(length);
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
    await expect(all(opening(chunked(sealed, 65_536), contentKey(alg)))).rejects.toThrow(NotSealedSo);
  });
});

test('a file that was sealed by the first version opens', async () => {
  const sealed = Buffer.from('36f57f0e0d8c4282d669d4cf9a9a6e69cbf253', 'hex');
  expect((await all(opening(chunked(sealed, 5), Buffer.alloc(32, 1)))).toString()).toBe('abc');
});

test('a key of another length opens nothing', async () => {
  await expect(all(opening(chunked(randomBytes(100), 50), randomBytes(16)))).rejects.toThrow(/no length/);
});
