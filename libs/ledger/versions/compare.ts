import { createHash } from 'node:crypto';
import { type Fragment, type Sql, type Tx } from '../../platform/sql.js';
import { taken } from '../../platform/taken.js';

/** A schema of the ledger, and the connections by which it is read. */
export interface Rows {
  sql: Sql | Tx;
  schema: string;
}

export interface Compared {
  cases: number;
  /** Hash over everything that stands in the schema, but its checkpoint and its whereabouts. */
  ledger: string;
  replay: string;
  /** The first difference, in words without content. */
  fault?: string;
}

/** One row of a table: what it is known by, and a hash of all of it. */
interface Line {
  key: string;
  hash: string;
  revision: number | null;
}

/** Where amounts are kept: rows of one key are added up, and what comes to nothing may stand there or not. */
const AMOUNTS: readonly string[] = ['deltas', 'totals'];
/** Where divisions have moved, the past stands under where they lay; made again, under where they lie: the sums agree. */
const DAY = 'day';
const AMOUNT = /^(?:int|integer|bigint|numeric)/;
/** Rows fetched at a time. */
const PAGE = 2000;

/** Compares everything in the schema that is served with what was made again from the log up to the same place. */
export async function compare(ledger: Rows, replay: Rows): Promise<Compared> {
  const names = [...new Set([...(await tablesOf(ledger)), ...(await tablesOf(replay))])];
  const hashes = [createHash('sha256'), createHash('sha256')] as const;
  let [cases, fault]: [number, string | undefined] = [0, undefined];
  // Cases first: what is otherwise follows from them.
  for (const table of names.sort(
    (a, b) => Number(b === 'cases') - Number(a === 'cases') || (a < b ? -1 : 1),
  )) {
    const [mine, theirs] = [linesOf(ledger, table), linesOf(replay, table)];
    for await (const [one, other] of together(mine, theirs)) {
      if (one) hashes[0].update(`${table} ${one.key} ${one.hash}\n`);
      if (other) hashes[1].update(`${table} ${other.key} ${other.hash}\n`);
      if (one && table === 'cases') cases++;
      fault ??= difference(table, one, other);
    }
  }
  const [of, made] = hashes.map((hash) => hash.digest('hex'));
  return { cases, ledger: of ?? '', replay: made ?? '', ...(fault !== undefined && { fault }) };
}

function difference(table: string, one: Line | undefined, other: Line | undefined): string | undefined {
  if (one && other && one.hash === other.hash) return undefined;
  const key = one?.key ?? other?.key ?? '';
  if (table !== 'cases') return `${table} ${key} is not what the log makes of it`;
  if (!one) return `case ${key} is missing in the ledger`;
  if (!other) return `case ${key} is in the ledger and not in the log`;
  return one.revision === other.revision
    ? `case ${key} differs from its events at revision ${String(one.revision)}`
    : `case ${key} stands at revision ${String(one.revision)} in the ledger, at ${String(other.revision)} in the log`;
}

/** Both lists in order of their keys, what has the same key together. */
async function* together(
  one: AsyncGenerator<Line>,
  other: AsyncGenerator<Line>,
): AsyncGenerator<[Line | undefined, Line | undefined]> {
  let [a, b] = [await one.next(), await other.next()];
  while (a.done !== true || b.done !== true) {
    const [left, right] = [a.done === true ? undefined : a.value, b.done === true ? undefined : b.value];
    const before = !right || (left !== undefined && left.key <= right.key);
    const after = !left || (right !== undefined && right.key <= left.key);
    yield [before ? left : undefined, after ? right : undefined];
    if (before) a = await one.next();
    if (after) b = await other.next();
  }
}

/** What rows of any version have in common. */
export async function count({ sql, schema }: Rows): Promise<{ cases: number; sum: string }> {
  const [found] = await sql<{ cases: number; weight: number }[]>`
    select count(*) as cases, coalesce(sum(weight), 0)::bigint as weight from ${sql(schema)}.cases`;
  const { cases, weight } = found ?? { cases: 0, weight: 0 };
  return { cases, sum: `${cases} cases of weight ${weight}` };
}

// Whereabouts are kept of what cases were once, and are less when made again: they are no difference.
async function tablesOf({ sql, schema }: Rows): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select table_name::text as name from information_schema.tables
    where table_schema = ${schema} and table_name not in ('checkpoint', 'whereabouts')`;
  return rows.map(({ name }) => name);
}

async function* linesOf(rows: Rows, table: string): AsyncGenerator<Line> {
  const { sql, schema } = rows;
  const columns = await columnsOf(rows, table);
  if (columns.length === 0) return;
  const amounts = AMOUNTS.includes(table);
  const by = columns.filter(({ name, key, type }) => (amounts ? !AMOUNT.test(type) && name !== DAY : key));
  const key = sql`concat_ws('/', ${listed(
    sql,
    by.map(({ name }) => sql`t.${sql(name)}`),
  )}) collate "C"`;
  const summed = columns.filter(({ type }) => AMOUNT.test(type)).map(({ name }) => sql`sum(t.${sql(name)})`);
  const query = amounts
    ? sql`select ${key} as key, md5(row(${listed(sql, summed)})::text) as hash, null::int as revision
        from ${sql(schema)}.${sql(table)} t group by 1
        having ${summed.reduce((all, one) => sql`${all} or ${one} <> 0`, sql`false`)} order by 1`
    : sql`select ${key} as key, md5(t::text) as hash,
        ${columns.some(({ name }) => name === 'revision') ? sql`t.revision` : sql`null::int`} as revision
        from ${sql(schema)}.${sql(table)} t order by 1`;
  for await (const page of query.cursor(PAGE)) yield* taken(page) as unknown as Line[];
}

/** By commas. */
const listed = (sql: Sql | Tx, parts: Fragment[]): Fragment =>
  parts.reduce((all, one, n) => (n === 0 ? one : sql`${all}, ${one}`), sql``);

/** In the order of the table; `key`: whether it is part of what a row is known by. */
async function columnsOf(
  { sql, schema }: Rows,
  table: string,
): Promise<{ name: string; type: string; key: boolean }[]> {
  return sql<{ name: string; type: string; key: boolean }[]>`
    select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
      coalesce(a.attnum = any (i.indkey), false) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where n.nspname = ${schema} and c.relname = ${table} order by a.attnum`;
}
