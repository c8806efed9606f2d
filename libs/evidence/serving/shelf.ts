import { type QueryBus } from '@nestjs/cqrs';
import { LRUCache } from 'lru-cache';
import { rm, writeFile } from 'node:fs/promises';
import { type Caller } from '../../contracts/envelope.js';
import { EvidenceIn, type EvidenceUse } from '../../contracts/evidence.js';
import { refuse } from '../../contracts/refusal.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { type Arriving } from '../arriving/arriving.js';
import { type Files, type Opened, readWhole, sha256Of } from '../files.js';
import { KINDS } from '../arriving/kinds.js';
import { pictureOf, type Size } from '../pictures/pictures.js';
import { COLUMNS, FILE_LOCK, type Row } from '../rows.js';

/** A picture is made of photos up to this size only; larger ones no upload can be. */
const MOST_BYTES = 256 * 1024 * 1024;

export type Found = Row & { mayReveal: boolean };

/** Kept files on their way out. They are asked for by case and evidence id, never by hash. */
export class Shelf {
  /** By their hash. Whoever asks for a picture of such a photo again does not have it tried again. */
  readonly #without = new LRUCache<string, true>({ max: 10_000 });

  constructor(
    private readonly sql: Sql,
    private readonly files: Files,
    private readonly arriving: Arriving,
    private readonly queries: QueryBus,
  ) {}

  /**
   * A file that the case has used, or that the caller uploaded for it and has not used yet.
   * @throws Refusal case/unknown, evidence/unknown
   */
  async find(caseId: Uuid, receipt: Uuid, caller: Caller): Promise<Found> {
    const ask = new EvidenceIn(caseId, caller, [receipt]);
    const { used, mayReveal } = await this.queries.execute<EvidenceIn, EvidenceUse>(ask);
    const [row] = await this.#rows(receipt);
    const known = row?.caseId === caseId && (used.length > 0 || row.person === caller.person);
    return row && known ? { ...row, mayReveal } : refuse('evidence/unknown');
  }

  /** @throws where the medium does not have what it kept */
  async open({ sha256 }: Row): Promise<Opened> {
    const opened = await this.files.open(sha256);
    if (!opened) throw new Error('a kept file is missing');
    return opened;
  }

  /**
   * A picture of the photo without anything but what is seen, made once and kept; null where there is none: the file is no
   * photo, cannot be unpacked, or has people in it.
   */
  async picture({ sha256, mediaType, holder }: Row, size: Size): Promise<Buffer | null> {
    if (holder !== null || !KINDS[mediaType]?.picture) return null;
    const [made] = await this.sql<{ sha256: string }[]>`
      select p.sha256 from evidence.pictures p where p.of_sha256 = ${sha256} and p.size = ${size}`;
    const kept = made && (await readWhole(this.files, made.sha256, MOST_BYTES));
    return kept ?? (await this.#make(sha256, mediaType, size));
  }

  async pictureOf(receipt: Uuid, size: Size): Promise<Buffer | null> {
    const [row] = await this.#rows(receipt);
    return row ? this.picture(row, size) : null;
  }

  async #make(of: string, mediaType: string, size: Size): Promise<Buffer | null> {
    if (this.#without.has(of)) return null;
    const photo = await readWhole(this.files, of, MOST_BYTES);
    const picture = photo && (await pictureOf(photo, mediaType, size));
    if (photo && !picture) this.#without.set(of, true);
    if (!picture) return null;
    const sha256 = sha256Of(picture);
    const path = await this.arriving.fresh();
    try {
      await writeFile(path, picture, { flush: true });
      await this.sql.begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(${FILE_LOCK}, hashtext(${sha256}))`;
        await this.files.keep({ path, sha256, bytes: picture.length });
        await tx`insert into evidence.pictures (of_sha256, size, sha256) values (${of}, ${size}, ${sha256})
          on conflict (of_sha256, size) do update set sha256 = excluded.sha256`;
      });
    } finally {
      await rm(path, { force: true });
    }
    return picture;
  }

  #rows(receipt: Uuid): Promise<Row[]> {
    return this.sql<Row[]>`
      select ${this.sql.unsafe(COLUMNS)} from evidence.uploads where receipt = ${receipt} and left_at is null`;
  }
}
