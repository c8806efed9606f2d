/** A table whose rows stay as they were written, whoever asks: its owner and a superuser in replication mode, too. */
export interface Unchangeable {
  table: string;
  /** The function that refuses, in the table's schema. */
  guard: string;
  triggers: { changed: string; truncated: string };
  /** What it says; the operation is named behind it. */
  said: string;
}

/** SQL that makes a table so; again and again, where it is so already. */
export const unchangeable = ({ table, guard, triggers, said }: Unchangeable): string => `
create or replace function ${guard}() returns trigger language plpgsql as $$
begin
  raise exception '${said} (%)', tg_op using errcode = 'insufficient_privilege';
end $$;

create or replace trigger ${triggers.changed} before update or delete on ${table}
  for each row execute function ${guard}();
create or replace trigger ${triggers.truncated} before truncate on ${table}
  for each statement execute function ${guard}();
alter table ${table} enable always trigger ${triggers.changed};
alter table ${table} enable always trigger ${triggers.truncated};
`;
