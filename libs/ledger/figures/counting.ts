import { type FiguresAsked, type LedgerFilter, type Sum } from '../../contracts/ledger.js';
import { type Register } from '../../contracts/register.js';
import { type Day, type DivisionId } from '../../contracts/values.js';
import { type Fragment, type Name, type Sql } from '../../platform/sql.js';
import { taken } from '../../platform/taken.js';
import { conditionsOf, list } from '../asking/filters.js';
import { inDivision } from '../rows/places.js';
import { type Chosen } from '../asking/scope.js';
import { literal, textOf, written } from './written.js';

/** What is counted together: a division, under a key. */
export interface Part {
  key: string;
  division: DivisionId;
}

/** What something came to, of one part or one value of what is grouped by. */
export interface Found extends Sum {
  key: string;
  name: string;
}

export type By = FiguresAsked['by'];

/** What is counted, by name. */
export type Names = Readonly<Record<string, LedgerFilter>>;

/** Lists of what is counted; a row is under one name of each at most. It is made once and never changed. */
export type Counted = readonly Names[];

const SUMS = `sum(cases)::bigint as cases, sum(weight)::bigint as weight,
  sum("amountFen")::bigint as "amountFen", sum("rectifiedFen")::bigint as "rectifiedFen"`;

/** What several ways find, in one statement: a key and a name once for each that finds any. */
export async function foundTogether(sql: Sql, ...ways: [Fragment, ...Fragment[]]): Promise<Found[]> {
  return taken(await sql<Found[]>`${ways.reduce((all, way) => sql`${all} union all ${way}`)}`);
}

/** Finds what is kept of plain rows, of places or of all; `asOf`: at the end of that day, which is now without what came after. */
export function fromTotals(
  sql: Sql,
  places: readonly Part[] | undefined,
  { schema, category, source, asOf }: FiguresAsked & { schema: Name },
  by: By,
): Fragment {
  const among = (column: string, field: string, asked: string | undefined): Fragment =>
    asked === undefined ? sql`` : sql`and ${sql.unsafe(column)} = any (${list(field, asked)})`;
  const key = sql.unsafe(
    { category: 'category', source: 'source', division: 'p.key', none: `''` }[by ?? 'none'],
  );
  return sql`
    select ${key} as key, measure as name, ${sql.unsafe(SUMS)}
    from ${kept(sql, schema, asOf)} t
    ${places === undefined ? sql`` : within(sql, places)}
    where true ${among('category', 'category', category)} ${among('source', 'source', source)}
    group by 1, 2`;
}

const within = (sql: Sql, places: readonly Part[]): Fragment => sql`
  join unnest(${places.map((one) => one.key)}::text[], ${places.map((one) => one.division)}::text[])
    p(key, place) on p.place = t.place`;

function kept(sql: Sql, schema: Name, asOf: Day | undefined): Fragment {
  const names = sql.unsafe(`place, category, source, measure, cases, weight, "amountFen", "rectifiedFen"`);
  const totals = sql`select ${names} from ${schema}.totals`;
  if (asOf === undefined) return sql`(${totals})`;
  return sql`(${totals} union all
    select place, category, source, measure, -cases, -weight, -"amountFen", -"rectifiedFen"
    from ${schema}.deltas where day > ${asOf})`;
}

/**
 * Finds the same of rows that were chosen, by the filters of what is counted. Rows under the same names are summed up first: there
 * are few lists of names, however many rows.
 */
export function fromRows(
  sql: Sql,
  { schema, register }: Pick<Chosen, 'schema' | 'register'>,
  where: Fragment,
  parts: readonly Part[],
  names: Counted,
  by: By,
): Fragment {
  const key = sql.unsafe(
    { category: `coalesce(c.categories[1], '')`, source: 'c.source', division: 'p.key', none: `''` }[
      by ?? 'none'
    ],
  );
  // Otherwise there is one part, to which the rows are narrowed already.
  const joined =
    by === 'division'
      ? sql`join unnest(${parts.map((one) => one.key)}::text[], ${parts.map((one) => inDivision(one.division))}::text[])
          p(key, element) on c.reach @> array[p.element]`
      : sql``;
  const columns = sql.unsafe(names.map((_, n) => columnOf(n)).join(', '));
  return sql`
    select g.key, m.name, ${sql.unsafe(SUMS)}
    from (
      select ${key} as key, ${columns}, count(*) as cases, sum(c.weight) as weight,
        coalesce(sum(c."amountFen"), 0) as "amountFen", sum(c."rectifiedFen") as "rectifiedFen"
      from (select reach, categories, source, weight, "amountFen", "rectifiedFen", ${namesIn(sql, register, names)}
        from ${schema}.cases where ${where}) c
      ${joined}
      group by 1, ${columns}) g
    cross join lateral unnest(array[${columns}]) m(name)
    where m.name is not null
    group by 1, 2`;
}

/**
 * A column for each list. Each condition is looked at once a row, however much is summed up under it, and none behind the
 * one that holds.
 */
function namesIn(sql: Sql, register: Register, names: Counted): Fragment {
  const { today } = register;
  const known = texts.get(names);
  if (known?.today === today) return sql.unsafe(known.text);
  const named = names.map((list, n) => {
    const whens = Object.entries(list).map(([name, filter]) => {
      const all = conditionsOf(filter, { sql: written, register, today }).map(textOf);
      return `when ${['true', ...all].join(' and ')} then ${literal(name)}`;
    });
    return `case ${whens.join(' ')} end as ${columnOf(n)}`;
  });
  const text = named.join(', ');
  texts.set(names, { today, text });
  return sql.unsafe(text);
}

const columnOf = (n: number): string => `name${n}`;

/** They are the same for everybody all day, and it takes longer to put them together than to count. */
const texts = new WeakMap<Counted, { today: Day; text: string }>();

export const nothing: Sum = { cases: 0, weight: 0, amountFen: 0, rectifiedFen: 0 };

/** By key and name, parts that were counted in several ways together. */
export function summed(found: readonly Found[]): Map<string, Map<string, Sum>> {
  const keys = new Map<string, Map<string, Sum>>();
  for (const { key, name, ...sum } of found) {
    const names = keys.get(key) ?? new Map<string, Sum>();
    const before = names.get(name) ?? nothing;
    keys.set(key, names);
    names.set(name, {
      cases: before.cases + sum.cases,
      weight: before.weight + sum.weight,
      amountFen: before.amountFen + sum.amountFen,
      rectifiedFen: before.rectifiedFen + sum.rectifiedFen,
    });
  }
  return keys;
}
