import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type Arrived, type Files, type Opened } from '../../evidence/files.js';
import { codeOf } from '../../platform/fault.js';

/** Files in a folder, each under its hash. */
export class DiskFiles implements Files {
  constructor(private readonly folder: string) {}

  async keep({ path, sha256 }: Arrived): Promise<void> {
    const place = this.#placeOf(sha256);
    const made = await mkdir(dirname(place), { recursive: true });
    await moved(path, place);
    await synced(dirname(place));
    // A new folder is safe when the one that it stands in is.
    for (
      let folder = dirname(place);
      made !== undefined && folder !== dirname(made);
      folder = dirname(folder)
    )
      await synced(dirname(folder));
  }

  async open(sha256: string): Promise<Opened | null> {
    try {
      const handle = await open(this.#placeOf(sha256), 'r');
      const { size } = await handle.stat();
      return { bytes: size, content: handle.createReadStream({ highWaterMark: 256 * 1024 }) };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#placeOf(sha256), { force: true });
  }

  #placeOf(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }
}

/** From another disk it is copied, made safe there, and only then stands under its name. */
async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    const beside = `${to}.${randomUUID()}`;
    await copyFile(from, beside);
    await synced(beside);
    await rename(beside, to);
    await rm(from, { force: true });
  }
}

/** A renamed file is safe when its folder is. */
async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
