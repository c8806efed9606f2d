import { createCipheriv } from 'node:crypto';

const BLOCK = 16;

/**
 * What comes, from any byte of a file on, as it lies on the disk under a key that only this file has; the same turns it
 * back. AES-256 in counter mode: nothing is proven by it, only hidden from whoever finds the disk without the database.
 */
export async function* veiled(
  content: AsyncIterable<Buffer>,
  key: Uint8Array,
  from: number,
): AsyncGenerator<Buffer> {
  const counter = Buffer.alloc(BLOCK);
  counter.writeUInt32BE(Math.floor(from / BLOCK), BLOCK - 4);
  const cipher = createCipheriv('aes-256-ctr', key, counter);
  cipher.update(Buffer.alloc(from % BLOCK));
  for await (const chunk of content) yield cipher.update(chunk);
}
