import { headlong, type Pace } from '../../platform/pace.js';
import { type Sql } from '../../platform/sql.js';
import { SPECIAL } from './measures.js';
import { HOLDER_INDEXES } from './retention.js';
import { SEARCH_INDEXES } from './search-text.js';
import { PLACE } from './whereabouts.js';
import { SORTS } from '../asking/sorts.js';

/**
 * What finds rows quickly. Rows that are made from the beginning of a log are made without: an index that is built over
 * all of them costs a fraction of one that is kept from the first on. Reading goes on meanwhile.
 */
export async function indexLedger(sql: Sql, schema: string, pace: Pace = headlong): Promise<void> {
  const there = await sql<{ indexname: string }[]>`
    select indexname from pg_indexes where schemaname = ${schema}`;
  const names = new Set(there.map(({ indexname }) => indexname));
  // One that is there would be asked for with a lock all the same, which waits for whoever writes, and may wait crosswise.
  const missing = Object.entries(INDEXES).filter(([name]) => !names.has(name));
  const say = async (statement: string): Promise<void> => {
    const from = performance.now();
    await sql.unsafe(statement);
    await pace(performance.now() - from);
  };
  for (const [name, on] of missing) await say(`create index if not exists ${name} on ${schema}.${on}`);
  // It takes seconds, and every start comes by here; what rows become later PostgreSQL looks at by itself.
  if (missing.length === 0 && (await isKnown(sql, schema))) return;
  // The cases last: that they are known says that all are.
  for (const table of ['search', 'totals', 'holders', 'whereabouts', 'cases'])
    await say(`analyze ${schema}.${table}`);
}

/** Whether PostgreSQL has looked at the rows: a process can end between the last index and that. */
async function isKnown(sql: Sql, schema: string): Promise<boolean> {
  const found = await sql`
    select from pg_stats where schemaname = ${schema} and tablename = 'cases' and attname = 'id'`;
  return found.length > 0;
}

/** By name, of which table and what of it. By these pages are found; what changes with every event is in none of them. */
const INDEXES: Readonly<Record<string, string>> = {
  cases_reach: 'cases using gin (reach)',
  // Where a case is counted stands last in the index of every order: those of a county are met among all without a look at the rows.
  cases_seq: `cases (seq, (${PLACE}))`,
  cases_open: 'cases (seq) where open',
  // What is under way in a county, and in no order.
  cases_open_place: `cases ((${PLACE}), seq) where open`,
  cases_special: `cases (seq) where ${SPECIAL}`,
  // Closed ones that somebody has to answer for: few among all that ever were.
  cases_look_backs: 'cases (seq) where "lookBackAnswerBy" is not null',
  ...Object.fromEntries(
    Object.entries(SORTS)
      .filter(([, { index }]) => index === 'own')
      .map(([name, { key }]) => [`cases_${name.toLowerCase()}`, `cases ((${key}), seq, (${PLACE}))`]),
  ),
  ...SEARCH_INDEXES,
  ...HOLDER_INDEXES,
};
