import { dayIn } from '../calendar/working-days.js';
import { type Sum } from '../contracts/ledger.js';
import { type Day } from '../contracts/values.js';
import { type Beside, type Moved } from '../eventing/project.js';
import { BETWEEN } from '../platform/record-text.js';
import { type Tx } from '../platform/sql.js';
import { COUNTED, type CountedRow, isPlain, measuresOf } from './measures.js';
import { type World } from './places.js';
import { type Row } from './row.js';

/** What is more, or less, of a measure in a place since an event. */
export interface Delta extends Sum {
  day: Day;
  place: string;
  category: string;
  source: string;
  measure: string;
}

const KEYS = ['day', 'place', 'category', 'source', 'measure'] as const;
const SUMS = ['cases', 'weight', 'amountFen', 'rectifiedFen'] as const;

/** `deltas` is only ever added to, several rows of one key among it; `totals` is their sum over all days. */
export const deltaTables = (schema: string): string => `
  create table if not exists ${schema}.deltas (
    day text not null, place text not null, category text not null, source text not null, measure text not null,
    cases bigint not null, weight bigint not null, "amountFen" bigint not null, "rectifiedFen" bigint not null);
  create index if not exists deltas_day on ${schema}.deltas (day);
  create table if not exists ${schema}.totals (
    place text not null, category text not null, source text not null, measure text not null,
    cases bigint not null, weight bigint not null, "amountFen" bigint not null, "rectifiedFen" bigint not null,
    primary key (place, category, source, measure)) with (fillfactor = 50);`;

/** Keeps the figures of plain rows. */
export const deltas = (schema: string, { zone }: World): Beside<readonly Delta[] | undefined, Row> => ({
  of: (_, moved) => moved && differenceOf(moved, zone),
  write: (tx, noted) => writeDeltas(tx, schema, noted),
});

function differenceOf({ before, change, at }: Moved<Row>, zone: string): Delta[] | undefined {
  if (before && !COUNTED.some((name) => name in change)) return undefined;
  // The few columns that are counted, not the whole row: this is done of every event.
  const after = Object.fromEntries(
    COUNTED.map((name) => [name, name in change ? change[name] : before?.[name]]),
  ) as unknown as CountedRow;
  return difference(before, after, dayIn(zone, at));
}

/** What a row that stood as `before` makes of the figures when it stands as `after`. */
export function difference(before: CountedRow | undefined, after: CountedRow, day: Day): Delta[] {
  const found = new Map<string, Delta>();
  if (before) tally(found, before, -1, day);
  tally(found, after, 1, day);
  return [...found.values()].filter((delta) => SUMS.some((name) => delta[name] !== 0));
}

function tally(into: Map<string, Delta>, row: CountedRow, sign: 1 | -1, day: Day): void {
  const { place, source, categories } = row;
  if (!isPlain(row) || place === null) return;
  const [category = ''] = categories;
  for (const measure of measuresOf(row)) {
    add(into, {
      ...{ day, place, category, source, measure },
      cases: sign,
      weight: sign * row.weight,
      amountFen: sign * (row.amountFen ?? 0),
      rectifiedFen: sign * row.rectifiedFen,
    });
  }
}

function add(into: Map<string, Delta>, delta: Delta): void {
  const { day, place, category, source, measure } = delta;
  const key = [measure, place, category, source, day].join(BETWEEN);
  const found = into.get(key);
  if (!found) into.set(key, delta);
  else for (const name of SUMS) found[name] += delta[name];
}

/** Keys in one statement. */
const STATEMENT = 2000;

/** Those of a batch, each key once. */
export async function writeDeltas(
  tx: Tx,
  schema: string,
  noted: readonly (readonly Delta[] | undefined)[],
): Promise<void> {
  const summed = new Map<string, Delta>();
  for (const some of noted) for (const delta of some ?? []) add(summed, { ...delta });
  const all = [...summed.values()].filter((delta) => SUMS.some((name) => delta[name] !== 0));
  for (let from = 0; from < all.length; from += STATEMENT) {
    const lists = columnsOf(all.slice(from, from + STATEMENT));
    await tx.unsafe(statement(schema), lists, { prepare: true });
  }
}

/** Lists as texts, as the index of the log is written. */
const columnsOf = (part: readonly Delta[]): string[] =>
  [...KEYS, ...SUMS].map((name) => part.map((delta) => delta[name]).join(BETWEEN));

function statement(schema: string): string {
  // A list of one empty text is written as an empty list.
  const keys = KEYS.map((name) => `coalesce(n.${name}, '') as ${name}`).join(', ');
  const sums = SUMS.map((name) => `n."${name}"::bigint as "${name}"`).join(', ');
  const lists = [...KEYS, ...SUMS].map((_, n) => `string_to_array($${n + 1}, E'\\x1e')`).join(', ');
  const names = [...KEYS, ...SUMS].map((name) => `"${name}"`).join(', ');
  return `
    with given as (select ${keys}, ${sums} from unnest(${lists}) n(${names})),
      kept as (insert into ${schema}.deltas (${names}) select ${names} from given)
    insert into ${schema}.totals as t (place, category, source, measure, ${SUMS.map((name) => `"${name}"`).join(', ')})
    select place, category, source, measure, ${SUMS.map((name) => `sum("${name}")`).join(', ')}
    from given group by place, category, source, measure
    on conflict (place, category, source, measure) do update
      set ${SUMS.map((name) => `"${name}" = t."${name}" + excluded."${name}"`).join(', ')}`;
}
