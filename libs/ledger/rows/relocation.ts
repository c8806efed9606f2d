import { type Day } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { NAMES, quoted } from './columns.js';
import { writeDeltas } from './deltas.js';
import { movedSince, rewrite } from './lineages.js';
import { inDivision, whereabouts, type World } from './places.js';
import { ledgerProjection } from './projection.js';
import { type Row } from './row.js';
import { writeReach } from './search-text.js';

/** Rows of one transaction. */
const AT_ONCE = 500;

/**
 * Brings rows, and the figures of the day, to where divisions lie now. Nothing else may write the rows meanwhile. Broken
 * off, it is done again from the start: rows that have moved already do not move again.
 * @returns how many rows moved
 */
export async function relocate(sql: Sql, schema: string, world: World, today: Day): Promise<number> {
  const moved = await movedSince(sql, schema, world.places);
  if (moved.length === 0) return 0;
  const elements = moved.map(({ division }) => inDivision(division));
  let count = 0;
  for (let seq = 0; ;) {
    const rows = await sql<Row[]>`
      select ${sql.unsafe(NAMES.map(quoted).join(', '))} from ${sql(schema)}.cases
      where reach && ${elements} and seq > ${seq} order by seq limit ${AT_ONCE}`;
    const last = rows.at(-1);
    if (!last) break;
    ({ seq } = last);
    count += await relocated(sql, schema, world, rows, today);
  }
  await sql.begin((tx) => rewrite(tx, schema, moved));
  return count;
}

async function relocated(
  sql: Sql,
  schema: string,
  world: World,
  rows: readonly Row[],
  today: Day,
): Promise<number> {
  const moves = rows
    .map((row) => ({ row, now: { ...row, ...whereabouts(row, world.places) } }))
    .filter(({ row, now }) => now.place !== row.place || now.reach.join() !== row.reach.join());
  if (moves.length === 0) return 0;
  await sql.begin(async (tx) => {
    const rows = moves.map(({ now }) => now);
    await ledgerProjection(schema, world).save(tx, rows);
    await writeReach(tx, schema, rows);
    await writeDeltas(
      tx,
      schema,
      moves.map(({ row, now }) => ({ before: row, after: now, day: today })),
    );
  });
  return moves.length;
}
