import { type Sql } from '../platform/sql.js';
import { Tokens } from './sessions/tokens.js';

/** Secrets stand as hashes only, but for that of the second factor, which is sealed. */
const SCHEMA = `
create schema if not exists identity;

create table if not exists identity.accounts (
  id uuid primary key default gen_random_uuid(),
  name text collate "C" not null unique,
  person text collate "C" not null unique,
  password text,
  totp bytea,
  totp_waiting bytea,
  totp_step bigint not null default 0,
  made_at timestamptz not null default now(),
  signed_in_at timestamptz,
  disabled_at timestamptz
);
create table if not exists identity.recovery_codes (
  hash bytea primary key, account uuid not null, used_at timestamptz
);
create index if not exists recovery_codes_account on identity.recovery_codes (account);
create table if not exists identity.set_ups (
  hash bytea primary key, account uuid not null, until timestamptz not null, used_at timestamptz
);
create index if not exists set_ups_account on identity.set_ups (account);
create table if not exists identity.sessions (
  hash bytea primary key,
  person text collate "C" not null,
  account uuid,
  unit text not null,
  role text not null,
  stage text not null,
  strong boolean not null,
  made_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  until timestamptz not null,
  last_sign_in timestamptz
);
alter table identity.sessions add column if not exists id uuid not null default gen_random_uuid(),
  add column if not exists browser text not null default '', add column if not exists address text not null default '';
create index if not exists sessions_person on identity.sessions (person);
create table if not exists identity.failures (
  key bytea primary key, failures int not null, last_at timestamptz not null, locked_until timestamptz not null
);
create table if not exists identity.links (
  issuer text not null, subject text not null, person text collate "C" not null, primary key (issuer, subject)
);
create table if not exists identity.attempts (
  browser bytea primary key, state text not null, nonce text not null, verifier text not null,
  back text not null, until timestamptz not null
);
`;

/** What a person signs in with, and what is known of who has. */
export async function migrateIdentity(sql: Sql): Promise<void> {
  await Tokens.migrate(sql);
  await sql.unsafe(SCHEMA);
}
