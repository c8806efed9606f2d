import { type Day } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { type Divisions, divisionsAt } from '../at.js';
import { type DivisionDoc } from '../docs.js';
import { REGISTER } from '../projection.js';
import { entryOf } from '../table.js';

/** What lies in what on a day, as the docs have it: for whoever needs nothing else of the register, nor a key. */
export async function divisionsIn(sql: Sql, day: Day): Promise<Divisions> {
  const rows = await sql<{ stream: string; doc: DivisionDoc }[]>`
    select stream, doc from ${sql(REGISTER)}.docs where stream ^@ 'division-'`;
  return divisionsAt(new Map(rows.map(({ stream, doc }) => [entryOf(stream)?.id ?? '', doc])), day);
}
