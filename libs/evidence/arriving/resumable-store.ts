import { DataStore, Upload } from '@tus/server';
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat, truncate } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { type Refusal, refuse } from '../../contracts/refusal.js';
import { type Uuid } from '../../contracts/values.js';
import { codeOf } from '../../platform/fault.js';
import { type Sql } from '../../platform/sql.js';
import { type Arriving, hashOfFile, written } from './arriving.js';
import { type Arrived } from '../files.js';
import { type Claim } from './keeper.js';
import { veiled } from './veiled.js';

/** Who sends, for which case, and what came of it. */
export interface Call {
  caseId: Uuid;
  person: string;
  /** What this part must come to. */
  checksum?: { algorithm: string; digest: Buffer };
  /** Why it is refused. */
  failure?: Refusal | Error;
}

interface Row {
  id: Uuid;
  bytes: number;
  reached: number;
  mediaType: string;
  people: boolean;
  /** Of one with people in it. */
  key: Uint8Array | null;
  receipt: Uuid | null;
  madeAt: Date;
}

/** Hashes of uploads under way are remembered, so that what came before is not read again. */
const REMEMBERED = 1000;

/**
 * Uploads that come in parts. How far one has come stands in its row and only once it is safe on the disk: what a process
 * that died had not noted comes again. Only the person who began it knows of it, and for its case only.
 */
export class ResumableStore extends DataStore {
  override extensions = ['creation', 'creation-with-upload', 'expiration', 'termination', 'checksum'];
  readonly #hashes = new LRUCache<string, { hash: Hash; reached: number }>({ max: REMEMBERED });
  /** What is being written, by upload: a part that broke off is noted a moment after its request has ended. */
  readonly #writing = new Map<string, Promise<unknown>>();

  /** @param keepMs an upload may be gone on with for so long after it was begun */
  constructor(
    private readonly sql: Sql,
    private readonly arriving: Arriving,
    private readonly call: () => Call,
    private readonly keepMs: number,
  ) {
    super();
  }

  override getExpiration(): number {
    return this.keepMs;
  }

  override async create(upload: Upload): Promise<Upload> {
    const { caseId, person } = this.call();
    const { filetype, people } = upload.metadata ?? {};
    const row = { id: upload.id, case_id: caseId, person, bytes: upload.size ?? 0 };
    const about = { media_type: filetype ?? '', people: people === 'true' };
    const key = about.people ? randomBytes(32) : null;
    await this.sql`insert into evidence.arriving ${this.sql({ ...row, ...about, key })}`;
    upload.creation_date = new Date().toISOString();
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { bytes, reached, mediaType, people, madeAt } = await this.#row(id);
    return new Upload({
      ...{ id, size: bytes, offset: reached, creation_date: madeAt.toISOString() },
      metadata: { filetype: mediaType, ...(people && { people: 'true' }) },
    });
  }

  override write(stream: Readable, id: string, offset: number): Promise<number> {
    const call = this.call();
    const writing = this.#write(stream, id, offset, call);
    const noted = writing.catch(() => undefined).finally(() => this.#writing.delete(id));
    this.#writing.set(id, noted);
    return writing;
  }

  /** Of a finished one the file stays, as its receipt was given: what is removed is that it can be gone on with. */
  override async remove(id: string): Promise<void> {
    await this.#row(id);
    await this.forget(id);
  }

  async forget(id: string): Promise<void> {
    this.#hashes.delete(id);
    await this.sql`delete from evidence.arriving where id = ${id}`;
    await rm(await this.arriving.placeOf(id), { force: true });
  }

  /**
   * The receipt that was given for it, or what has come of it, which is all; `passing`: in clear for this once, to be
   * removed whatever becomes of it.
   */
  async finished(id: string): Promise<{ receipt: Uuid } | { file: Arrived; claim: Claim; passing: boolean }> {
    const { caseId, person } = this.call();
    const { bytes, receipt, mediaType, people, key } = await this.#row(id);
    if (receipt !== null) return { receipt };
    const path = await this.arriving.placeOf(id);
    // An empty one was never written.
    if (bytes === 0) refuse('input/media-type');
    const hash = await this.#orGone(id, async () => {
      if ((await stat(path)).size > bytes) await truncate(path, bytes);
      return this.#hashAt(id, path, bytes);
    });
    const claim = { caseId, person, mediaType, people };
    if (key === null)
      return { file: { path, bytes, sha256: hash.copy().digest('hex') }, claim, passing: false };
    const lying = createReadStream(path) as AsyncIterable<Buffer>;
    return { file: await this.arriving.receive(veiled(lying, key, 0), bytes), claim, passing: true };
  }

  async noteReceipt(id: string, receipt: Uuid): Promise<void> {
    this.#hashes.delete(id);
    await this.sql`update evidence.arriving set receipt = ${receipt}, key = null where id = ${id}`;
    await rm(await this.arriving.placeOf(id), { force: true });
  }

  /** The receipt that was given for it, if it was. */
  async receiptOf(id: string): Promise<Uuid | null> {
    return (await this.#row(id)).receipt;
  }

  async #write(stream: Readable, id: string, offset: number, call: Call): Promise<number> {
    const { bytes, key } = await this.#row(id);
    // Whoever lost the last answer asks with an empty part. The file may have been taken away by then.
    if (offset === bytes) return offset;
    const path = await this.arriving.placeOf(id);
    const hash = (await this.#orGone(id, () => this.#hashAt(id, path, offset))).copy();
    const checked = call.checksum && createHash(call.checksum.algorithm);
    let broken: Error | undefined;
    const coming = heard(stream, checked);
    const reached = await written(
      key === null ? coming : veiled(coming, key, offset),
      { path, from: offset, limit: bytes, hash },
      (error) => (broken = error instanceof Error ? error : new Error('a part broke off')),
    );
    if (offset === 0) await this.arriving.syncNames(path);
    // What is more than was said, and what its checksum does not speak for, is as if it had not come.
    if (broken !== undefined && (checked || isRefused(broken))) throw broken;
    if (checked && call.checksum && !checked.digest().equals(call.checksum.digest)) refuse('upload/checksum');
    const [moved] = await this.sql`
      update evidence.arriving set reached = ${reached} where id = ${id} and reached = ${offset} returning id`;
    if (!moved) throw new Told(409);
    this.#hashes.set(id, { hash, reached });
    if (broken !== undefined) throw broken;
    return reached;
  }

  /** After a restore, or where it had been kept when the process died: it is to be begun anew, and has its receipt then. */
  async #orGone<T>(id: string, look: () => Promise<T>): Promise<T> {
    try {
      return await look();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await this.forget(id);
      throw new Told(404);
    }
  }

  async #hashAt(id: string, path: string, reached: number): Promise<Hash> {
    const known = this.#hashes.get(id);
    return known?.reached === reached ? known.hash : hashOfFile(path, reached);
  }

  async #row(id: string): Promise<Row> {
    await this.#writing.get(id);
    const { caseId, person } = this.call();
    const [row] = await this.sql<Row[]>`
      select id, bytes, reached, media_type as "mediaType", people, key, receipt, made_at as "madeAt"
      from evidence.arriving where id = ${id} and case_id = ${caseId} and person = ${person}`;
    if (!row) throw new Told(404);
    return row;
  }
}

/** As the package tells errors: by the status of the answer. */
class Told extends Error {
  readonly body = '';
  constructor(readonly status_code: number) {
    super(`an upload is answered with ${status_code}`);
  }
}

/** Whether a stream ended as it brought more than it may. */
const isRefused = (error: Error): boolean => error.name === 'TooLarge' || 'status_code' in error;

async function* heard(stream: Readable, checked: Hash | undefined): AsyncGenerator<Buffer> {
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    checked?.update(chunk);
    yield chunk;
  }
}
