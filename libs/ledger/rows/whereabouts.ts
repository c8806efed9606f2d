import { BETWEEN } from '../../platform/record-text.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { type Row } from './row.js';

/** SQL of where a case is counted, as the indexes of orders have it: what lies in several places stands apart. */
export const PLACE = `coalesce(place, '')`;

/** An element of `reach`, and a place under which a case with it is counted, or was. */
interface Met {
  element: string;
  place: string;
}

/**
 * Where cases lie that concern somebody: nearly always in one place of a hundred, which an index tells of them without a
 * look at the rows. It grows with units and divisions, not with cases.
 */
export const whereaboutsTable = (schema: string): string => `
  create table if not exists ${schema}.whereabouts (
    element text not null, place text not null, primary key (element, place));`;

/**
 * Finds the pairs of rows that are to be written. Each is told once, and taken for written from then on: where writing
 * fails another must be begun.
 */
export function meeting(): (rows: readonly Pick<Row, 'reach' | 'place'>[]) => Met[] {
  const known = new Map<string, Set<string>>();
  const seen = new WeakMap<readonly string[], string>();
  return (rows) => {
    const fresh: Met[] = [];
    for (const { reach, place: counted } of rows) {
      const place = counted ?? '';
      // Rows are written again and again, and hardly ever concern others than before.
      if (seen.get(reach) === place) continue;
      seen.set(reach, place);
      let elements = known.get(place);
      if (!elements) known.set(place, (elements = new Set()));
      for (const element of reach) {
        if (elements.has(element)) continue;
        elements.add(element);
        fresh.push({ element, place });
      }
    }
    return fresh;
  };
}

/** Names the first pair that rows have and the table does not: lists would pass them over. It goes through all rows. */
export async function missingIn(sql: Sql | Tx, schema: string): Promise<string | undefined> {
  const [missing] = await sql<Met[]>`
    select element, ${sql.unsafe(PLACE)} as place from ${sql(schema)}.cases, unnest(reach) element
    except select element, place from ${sql(schema)}.whereabouts order by 1, 2 limit 1`;
  return (
    missing &&
    `whereabouts ${missing.element} ${missing.place || 'of several places'} is missing in ${schema}`
  );
}

/** Pairs in one statement. */
const STATEMENT = 2000;

export async function writeWhereabouts(tx: Tx, schema: string, all: readonly Met[]): Promise<void> {
  for (let from = 0; from < all.length; from += STATEMENT) {
    const part = all.slice(from, from + STATEMENT);
    // A list of one empty text is written as an empty list.
    await tx.unsafe(
      `insert into ${schema}.whereabouts (element, place)
       select element, coalesce(place, '') from unnest(
         string_to_array($1, E'\\x1e'), string_to_array($2, E'\\x1e')) m(element, place)
       on conflict do nothing`,
      [part.map(({ element }) => element).join(BETWEEN), part.map(({ place }) => place).join(BETWEEN)],
      { prepare: true },
    );
  }
}
