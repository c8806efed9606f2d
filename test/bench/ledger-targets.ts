import { median, type Results } from './results.js';
import { type Target } from './target.js';

/** Round by round: p50 over HTTP, beside that of the SQL by hand and what every request costs. */
export function besideHand(results: Results, question: string): number[] {
  const [byHand, floor] = [results.of(`${question}/byHand/p50`), results.of(`${question}/floor/p50`)];
  return results
    .of(`${question}/ours/p50`)
    .map((ours, round) => ours / ((byHand[round] ?? Number.NaN) + (floor[round] ?? Number.NaN)));
}

interface Asked {
  cases: number;
  kind: string;
  name: string;
  /** In the results. */
  path: string;
}

/** Of many questions the one that does worst stands for all. */
export function askingTargets(results: Results): Target[] {
  const asked = allOf(results);
  const sizes = [...new Set(asked.map(({ cases }) => cases))].sort((a, b) => a - b);
  const [least, most] = [sizes[0], sizes.at(-1)];
  if (least === undefined || most === undefined) return [];
  const besides = [...new Set(asked.map(({ kind }) => kind))].map((kind) =>
    worst(
      `${kind}, beside SQL by hand and what every request costs`,
      asked.filter((one) => one.kind === kind),
      ({ path }) => besideHand(results, path),
      [1.3, '×'],
    ),
  );
  const p95 = (cases: number, { kind, name }: Asked): string => `ledger/${cases}/${kind}/${name}/ours/p95`;
  const largest = asked.filter(({ cases }) => cases === most);
  const searches = AREAS.map(([area, milliseconds]) =>
    worst(
      `search in a ${area}, p95`,
      largest.filter(({ kind, name }) => kind === 'search' && name.endsWith(`, ${area}`)),
      (one) => results.of(p95(most, one)),
      [milliseconds, 'ms'],
    ),
  );
  const lists = AREAS.map(([area]) =>
    worst(
      `a page in any order, ${area}, p95 beside that in ${least.toLocaleString('en')} cases`,
      largest.filter(({ kind, name }) => kind === 'list' && name.endsWith(`, ${area}`)),
      (one) => results.ratios(p95(most, one), p95(least, one)),
      [2, '×'],
    ),
  );
  return [...besides, ...searches, ...(least === most ? [] : lists)];
}

/** And within how many milliseconds a search is answered. */
const AREAS = [
  ['county', 20],
  ['province', 80],
] as const;

function allOf(results: Results): Asked[] {
  return results.below('ledger').flatMap((cases) =>
    results.below(`ledger/${cases}`).flatMap((kind) =>
      results.below(`ledger/${cases}/${kind}`).map((name) => ({
        ...{ cases: Number(cases), kind, name },
        path: `ledger/${cases}/${kind}/${name}`,
      })),
    ),
  );
}

function worst(
  what: string,
  asked: readonly Asked[],
  valuesOf: (one: Asked) => number[],
  [bound, unit]: readonly [number, string],
): Target {
  const all = asked.map((one) => ({ one, values: valuesOf(one) }));
  const [most] = all.sort((a, b) => median(b.values) - median(a.values));
  if (!most) throw new Error(`nothing was measured: ${what}`);
  const { cases, name } = most.one;
  return {
    what: `${what}; most: ${name}, of ${cases.toLocaleString('en')}`,
    wanted: `≤ ${bound} ${unit}`,
    values: most.values,
    reached: median(most.values) <= bound,
  };
}
