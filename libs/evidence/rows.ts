import { type Upload } from '../contracts/case-events.js';
import { type Sealed } from '../contracts/sealing.js';
import { type Uuid } from '../contracts/values.js';
import { type Sql } from '../platform/sql.js';

/** A kept file as its row has it. */
export interface Row {
  receipt: Uuid;
  caseId: Uuid;
  person: string;
  sha256: string;
  bytes: number;
  mediaType: string;
  takenAt: string | null;
  latitudeE7: number | null;
  longitudeE7: number | null;
  holder: Uuid | null;
  /** The key of its content, sealed under its holder. */
  contentKey: Sealed | null;
  /** Of a photo, as `likenessOf` gives it. */
  likeness: string | null;
}

/** As a select of the one table names it. */
export const COLUMNS = `receipt, case_id as "caseId", person, sha256, bytes, media_type as "mediaType",
  taken_at as "takenAt", latitude_e7 as "latitudeE7", longitude_e7 as "longitudeE7", holder,
  content_key as "contentKey", likeness`;

/** An upload as commands and events have it. */
export function uploadOf(row: Omit<Row, 'caseId' | 'person' | 'contentKey' | 'likeness'>): Upload {
  const { receipt, sha256, bytes, mediaType, takenAt, latitudeE7, longitudeE7, holder } = row;
  return {
    ...{ receipt, sha256, bytes, mediaType },
    ...(takenAt !== null && { takenAt }),
    ...(latitudeE7 !== null &&
      longitudeE7 !== null && { takenPlace: { latitudeE7, longitudeE7, datum: 'WGS-84' as const } }),
    ...(holder !== null && { holder }),
  };
}

/**
 * Receipts of kept files, pictures that were made of them, and uploads that are under way. `attached`: the case has used
 * it, as far as somebody looked; `left_at`: since when it is given up, as nobody used it; `key`: under which an upload with
 * people in it lies on the disk while it comes.
 */
export async function migrateEvidence(sql: Sql): Promise<void> {
  await sql`create schema if not exists evidence`;
  await sql`create table if not exists evidence.uploads (
    receipt uuid primary key default gen_random_uuid(), case_id uuid not null, person text not null,
    sha256 text not null, bytes bigint not null, media_type text not null,
    made_at timestamptz not null default now(), unique (case_id, person, sha256))`;
  await sql`alter table evidence.uploads add column if not exists taken_at text,
    add column if not exists latitude_e7 int, add column if not exists longitude_e7 int,
    add column if not exists holder uuid, add column if not exists content_key jsonb,
    add column if not exists likeness text, add column if not exists likeness_keys int[],
    add column if not exists attached boolean not null default false,
    add column if not exists left_at timestamptz`;
  await sql`create index if not exists uploads_sha256 on evidence.uploads (sha256)`;
  await sql`create index if not exists uploads_likeness on evidence.uploads using gin (likeness_keys)`;
  await sql`create index if not exists uploads_loose on evidence.uploads (made_at) where not attached`;
  await sql`create unique index if not exists uploads_holder on evidence.uploads (holder)`;
  await sql`create table if not exists evidence.pictures (
    of_sha256 text not null, size text not null, sha256 text not null, primary key (of_sha256, size))`;
  await sql`create index if not exists pictures_sha256 on evidence.pictures (sha256)`;
  await sql`create table if not exists evidence.arriving (
    id uuid primary key, case_id uuid not null, person text not null, bytes bigint not null, media_type text not null,
    people boolean not null, reached bigint not null default 0, receipt uuid, made_at timestamptz not null default now())`;
  await sql`alter table evidence.arriving add column if not exists key bytea`;
  await sql`create index if not exists arriving_case on evidence.arriving (case_id, person)`;
  await sql`create index if not exists arriving_made on evidence.arriving (made_at)`;
}

/** Held while a file is kept or given up, so that none is given up that is being kept anew. A key for the hash beside it. */
export const FILE_LOCK = 7_815_008;
