import { type Sql, type Tx } from '../../../libs/platform/sql.js';
import { LOG } from './manifest.js';

/** A table that belongs into a backup, and its columns in order. */
export interface Table {
  name: string;
  columns: string[];
}

const PASSING = ['sessions', 'set_ups', 'attempts', 'failures'].map((name) => `identity.${name}`);

/**
 * Every table but those of read models, which are made anew from the log: a schema with a checkpoint is one; and but
 * what is told of changes, which is over in an hour. Nor is anybody signed in who was so when it was made, and no link
 * opens an account again. The log is first.
 */
export async function tablesIn(sql: Sql | Tx): Promise<Table[]> {
  return sql<Table[]>`
    select t.table_schema || '.' || t.table_name as name,
      array_agg(c.column_name::text order by c.ordinal_position) as columns
    from information_schema.tables t
      join information_schema.columns c using (table_schema, table_name)
    where t.table_type = 'BASE TABLE' and t.table_schema not in ('pg_catalog', 'information_schema', 'ledger', 'live')
      and not exists (select from information_schema.tables p
        where p.table_schema = t.table_schema and p.table_name = 'checkpoint')
      and t.table_schema || '.' || t.table_name <> all (${PASSING}::text[])
    group by 1 order by t.table_schema || '.' || t.table_name <> ${LOG}, 1`;
}

/** As statements name it. Names come from the catalogue or were compared with it. */
export function named({ name, columns }: Table): string {
  const quoted = (part: string): string => `"${part.replaceAll('"', '""')}"`;
  return `${name.split('.').map(quoted).join('.')} (${columns.map(quoted).join(', ')})`;
}
