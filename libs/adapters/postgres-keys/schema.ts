import { unchangeable } from '../../platform/unchangeable.js';

/** Numbers of advisory locks. */
export const MIGRATING = 7815011;
export const ONE_ERASURE_AT_A_TIME = 7815012;

/** Everything of the schema `sealing`. A key without bytes is a destroyed one. */
export const SCHEMA = `
create schema if not exists sealing;

create table if not exists sealing.keys (
  holder  uuid not null,
  version int not null check (version > 0),
  wrapped bytea,
  made_at timestamptz not null default now(),
  primary key (holder, version)
);

create table if not exists sealing.erasures (
  holder    uuid primary key,
  erased_at timestamptz not null
);
create index if not exists erasures_by_time on sealing.erasures (erased_at, holder);

create table if not exists sealing.indexes (
  kind    text not null,
  index   bytea not null check (length(index) = 32),
  holder  uuid not null,
  case_id uuid not null,
  primary key (kind, index, holder, case_id)
);
-- Whom an index means is one holder, whoever asks at the same time.
create unique index if not exists indexes_of_one on sealing.indexes (kind, index) where case_id = holder;
create index if not exists indexes_by_holder on sealing.indexes (holder);

${unchangeable({
  ...{ table: 'sealing.erasures', guard: 'sealing.erasures_stay', said: 'erasures are never changed' },
  triggers: { changed: 'erasures_stay', truncated: 'erasures_never_truncated' },
})}

-- A key may be destroyed; otherwise it stays as it was made, and a destroyed one never comes back.
create or replace function sealing.keys_stay() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.wrapped is null and (new.holder, new.version) = (old.holder, old.version) then return new; end if;
  end if;
  raise exception 'keys are destroyed by erasing only (%)', tg_op using errcode = 'insufficient_privilege';
end $$;

create or replace trigger keys_stay before update or delete on sealing.keys
  for each row execute function sealing.keys_stay();
create or replace trigger keys_never_truncated before truncate on sealing.keys
  for each statement execute function sealing.keys_stay();
alter table sealing.keys enable always trigger keys_stay;
alter table sealing.keys enable always trigger keys_never_truncated;
`;
