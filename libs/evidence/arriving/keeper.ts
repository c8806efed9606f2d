import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Upload } from '../../contracts/case-events.js';
import { refuse } from '../../contracts/refusal.js';
import { type Sealed } from '../../contracts/sealing.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { Erased } from '../../sealing/errors.js';
import { type Sealer } from '../../sealing/sealer.js';
import { type Arriving } from './arriving.js';
import { type Taken, takenIn } from '../pictures/exif.js';
import { type Arrived, type Files } from '../files.js';
import { assertKind, KINDS } from './kinds.js';
import { keysOf } from '../pictures/likeness.js';
import { likenessIn } from '../pictures/pictures.js';
import { COLUMNS, FILE_LOCK, type Row, uploadOf } from '../rows.js';
import { type Scan } from './scanner.js';
import { contentKey, sealing } from '../sealed/sealed-content.js';

/** What is said of a file before it comes. */
export interface Claim {
  caseId: Uuid;
  person: string;
  /** One of KINDS. */
  mediaType: string;
  /** There are people in it: it is sealed. */
  people: boolean;
}

export interface Limits {
  /** Of one file. */
  bytes: number;
  /** Of one case. */
  files: number;
}

/** Where the key of a file's content is sealed: it opens nowhere else. */
export const keyPlace = (caseId: Uuid): { stream: string; field: string } => ({
  stream: `case-${caseId}`,
  field: 'evidence',
});

/** Looks at what has arrived, keeps it and gives a receipt. */
export class Keeper {
  constructor(
    private readonly sql: Sql,
    private readonly files: Files,
    private readonly arriving: Arriving,
    private readonly sealer: Sealer,
    private readonly scan: Scan,
    readonly limits: Limits,
  ) {}

  /**
   * The same content again, by the same person for the same case, has the same receipt.
   * @throws Refusal input/media-type, input/too-large, upload/files-many, evidence/infected, service/unavailable
   */
  async keep(file: Arrived, claim: Claim): Promise<Upload> {
    await assertKind(file, claim.mediaType);
    await this.scan(file.path);
    if (claim.people) return this.#keepSealed(file, claim);
    const { sha256 } = file;
    const known = await this.#known(claim, { sha256 });
    if (known) return known;
    const { mediaType } = claim;
    const isPhoto = KINDS[mediaType]?.picture === true;
    const taken = isPhoto ? await takenIn(file.path, mediaType) : {};
    const likeness = isPhoto ? await likenessIn(file.path, mediaType) : undefined;
    return this.#enter(file, claim, {
      taken,
      ...(likeness !== undefined && { likeness, likeness_keys: keysOf(likeness) }),
    });
  }

  /** How many files the case may still have. */
  async assertRoom({ caseId, person }: Pick<Claim, 'caseId' | 'person'>): Promise<void> {
    const [found] = await this.sql<{ n: number }[]>`select
      (select count(*) from evidence.uploads where case_id = ${caseId} and left_at is null)::int +
      (select count(*) from evidence.arriving where case_id = ${caseId} and person = ${person} and receipt is null)::int as n`;
    if ((found?.n ?? 0) >= this.limits.files) refuse('upload/files-many');
  }

  /** What is in it is told by nothing but its key: neither when and where it was taken nor what it looks like. */
  async #keepSealed(file: Arrived, claim: Claim): Promise<Upload> {
    const { caseId, person } = claim;
    // The same content of the same person has the same holder; the hash of its clear stands nowhere.
    const holder = this.sealer.holderAt('evidence', caseId, person, file.sha256);
    const known = await this.#known(claim, { holder });
    if (known) return known;
    const key = contentKey(this.sealer.alg);
    const content_key = await this.sealer.seal(holder, key, keyPlace(caseId)).catch((error: unknown) => {
      if (error instanceof Erased) refuse('personal/erased');
      throw error;
    });
    const clear = createReadStream(file.path) as AsyncIterable<Buffer>;
    const sealed = await this.arriving.receive(sealing(clear, key), Infinity);
    try {
      await rm(file.path, { force: true });
      return await this.#enter(sealed, claim, { holder, content_key, taken: {} });
    } finally {
      await rm(sealed.path, { force: true });
    }
  }

  async #known(
    { caseId, person }: Claim,
    { sha256, holder }: { sha256?: string; holder?: Uuid },
    sql: Sql | Tx = this.sql,
  ): Promise<Upload | undefined> {
    const which = holder === undefined ? sql`sha256 = ${sha256 ?? ''}` : sql`holder = ${holder}`;
    // Whoever sends it again wants it: it is given up no more.
    const [row] = await sql<Row[]>`update evidence.uploads set left_at = null, made_at = now()
      where case_id = ${caseId} and person = ${person} and ${which} returning ${sql.unsafe(COLUMNS)}`;
    return row && uploadOf(row);
  }

  async #enter(file: Arrived, claim: Claim, facts: Facts): Promise<Upload> {
    const { caseId, person, mediaType } = claim;
    const { sha256, bytes } = file;
    const { taken, content_key, ...others } = facts;
    return this.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${FILE_LOCK}, hashtext(${caseId})),
        pg_advisory_xact_lock(${FILE_LOCK}, hashtext(${sha256}))`;
      const known = await this.#known(claim, others.holder === undefined ? { sha256 } : others, tx);
      if (known) return known;
      const [count] = await tx<{ n: number }[]>`
        select count(*)::int as n from evidence.uploads where case_id = ${caseId} and left_at is null`;
      if ((count?.n ?? 0) >= this.limits.files) refuse('upload/files-many');
      await this.files.keep(file);
      const row = {
        ...{ case_id: caseId, person, sha256, bytes, media_type: mediaType, ...others },
        ...(content_key && { content_key: tx.json(content_key as never) }),
        ...(taken.takenAt !== undefined && { taken_at: taken.takenAt }),
        ...(taken.takenPlace && {
          latitude_e7: taken.takenPlace.latitudeE7,
          longitude_e7: taken.takenPlace.longitudeE7,
        }),
      };
      const [entered] = await tx<Row[]>`
        insert into evidence.uploads ${tx(row as never)} returning ${tx.unsafe(COLUMNS)}`;
      if (!entered) throw new Error('a row that was entered did not come back');
      return uploadOf(entered);
    });
  }
}

interface Facts {
  taken: Taken;
  holder?: Uuid;
  content_key?: Sealed;
  likeness?: string;
  likeness_keys?: number[];
}
