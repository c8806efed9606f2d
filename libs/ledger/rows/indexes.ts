import { type Sql } from '../../platform/sql.js';
import { SPECIAL } from './measures.js';
import { HOLDER_INDEXES } from './retention.js';
import { SEARCH_INDEXES } from './search-text.js';
import { SORTS } from '../asking/sorts.js';

/**
 * What finds rows quickly. Rows that are made from the beginning of a log are made without: an index that is built over
 * all of them costs a fraction of one that is kept from the first on. Reading goes on meanwhile.
 */
export async function indexLedger(sql: Sql, schema: string): Promise<void> {
  const there = await sql<{ indexname: string }[]>`
    select indexname from pg_indexes where schemaname = ${schema}`;
  const names = new Set(there.map(({ indexname }) => indexname));
  for (const [name, on] of Object.entries(INDEXES))
    // One that is there would be asked for with a lock all the same, which waits for whoever writes, and may wait crosswise.
    if (!names.has(name)) await sql.unsafe(`create index if not exists ${name} on ${schema}.${on}`);
  await sql.unsafe(`analyze ${schema}.cases, ${schema}.search, ${schema}.totals, ${schema}.holders`);
}

/** By name, of which table and what of it. By these pages are found; what changes with every event is in none of them. */
const INDEXES: Readonly<Record<string, string>> = {
  cases_reach: 'cases using gin (reach)',
  cases_open: 'cases (seq) where open',
  cases_special: `cases (seq) where ${SPECIAL}`,
  ...Object.fromEntries(
    Object.entries(SORTS)
      .filter(([, { index }]) => index === 'own')
      .map(([name, { key }]) => [`cases_${name.toLowerCase()}`, `cases ((${key}), seq)`]),
  ),
  ...SEARCH_INDEXES,
  ...HOLDER_INDEXES,
};
