import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable } from 'node:stream';
import { type Arrived, TooLarge } from '../files.js';

/** Content on its way: on the disk of this machine until it is looked at and kept. */
export class Arriving {
  constructor(readonly folder: string) {}

  /**
   * Takes a stream to its end.
   * @throws TooLarge when more than `limit` bytes come; nothing is left then
   */
  async receive(content: AsyncIterable<Buffer>, limit: number): Promise<Arrived> {
    const path = await this.fresh();
    try {
      const hash = createHash('sha256');
      const bytes = await written(content, { path, from: 0, limit, hash });
      return { path, sha256: hash.digest('hex'), bytes };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** A name that nothing has. What is under it does not outlive the process: the next start clears it away. */
  async fresh(): Promise<string> {
    const folder = join(this.folder, 'now');
    await mkdir(folder, { recursive: true });
    return join(folder, randomUUID());
  }

  /** Where an upload that may be gone on with stands. */
  async placeOf(id: string): Promise<string> {
    const folder = join(this.folder, 'resumable');
    await mkdir(folder, { recursive: true });
    return join(folder, id);
  }

  /** That the file is there at all is safe after this. */
  async syncNames(path: string): Promise<void> {
    const handle = await open(dirname(path), 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

interface Writing {
  path: string;
  /** The byte to begin at. */
  from: number;
  /** Of all bytes. */
  limit: number;
  /** Hears every byte that was written. */
  hash: Hash;
}

/**
 * Writes a stream into a file, and makes it safe there.
 * @param short what to do when the stream breaks off: with it, what came until then is kept
 * @returns where the file ends then
 */
export async function written(
  content: AsyncIterable<Buffer>,
  { path, from, limit, hash }: Writing,
  short?: (error: unknown) => void,
): Promise<number> {
  const handle = await open(path, from === 0 ? 'w' : 'r+', 0o600);
  let at = from;
  try {
    try {
      for await (const chunk of content) {
        if (at + chunk.length > limit) throw new TooLarge(limit);
        for (let done = 0; done < chunk.length;) {
          const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, at + done);
          done += bytesWritten;
        }
        hash.update(chunk);
        at += chunk.length;
      }
    } catch (error) {
      if (!short) throw error;
      short(error);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return at;
}

/** The hash of a part of a file, from its beginning. */
export async function hashOfFile(path: string, bytes: number): Promise<Hash> {
  const hash = createHash('sha256');
  if (bytes === 0) return hash;
  const content: Readable = createReadStream(path, { end: bytes - 1, highWaterMark: 256 * 1024 });
  for await (const chunk of content as AsyncIterable<Buffer>) hash.update(chunk);
  return hash;
}
