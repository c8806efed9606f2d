import { dayIn } from '../../calendar/working-days.js';
import { type Sum } from '../../contracts/ledger.js';
import { type Day } from '../../contracts/values.js';
import { type Beside, type Moved } from '../../eventing/project.js';
import { BETWEEN } from '../../platform/record-text.js';
import { type Tx } from '../../platform/sql.js';
import { COUNTED, type CountedRow, COUNTS, isPlain, MEASURE_NAMES, type PlainRow } from './measures.js';
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

/** A row of figures as it stood and as it stands since a day; undefined where it began. */
export interface Recounted {
  before: CountedRow | undefined;
  after: CountedRow;
  day: Day;
}

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
    if (moved) noteMoved(cells, moved, zone);
  },
  write: (tx, cells) => writeSums(tx, schema, deltasOf(cells)),
});

/** This is done of every event: what changes no figure costs next to nothing, and nothing is kept of what does but sums. */
function noteMoved(cells: Cells, { before, change, at }: Moved<Row>, zone: string): void {
  if (!before) add(cells, { before, after: change as Row, day: dayIn(zone, at) });
  else if (isCounted(change)) add(cells, { before, after: countedOf(before, change), day: dayIn(zone, at) });
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

/** Sums of all measures by where and when they are counted. */
type Cells = Map<string, Cell>;
interface Cell {
  day: Day;
  place: string;
  category: string;
  source: string;
  /** Of each measure, one after the other. */
  sums: Float64Array;
}

/** Whether it is counted in the same cell, by the same amounts. */
const isAlike = (a: CountedRow, b: CountedRow): boolean =>
  a.place === b.place &&
  a.categories[0] === b.categories[0] &&
  a.source === b.source &&
  a.weight === b.weight &&
  (a.amountFen ?? 0) === (b.amountFen ?? 0) &&
  a.rectifiedFen === b.rectifiedFen;

/** Each key once; what comes to nothing is left out. */
export function summedUp(all: readonly Recounted[]): Delta[] {
  const cells: Cells = new Map();
  for (const one of all) add(cells, one);
  return deltasOf(cells);
}

/** What a row adds where it stands now, and takes away where it stood. */
function add(cells: Cells, { before, after, day }: Recounted): void {
  const was = before && isPlain(before) ? before : undefined;
  const is = isPlain(after) ? after : undefined;
  if (!was || !is || !isAlike(was, is)) {
    if (was) addAll(cells, was, day, -1);
    if (is) addAll(cells, is, day, 1);
    return;
  }
  // Most events move a case from one measure to another, and leave it in all others.
  let cell: Cell | undefined;
  for (let n = 0; n < COUNTS.length; n++) {
    const counted = COUNTS[n]?.(is);
    if (counted === COUNTS[n]?.(was)) continue;
    cell ??= cellOf(cells, is, day);
    addTo(cell, n, is, counted === true ? 1 : -1);
  }
}

function addAll(cells: Cells, row: PlainRow, day: Day, sign: 1 | -1): void {
  const cell = cellOf(cells, row, day);
  for (let n = 0; n < COUNTS.length; n++) if (COUNTS[n]?.(row) === true) addTo(cell, n, row, sign);
}

function cellOf(cells: Cells, { place, categories, source }: PlainRow, day: Day): Cell {
  const category = categories[0] ?? '';
  const key = `${day}${BETWEEN}${place}${BETWEEN}${category}${BETWEEN}${source}`;
  let cell = cells.get(key);
  if (!cell) {
    cell = { day, place, category, source, sums: new Float64Array(COUNTS.length * WIDTH) };
    cells.set(key, cell);
  }
  return cell;
}

const WIDTH = SUMS.length;

/** In the order of `SUMS`. */
function addTo({ sums }: Cell, measure: number, row: CountedRow, sign: 1 | -1): void {
  const at = measure * WIDTH;
  sums[at] = (sums[at] ?? 0) + sign;
  sums[at + 1] = (sums[at + 1] ?? 0) + sign * row.weight;
  sums[at + 2] = (sums[at + 2] ?? 0) + sign * (row.amountFen ?? 0);
  sums[at + 3] = (sums[at + 3] ?? 0) + sign * row.rectifiedFen;
}

function deltasOf(cells: Cells): Delta[] {
  return [...cells.values()].flatMap(({ day, place, category, source, sums }) =>
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

/** Keys in one statement. */
const STATEMENT = 2000;

export const writeDeltas = (tx: Tx, schema: string, all: readonly Recounted[]): Promise<void> =>
  writeSums(tx, schema, summedUp(all));

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
