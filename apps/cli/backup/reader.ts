import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { codeOf, StartFault } from '../../../libs/platform/fault.js';
import { isFile, isTable, MANIFEST, type Manifest, manifestIn } from './manifest.js';

export interface Entry {
  name: string;
  size: number;
  content: AsyncIterable<Buffer>;
}

/** Larger than any manifest; what claims to be one and is larger is not read. */
const MOST_MANIFEST = 64 * 1024 * 1024;

export class Archive {
  /** Entries that were sound. */
  #seen = 0;

  constructor(private readonly file: string) {}

  /** Every entry in its order; each is to be read to its end. @throws StartFault */
  async *entries(): AsyncGenerator<Entry> {
    await this.#begins();
    this.#seen = 0;
    const tar = extract();
    const [source, unzipped] = [createReadStream(this.file), createGunzip()];
    const failed = (error: Error): void => {
      tar.destroy(error);
    };
    source.on('error', failed);
    unzipped.on('error', failed);
    source.pipe(unzipped).pipe(tar);
    try {
      for await (const entry of tar) {
        const { name, size } = entry.header;
        yield { name, size, content: this.#content(entry as AsyncIterable<Buffer>) };
        this.#seen++;
      }
    } catch (error) {
      throw this.#said(error);
    } finally {
      source.destroy();
      unzipped.destroy();
      tar.destroy();
    }
  }

  /** Reads all of it and finds that it is as it was written. @throws StartFault */
  async verified(told: (bytes: number) => void): Promise<Manifest> {
    const found = new Map<string, string>();
    let [text, files]: [string | undefined, number] = [undefined, 0];
    for await (const { name, size, content } of this.entries()) {
      if (!isTable(name) && !isFile(name) && (name !== MANIFEST || size > MOST_MANIFEST)) throw this.#none();
      const hash = createHash('sha256');
      const kept: Buffer[] = [];
      for await (const chunk of content) {
        hash.update(chunk);
        if (name === MANIFEST) kept.push(chunk);
      }
      told(size);
      if (name === MANIFEST) text = Buffer.concat(kept).toString();
      const sha256 = hash.digest('hex');
      if (isTable(name)) found.set(name, sha256);
      if (!isFile(name)) continue;
      files++;
      if (name !== `files/${sha256}`) throw this.#changed(name);
    }
    if (text === undefined) throw found.size + files > 0 ? this.#cut() : this.#none();
    const manifest = manifestIn(text, () => this.#changed(MANIFEST));
    const names = new Set([...Object.keys(manifest.pieces), ...found.keys()]);
    for (const name of names) if (found.get(name) !== manifest.pieces[name]) throw this.#changed(name);
    if (files !== manifest.files) throw this.#changed('files');
    return manifest;
  }

  /** Whoever reads is told in the same words. */
  async *#content(entry: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* entry;
    } catch (error) {
      throw this.#said(error);
    }
  }

  async #begins(): Promise<void> {
    try {
      const handle = await open(this.file, 'r');
      const head = Buffer.alloc(2);
      await handle.read(head).finally(() => handle.close());
      if (head.toString('hex') === '1f8b') return;
    } catch (error) {
      throw new StartFault(`${this.file} cannot be read (${codeOf(error)}).`, { cause: error });
    }
    throw this.#none();
  }

  #said(error: unknown): unknown {
    if (error instanceof StartFault) return error;
    const code = codeOf(error);
    if (code === 'Z_BUF_ERROR') return this.#cut(error);
    if (code.startsWith('Z_')) return this.#changed('', error);
    const { message } = error as Error;
    if (/end of data/i.test(message)) return this.#cut(error);
    return /tar/i.test(message) ? this.#none(error) : error;
  }

  #none(cause?: unknown): StartFault {
    if (this.#seen > 0) return this.#changed('', cause);
    return new StartFault(`${this.file} is no backup of Xiaohao.`, { cause });
  }

  #cut(cause?: unknown): StartFault {
    return new StartFault(`${this.file} is cut off: its end is missing.`, { cause });
  }

  #changed(name: string, cause?: unknown): StartFault {
    const where = name === '' ? '' : ` (${name})`;
    return new StartFault(`${this.file} is not as it was written${where}.`, { cause });
  }
}
