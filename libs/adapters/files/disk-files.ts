import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable } from 'node:stream';
import { type Files, HEAD, type Kept, TooLarge } from '../../evidence/files.js';

/** Files in a folder, each under its hash: the same content is kept once. */
export class DiskFiles implements Files {
  constructor(private readonly folder: string) {}

  async put(content: Readable, limit: number, accept: (head: Buffer) => void): Promise<Kept> {
    const arriving = join(this.folder, 'arriving', randomUUID());
    await mkdir(dirname(arriving), { recursive: true });
    try {
      const { head, ...kept } = await this.#receive(content, limit, arriving);
      accept(head);
      const place = this.#placeOf(kept.sha256);
      await mkdir(dirname(place), { recursive: true });
      await rename(arriving, place);
      await synced(dirname(place));
      return kept;
    } finally {
      await rm(arriving, { force: true });
    }
  }

  async read(sha256: string, most: number): Promise<Buffer | null> {
    const place = this.#placeOf(sha256);
    try {
      return (await stat(place)).size > most ? null : await readFile(place);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  #placeOf(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  async #receive(content: Readable, limit: number, file: string): Promise<Kept & { head: Buffer }> {
    const hash = createHash('sha256');
    let bytes = 0;
    let head = Buffer.alloc(0);
    const handle = await open(file, 'wx', 0o600);
    try {
      for await (const chunk of content as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > limit) throw new TooLarge(limit);
        if (head.length < HEAD) head = Buffer.concat([head, chunk.subarray(0, HEAD - head.length)]);
        hash.update(chunk);
        await handle.write(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { sha256: hash.digest('hex'), bytes, head };
  }
}

/** A renamed file is safe when its folder is. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
