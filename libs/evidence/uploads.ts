import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Readable } from 'node:stream';
import { type Upload } from '../contracts/case-events.js';
import { StoredFile, UploadsOf } from '../contracts/evidence.js';
import { refuse } from '../contracts/refusal.js';
import { type Uuid } from '../contracts/values.js';
import { SQL, type Sql } from '../platform/sql.js';
import { Together } from '../platform/together.js';
import { type Files, TooLarge } from './files.js';

/** The largest file. */
export const MAX_UPLOAD = 20 * 1024 * 1024;

/** What may be uploaded, and how its content begins. */
export const MEDIA_TYPES: Record<string, (head: Buffer) => boolean> = {
  'image/jpeg': (head) => head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  'image/png': (head) => head.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  'image/webp': (head) =>
    head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP',
  'application/pdf': (head) => head.toString('latin1', 0, 5) === '%PDF-',
};

/** Files on their way into cases: each known by a receipt that its uploader puts into a command. */
export class Uploads {
  constructor(
    private readonly sql: Sql,
    private readonly files: Files,
  ) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql`create schema if not exists evidence`;
    await sql`create table if not exists evidence.uploads (
      receipt uuid primary key default gen_random_uuid(), case_id uuid not null, person text not null,
      sha256 text not null, bytes bigint not null, media_type text not null,
      made_at timestamptz not null default now(), unique (case_id, person, sha256))`;
  }

  /** The same content again, by the same person for the same case, has the same receipt. */
  async receive(caseId: Uuid, person: string, mediaType: string, content: Readable): Promise<Upload> {
    const begins = Object.hasOwn(MEDIA_TYPES, mediaType) ? MEDIA_TYPES[mediaType] : undefined;
    if (!begins) refuse('input/media-type');
    const accept = (head: Buffer): void => {
      if (!begins(head)) refuse('input/media-type');
    };
    const { sha256, bytes } = await this.files.put(content, MAX_UPLOAD, accept).catch((error: unknown) => {
      if (error instanceof TooLarge) refuse('input/too-large');
      throw error;
    });
    const [row] = await this.sql<{ receipt: Uuid }[]>`
      insert into evidence.uploads ${this.sql({ case_id: caseId, person, sha256, bytes, media_type: mediaType })}
      on conflict (case_id, person, sha256) do update set case_id = excluded.case_id returning receipt`;
    return { receipt: row?.receipt ?? '', sha256, bytes, mediaType };
  }

  content(sha256: string, most: number): Promise<Buffer | null> {
    return this.files.read(sha256, most);
  }
}

@QueryHandler(StoredFile)
export class StoredFileHandler implements IQueryHandler<StoredFile> {
  constructor(private readonly uploads: Uploads) {}

  execute({ sha256, most }: StoredFile): Promise<Buffer | null> {
    return this.uploads.content(sha256, most);
  }
}

@QueryHandler(UploadsOf)
export class UploadsOfHandler implements IQueryHandler<UploadsOf> {
  readonly #together: Together<UploadsOf, Upload[]>;

  constructor(@Inject(SQL) sql: Sql) {
    this.#together = new Together(async (asked) => {
      const all = asked.flatMap(({ caseId, person, receipts }, n) =>
        receipts.map((receipt) => ({ n, receipt, caseId, person })),
      );
      // Each is looked up by itself: a plan made while the table was small would read all of it.
      const found = await sql<(Upload & { n: number })[]>`
        select a.n, u.* from unnest(${all.map(({ n }) => n)}::int[], ${all.map(({ receipt }) => receipt)}::uuid[],
          ${all.map(({ caseId }) => caseId)}::uuid[], ${all.map(({ person }) => person)}::text[])
          a(n, receipt, case_id, person)
        cross join lateral (
          select u.receipt, u.sha256, u.bytes, u.media_type as "mediaType" from evidence.uploads u
          where u.receipt = a.receipt and u.case_id = a.case_id and u.person = a.person offset 0) u`;
      const answers: Upload[][] = asked.map(() => []);
      for (const { n, ...upload } of found) answers[n]?.push(upload);
      return answers;
    });
  }

  execute(asked: UploadsOf): Promise<Upload[]> {
    return this.#together.answer(asked);
  }
}
