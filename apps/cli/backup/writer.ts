import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { codeOf, StartFault } from '../../../libs/platform/fault.js';
import { MANIFEST, type Manifest, pieceOf } from './manifest.js';

/** A table comes in pieces, as a tar says how long each of its entries is before it comes. */
const PIECE = 1024 * 1024;
const OWNER_ONLY = 0o600;

/** Writes an archive as it comes, a piece at a time; the file has its name when it is whole and safe on the medium. */
export class ArchiveWriter {
  readonly #pack = pack();
  readonly #written: Promise<void>;
  readonly pieces: Record<string, string> = {};

  private constructor(
    private readonly file: string,
    private readonly part: string,
  ) {
    this.#written = pipeline(
      Readable.from(this.#pack as AsyncIterable<Buffer>),
      createGzip(),
      createWriteStream(part, { flags: 'r+', flush: true }),
    );
    this.#written.catch(() => undefined);
  }

  /** @throws StartFault where there is a file of this name already, or none can be made */
  static async create(file: string): Promise<ArchiveWriter> {
    const part = `${file}.part`;
    if (existsSync(file)) throw new StartFault(`${file} is there already: choose another name.`);
    try {
      // What one that was killed has left is written over.
      await (await open(part, 'w', OWNER_ONLY)).close();
    } catch (error) {
      throw new StartFault(`${file} cannot be written (${codeOf(error)}).`, { cause: error });
    }
    return new ArchiveWriter(file, part);
  }

  /** @returns how many rows came, one a line */
  async table(name: string, content: AsyncIterable<Buffer>): Promise<number> {
    let [waiting, bytes, n, rows]: [Buffer[], number, number, number] = [[], 0, 0, 0];
    const put = async (): Promise<void> => {
      const piece = Buffer.concat(waiting);
      const entry = pieceOf(name, ++n);
      this.pieces[entry] = createHash('sha256').update(piece).digest('hex');
      await this.stream(entry, piece.length, [piece]);
      [waiting, bytes] = [[], 0];
    };
    for await (const chunk of content) {
      waiting.push(chunk);
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++;
      if (bytes >= PIECE) await put();
    }
    if (bytes > 0) await put();
    return rows;
  }

  /** @param size exactly what comes, in bytes */
  async stream(name: string, size: number, content: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    await this.#unlessItFailed(
      new Promise<void>((resolve, reject) => {
        const sink = this.#pack.entry({ name, size, mode: OWNER_ONLY }, (error) => {
          if (error) reject(error);
          else resolve();
        });
        const filled = (async () => {
          for await (const chunk of content) if (!sink.write(chunk)) await once(sink, 'drain');
          sink.end(undefined);
        })();
        filled.catch(reject);
      }),
    );
  }

  async finish(manifest: Manifest): Promise<void> {
    const text = Buffer.from(JSON.stringify(manifest));
    await this.stream(MANIFEST, text.length, [text]);
    this.#pack.finalize();
    await this.#unlessItFailed(this.#written);
    await rename(this.part, this.file);
    const folder = await open(dirname(this.file), 'r');
    await folder.sync().finally(() => folder.close());
  }

  /** Leaves nothing behind. */
  async giveUp(): Promise<void> {
    this.#pack.destroy();
    await this.#written.catch(() => undefined);
    await rm(this.part, { force: true });
  }

  /** @throws StartFault where the medium takes no more */
  async #unlessItFailed(work: Promise<void>): Promise<void> {
    const failed = this.#written.catch((error: unknown) => {
      throw new StartFault(`${this.file} cannot be written (${codeOf(error) || 'unknown'}).`, {
        cause: error,
      });
    });
    await Promise.race([work, failed.then(() => work)]);
  }
}
