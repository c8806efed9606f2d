import { type DivisionId } from '../../contracts/values.js';
import { type Beside } from '../../eventing/project.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { type Places, placeOf } from './places.js';
import { type Row } from './row.js';

/** Where a division lay when rows were written with it. */
export interface Written {
  division: DivisionId;
  lineage: readonly DivisionId[];
  place: DivisionId;
}

export const lineageTable = (schema: string): string => `
  create table if not exists ${schema}.lineages (
    division text primary key, lineage text[] not null, place text not null);`;

export const writtenWith = (division: DivisionId, places: Places): Written => ({
  division,
  lineage: places.lineage(division),
  place: placeOf(division, places),
});

/** Notes where each division lay that rows are written with, when it is met first: what has moved since is found by it. */
export function lineages(schema: string, places: Places): Beside<Written[], Row> {
  const met = new Set<DivisionId>();
  return {
    nothing: () => [],
    note: (fresh, _, moved) => {
      for (const division of moved?.change.divisions ?? []) {
        if (met.has(division)) continue;
        met.add(division);
        fresh.push(writtenWith(division, places));
      }
    },
    write: async (tx, fresh) => {
      if (fresh.length > 0)
        await tx`
          insert into ${tx(schema)}.lineages (division, lineage, place)
          select division, lineage, place from ${recordset(tx, fresh)} on conflict do nothing`;
    },
  };
}

export async function rewrite(tx: Tx, schema: string, moved: readonly Written[]): Promise<void> {
  await tx`
    update ${tx(schema)}.lineages l set lineage = n.lineage, place = n.place
    from (select division, lineage, place from ${recordset(tx, moved)}) n where n.division = l.division`;
}

const recordset = (tx: Tx, all: readonly Written[]) => tx`
  json_to_recordset(${JSON.stringify(all)}::text::json) w(division text, lineage text[], place text)`;

/** Divisions that lie otherwise now than when rows were written with them. */
export async function movedSince(sql: Sql, schema: string, places: Places): Promise<Written[]> {
  const known = await sql<Written[]>`select division, lineage, place from ${sql(schema)}.lineages`;
  return known.flatMap((written) => {
    const now = writtenWith(written.division, places);
    const same = now.place === written.place && now.lineage.join() === written.lineage.join();
    return same ? [] : [now];
  });
}
