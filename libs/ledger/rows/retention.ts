import { dayIn } from '../../calendar/working-days.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { holdersIn } from '../../contracts/sealing.js';
import { type Uuid } from '../../contracts/values.js';
import { type Recorded, type Stamp } from '../../eventing/event.js';
import { type Beside } from '../../eventing/project.js';
import { type Row } from './row.js';

/** Who is sealed in which case; in a table of its own, as a case may list thousands. */
export const holderTable = (schema: string): string => `
  create table if not exists ${schema}.holders (
    "caseId" uuid, holder uuid, primary key ("caseId", holder));`;

/** By name. The first finds what ended first; what it stands on changes when a case ends, and no other time. */
export const HOLDER_INDEXES = {
  cases_retention: 'cases ("endedOn", seq) where erasable and "endedOn" is not null',
  holders_holder: 'holders (holder)',
} as const;

/** A change of a row, with since when it is at its end, a day of the zone, and whether somebody is sealed in it. */
export function retained(
  row: Row | undefined,
  { event, meta }: Recorded<CaseEvent, Stamp>,
  change: Partial<Row>,
  zone: string,
): Partial<Row> {
  const { open, statedClosedOn } = change;
  if (open === true && (row?.endedOn ?? null) !== null) change.endedOn = null;
  // From one end to another it has not been taken up again.
  if (open === false && row?.open !== false) change.endedOn = statedClosedOn ?? dayIn(zone, meta.recordedAt);
  if (event.type === 'RetentionEnded') change.erasable = false;
  else if (holdersIn(event)) change.erasable = true;
  return change;
}

/** In one statement. */
const STATEMENT = 2000;

/** Of each case who came to it; `gone`: who was noted of it before was erased with it. */
type Noted = Map<Uuid, { gone: boolean; holders: Set<Uuid> }>;

/** Notes who is sealed in a case, as its events name them, until they are erased with it. */
export const holders = (schema: string): Beside<Noted, Row> => ({
  nothing: () => new Map(),
  note: (noted, { stored }, moved) => {
    const erasable = moved?.change.erasable;
    if (erasable === undefined) return;
    const id = stored.stream.slice('case-'.length);
    const known = noted.get(id) ?? { gone: false, holders: new Set<Uuid>() };
    noted.set(
      id,
      erasable
        ? { ...known, holders: holdersIn(JSON.parse(stored.data), known.holders) }
        : { gone: true, holders: new Set() },
    );
  },
  // Lists go as texts, as everywhere here.
  write: async (tx, noted) => {
    const gone = [...noted].flatMap(([id, one]) => (one.gone ? [id] : []));
    if (gone.length > 0)
      await tx`delete from ${tx(schema)}.holders
        where "caseId" = any (string_to_array(${gone.join()}, ',')::uuid[])`;
    const all = [...noted].flatMap(([id, one]) => [...one.holders].map((holder) => [id, holder] as const));
    for (let from = 0; from < all.length; from += STATEMENT) {
      const some = all.slice(from, from + STATEMENT);
      await tx`
        insert into ${tx(schema)}.holders ("caseId", holder)
        select id::uuid, holder::uuid from unnest(
          string_to_array(${some.map(([id]) => id).join()}, ','),
          string_to_array(${some.map(([, holder]) => holder).join()}, ',')) n(id, holder)
        on conflict do nothing`;
    }
  },
});
