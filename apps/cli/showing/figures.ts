import { type Figure, type Figures, type LedgerCount, type Rate } from '../../../libs/contracts/ledger.js';
import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type Api, queryOf } from '../api.js';
import { type Line, toned } from './page.js';
import { type Showing } from './tale.js';
import { figureWords } from './words.js';

/** A closing rate is never shown without what came back. */
const RATES = {
  closed: '销号率',
  'passed-first': '一次核实通过率',
  reopened: '重启率',
  'reopened-false-rectification': '虚假整改重启率',
};

/** Figures, each with the list that it opens: all lists are opened, and have as many cases as the figure says. */
export async function showFigures({ page, reader }: Showing): Promise<void> {
  const { figures, rates, lights = [], ageing = [] } = await reader.get<Figures>('/api/v1/figures');
  const opened = await openAll(reader, [...figures, ...lights, ...ageing]);
  page.part(
    '统计',
    `Figures: ${opened.size} were opened, every list has as many cases as its figure says`,
    4,
  );
  page.table(
    Object.entries(RATES).flatMap(([name, words]) =>
      rates.filter((rate) => rate.name === name).map((rate) => [words, ...told(rate, opened)]),
    ),
    [1, 3],
  );
  const counts = figures.filter(({ cases }) => cases > 0);
  page.flow(counts.map(({ name, cases }) => `${figureWords(name)} ${name} ${cases}`));
  page.flow(lights.map(({ name, cases }) => `${zhCN.lights[name as keyof typeof zhCN.lights]} ${cases}`));
}

/** @returns by filter, how many cases its list has. @throws Error where a figure says otherwise */
async function openAll(reader: Api, figures: readonly Figure[]): Promise<Map<string, number>> {
  const opened = figures.map(async ({ name, cases, filter = {} }): Promise<[string, number]> => {
    const list = await reader.get<LedgerCount>(`/api/v1/cases/count?${queryOf(filter)}`);
    if (list.cases !== cases) throw new Error(`the figure ${name} is ${cases}, its list has ${list.cases}`);
    return [name, list.cases];
  });
  return new Map(await Promise.all(opened));
}

/** Shares are of problems: a part of a case that was split is a part of a problem. */
function told({ numerator, denominator, value }: Rate, opened: ReadonlyMap<string, number>): Line {
  const query = decodeURIComponent(queryOf(numerator.filter ?? {}));
  return [
    `${problems(numerator)} / ${problems(denominator)}`,
    '=',
    toned('strong', value === null ? '-' : `${(value / 10).toFixed(1)} %`),
    toned('dim', `?${query}`),
    toned('good', `✓ ${opened.get(numerator.name) ?? 0} of ${opened.get(denominator.name) ?? 0}`),
  ];
}

const problems = ({ weight }: Figure): string => String(Math.round(weight / 100) / 10);
