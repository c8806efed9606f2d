import { dayIn } from '../../calendar/working-days.js';
import { type Sum } from '../../contracts/ledger.js';
import { type Day } from '../../contracts/values.js';
import { type Beside, type Moved } from '../../eventing/project.js';
import { BETWEEN } from '../../platform/record-text.js';
import { type Tx } from '../../platform/sql.js';
import { COUNTED, type CountedRow, isPlain, MEASURE_NAMES, measuresOf } from './measures.js';
import { type World } from './places.js';
import { type Row, touching } from './row.js';

/** What is more, or less, of a measure in a place since a day. */
export interface Delta extends Sum {
  day: Day;
  place: string;
  category: string;
  source: string;
  measure: string;
}

/** Where a plain row is counted, and what it adds to each of its measures; subtracts, with the sign the other way. */
interface Tally {
  sign: 1 | -1;
  day: Day;
  place: string;
  category: string;
  source: string;
  weight: number;
  amountFen: number;
  rectifiedFen: number;
  /** By their numbers. */
  measures: readonly number[];
}

/** Of one event: at most what it takes away, and what it adds. */
export type Moves = readonly Tally[];

const NO_MOVES: Moves = [];

const isCounted = touching(COUNTED);

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
export const deltas = (schema: string, { zone }: World): Beside<Cells, Row> => ({
  nothing: () => new Map(),
  note: (cells, _, moved) => {
    if (moved) for (const tally of movesOf(moved, zone)) add(cells, tally);
  },
  write: (tx, cells) => writeSums(tx, schema, deltasOf(cells)),
});

/** This is done of every event: what changes no figure costs next to nothing, and little is kept of what does. */
function movesOf({ before, change, at }: Moved<Row>, zone: string): Moves {
  if (!before) return difference(undefined, change as Row, dayIn(zone, at));
  if (!isCounted(change)) return NO_MOVES;
  return difference(before, countedOf(before, change), dayIn(zone, at));
}

/** Column by column: copying the whole row, or going through names, takes several times as long. */
const countedOf = (row: Row, change: Partial<Row>): CountedRow => ({
  source: now(change.source, row.source),
  categories: now(change.categories, row.categories),
  place: now(change.place, row.place),
  visibility: now(change.visibility, row.visibility),
  excluded: now(change.excluded, row.excluded),
  weight: now(change.weight, row.weight),
  amountFen: now(change.amountFen, row.amountFen),
  rectifiedFen: now(change.rectifiedFen, row.rectifiedFen),
  status: now(change.status, row.status),
  open: now(change.open, row.open),
  adopted: now(change.adopted, row.adopted),
  flags: now(change.flags, row.flags),
  recognition: now(change.recognition, row.recognition),
  firstVerification: now(change.firstVerification, row.firstVerification),
  closures: now(change.closures, row.closures),
  closedAt: now(change.closedAt, row.closedAt),
  reopened: now(change.reopened, row.reopened),
  reopenCauses: now(change.reopenCauses, row.reopenCauses),
  extended: now(change.extended, row.extended),
  returns: now(change.returns, row.returns),
});

const now = <T>(changed: T | undefined, stood: T): T => (changed === undefined ? stood : changed);

/** What a row that stood as `before` makes of the figures when it stands as `after`. */
export function difference(before: CountedRow | undefined, after: CountedRow, day: Day): Moves {
  const [less, more] = [before && tallied(before, -1, day), tallied(after, 1, day)];
  if (!less || !more || !isBeside(less, more)) return [less, more].filter((one) => one !== undefined);
  return [
    { ...less, measures: less.measures.filter((one) => !more.measures.includes(one)) },
    { ...more, measures: more.measures.filter((one) => !less.measures.includes(one)) },
  ].filter(({ measures }) => measures.length > 0);
}

function tallied(row: CountedRow, sign: 1 | -1, day: Day): Tally | undefined {
  const { place, source, weight, rectifiedFen } = row;
  if (!isPlain(row) || place === null) return undefined;
  const [category = ''] = row.categories;
  const amountFen = row.amountFen ?? 0;
  return { sign, day, place, category, source, weight, amountFen, rectifiedFen, measures: measuresOf(row) };
}

/** Whether nothing but the measures differs. */
const isBeside = (a: Tally, b: Tally): boolean =>
  a.place === b.place &&
  a.category === b.category &&
  a.source === b.source &&
  a.weight === b.weight &&
  a.amountFen === b.amountFen &&
  a.rectifiedFen === b.rectifiedFen;

/** Sums of all measures by where and when they are counted. */
type Cells = Map<string, { tally: Tally; sums: Float64Array }>;

/** Each key once; what comes to nothing is left out. */
export function summedUp(noted: readonly Moves[]): Delta[] {
  const cells: Cells = new Map();
  for (const moves of noted) for (const tally of moves) add(cells, tally);
  return deltasOf(cells);
}

function deltasOf(cells: Cells): Delta[] {
  return [...cells.values()].flatMap(({ tally: { day, place, category, source }, sums }) =>
    MEASURE_NAMES.flatMap((measure, n): Delta[] => {
      const [cases = 0, weight = 0, amountFen = 0, rectifiedFen = 0] = sums.subarray(
        n * WIDTH,
        (n + 1) * WIDTH,
      );
      const isNothing = cases === 0 && weight === 0 && amountFen === 0 && rectifiedFen === 0;
      return isNothing
        ? []
        : [{ day, place, category, source, measure, cases, weight, amountFen, rectifiedFen }];
    }),
  );
}

const WIDTH = SUMS.length;

function add(cells: Cells, tally: Tally): void {
  const { sign, day, place, category, source, weight, amountFen, rectifiedFen, measures } = tally;
  const key = `${day}${BETWEEN}${place}${BETWEEN}${category}${BETWEEN}${source}`;
  let cell = cells.get(key);
  if (!cell) cells.set(key, (cell = { tally, sums: new Float64Array(MEASURE_NAMES.length * WIDTH) }));
  const { sums } = cell;
  const amounts = [1, weight, amountFen, rectifiedFen];
  for (const measure of measures)
    for (let n = 0; n < WIDTH; n++) {
      const at = measure * WIDTH + n;
      sums[at] = (sums[at] ?? 0) + sign * (amounts[n] ?? 0);
    }
}

/** Keys in one statement. */
const STATEMENT = 2000;

export const writeDeltas = (tx: Tx, schema: string, noted: readonly Moves[]): Promise<void> =>
  writeSums(tx, schema, summedUp(noted));

async function writeSums(tx: Tx, schema: string, all: readonly Delta[]): Promise<void> {
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
