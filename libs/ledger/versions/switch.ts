import { type Sql } from '../../platform/sql.js';
import { type Place, placeOf } from './bring.js';
import { VERSION } from '../rows/columns.js';

/** So few events are caught up with in no time. */
const NEAR = 200;
/** Who gains on the worker no more after so many tries waits for it in the switch. */
const TRIES = 20;

type Bring = (to: Place) => Promise<void>;

/** Brings rows up to those of another schema, again and again, until those have hardly moved on meanwhile. */
export async function nearTo(bring: Bring, sql: Sql, schema: string): Promise<void> {
  for (let n = 0; n < TRIES; n++) {
    const place = await placeOf(sql, schema);
    await bring(place);
    const { ordinal } = await placeOf(sql, schema);
    if (ordinal - place.ordinal <= NEAR) return;
  }
}

/**
 * Serves another schema, in one transaction. Whoever writes the old one waits meanwhile, and then finds it closed: it has
 * nothing that the new one does not have, so nobody reads less than they have read before.
 * @returns for how long rows could not be written, in milliseconds
 */
export async function switchTo(
  sql: Sql,
  { from, to }: { from: string; to: string },
  bring: Bring,
): Promise<number> {
  let begun = 0;
  await sql.begin(async (tx) => {
    await tx`select from ledger.served where version = ${VERSION} for update`;
    const [place] = await tx<Place[]>`select position, ordinal from ${tx(from)}.checkpoint for update`;
    begun = performance.now();
    if (!place) throw new Error(`${from} has no checkpoint`);
    await bring(place);
    await tx`update ${tx(from)}.checkpoint set closed = true`;
    await tx`update ledger.served set schema = ${to}, before = ${from} where version = ${VERSION}`;
    await tx`select pg_notify('served', '')`;
  });
  return Math.round(performance.now() - begun);
}
