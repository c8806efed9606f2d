import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Arrived, type Files, readWhole, sha256Of } from '../../libs/evidence/files.js';

export interface OpenedFiles {
  files: Files;
  /** Changes what is kept under a hash, behind the adapter's back. */
  change: (sha256: string, content: Buffer) => Promise<void>;
  close: () => Promise<void>;
}

/** What every place for files must do. */
export function filesContract(name: string, open: () => Promise<OpenedFiles>): void {
  describe(`${name} keeps files:`, () => {
    let opened: OpenedFiles;
    let folder: string;
    beforeAll(async () => {
      opened = await open();
      folder = await mkdtemp(join(tmpdir(), 'xiaohao-arrived-'));
    });
    afterAll(async () => {
      await opened.close();
      await rm(folder, { recursive: true });
    });

    const arrived = async (content: Buffer): Promise<Arrived> => {
      const path = join(folder, randomUUID());
      await writeFile(path, content);
      return { path, sha256: sha256Of(content), bytes: content.length };
    };
    const kept = async (content: Buffer): Promise<Arrived> => {
      const file = await arrived(content);
      await opened.files.keep(file);
      return file;
    };
    const read = (sha256: string): Promise<Buffer | null> => readWhole(opened.files, sha256, 1e9);

    test.each([0, 1, 65_536, 3_000_001])('what was kept comes back as it was, of %i bytes', async (bytes) => {
      const content = randomBytes(bytes);
      const { sha256 } = await kept(content);
      const found = await opened.files.open(sha256);
      expect(found?.bytes).toBe(bytes);
      found?.content.destroy();
      expect((await read(sha256))?.equals(content)).toBe(true);
    });

    test('what was kept is taken from where it had arrived', async () => {
      const { path } = await kept(randomBytes(100));
      expect(existsSync(path)).toBe(false);
    });

    test('the same content again, and many at once, is the same file', async () => {
      const content = randomBytes(5000);
      await Promise.all(Array.from({ length: 5 }, () => kept(content)));
      expect((await read(sha256Of(content)))?.equals(content)).toBe(true);
    });

    test('what was never kept, or was removed, is not there', async () => {
      const { sha256 } = await kept(randomBytes(100));
      await opened.files.remove(sha256);
      await opened.files.remove(sha256);
      expect([await opened.files.open(sha256), await opened.files.open(sha256Of(randomBytes(9)))]).toEqual([
        null,
        null,
      ]);
    });

    test('a file that is larger than wanted is not read, nor one that was changed', async () => {
      const { sha256 } = await kept(Buffer.alloc(1000, 'a'));
      expect(await readWhole(opened.files, sha256, 999)).toBeNull();
      await opened.change(sha256, Buffer.alloc(1000, 'b'));
      expect(await read(sha256)).toBeNull();
    });

    test('a file whose bytes are not what its hash says is not kept for good', async () => {
      const file = { ...(await arrived(randomBytes(100))), sha256: sha256Of(randomBytes(100)) };
      await opened.files.keep(file).catch(() => undefined);
      expect(await read(file.sha256)).toBeNull();
    });

    test('a large file comes as fast as it is read, and is never held whole', async () => {
      const mib = 1024 * 1024;
      const { sha256, bytes } = await kept(Buffer.alloc(256 * mib, 'c'));
      const found = await opened.files.open(sha256);
      const before = process.memoryUsage().arrayBuffers;
      const hash = createHash('sha256');
      let most = 0;
      let [read, looks] = [0, 0];
      for await (const chunk of (found?.content ?? []) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        read += chunk.length;
        // Whoever sends has time to send more.
        if (read < (looks * bytes) / 4) continue;
        looks++;
        await pause(200);
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
      expect([read, hash.digest('hex')]).toEqual([bytes, sha256]);
      expect(most).toBeLessThan(128 * mib);
    });

    test('a reader that goes away in the middle harms nothing', async () => {
      const content = randomBytes(2_000_000);
      const { sha256 } = await kept(content);
      const found = await opened.files.open(sha256);
      for await (const _ of found?.content ?? []) break;
      expect((await read(sha256))?.equals(content)).toBe(true);
    });
  });
}
