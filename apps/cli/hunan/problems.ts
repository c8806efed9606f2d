import { type FoundProblem, type RectificationType, type Severity } from '../../../libs/contracts/intake.js';
import { type UnitId } from '../../../libs/contracts/values.js';
import { Chance } from './chance.js';
import { type Outcome, OUTCOMES, type Wanted } from './outcomes.js';
import { type Places, type Spot } from './places.js';
import { described, STEMS, verbatim } from './texts.js';

/** A made-up problem as it is registered, and who deals with it. */
export interface Problem {
  n: number;
  outcome: Outcome;
  spot: Spot;
  body: Omit<FoundProblem, 'petitioner' | 'verbatim'>;
  finder: UnitId;
  assigner: UnitId;
  leads: UnitId[];
  /** Of households, projects or payments that are listed one by one. */
  items: number;
  chance: Chance;
}

const PROVINCE = 'province-430000';
const SOURCES = ['NC', 'PC', 'CC', 'TP', 'AU', 'LV', 'PT', 'PO', 'HL', 'TC', 'DI', 'IN', 'SC', 'MD'] as const;
const CATEGORIES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '99'] as const;
/** Of whose problems the city is told first. */
const OF_CITY: readonly string[] = ['CC', 'HL', 'TC', 'PT'];
/** Where money is in question. */
const OF_MONEY: readonly string[] = ['3', '6', '7'];
const OF_HOUSEHOLDS: readonly string[] = ['1', '2', '3', '4', '5', '6', '9'];
const FOUND_BY: Readonly<Record<string, string>> = {
  ...{
    NC: '国家检查组（样例）',
    PC: '省检查组（样例）',
    CC: '市检查组（样例）',
    TP: '第三方评估机构（样例）',
  },
  ...{ AU: '审计组（样例）', LV: '联点督察组（样例）', PT: '信访窗口（样例）', PO: '舆情监测（样例）' },
  ...{ HL: '12345热线（样例）', TC: '拨测小组（样例）', DI: '纪检监察组（样例）', IN: '巡察组（样例）' },
  ...{ SC: '县级自查（样例）', MD: '某媒体（样例）' },
};

/** All problems of the set, in order. @param count how many */
export function problemsOf(text: string, count: number, places: Places): Problem[] {
  return OUTCOMES(count).map((wanted, n) => problem(n, wanted, new Chance(`${text}/${n}`), places));
}

function problem(n: number, wanted: Wanted, chance: Chance, places: Places): Problem {
  const source = wanted.sources ? chance.of(wanted.sources) : (SOURCES[n % SOURCES.length] ?? 'PC');
  const category = wanted.categories
    ? chance.of(wanted.categories)
    : (CATEGORIES[Math.floor(n / 3) % CATEGORIES.length] ?? '99');
  const severity = wanted.severity ?? severityOf(chance);
  const type = wanted.type ?? typeOf(source, category, chance);
  const { together } = wanted;
  const where = together === undefined ? chance : new Chance(together);
  const spot = spotFor(wanted, source, places, where);
  const city = `city-${spot.city}`;
  const local = places.has(city, 'dispatcher') && wanted.where !== 'silent';
  const finder =
    source === 'SC' ? `county-${spot.county}` : OF_CITY.includes(source) && local ? city : PROVINCE;
  // Nobody assigns over the head of who found it.
  const assigner = finder !== PROVINCE && local ? city : PROVINCE;
  const joint = wanted.joint === true ? places.beside(spot) : undefined;
  const households = OF_HOUSEHOLDS.includes(category) ? chance.between(1, 31) : undefined;
  const isListed = together === undefined && households !== undefined && chance.in100(18);
  const items = isListed ? Math.min(households, chance.between(2, 3)) : 0;
  const amountFen = OF_MONEY.includes(category) ? chance.between(20, 4800) * 100_000 : undefined;
  const year = chance.between(2019, 2024);
  const filling = {
    ...{ place: spot.name, households: households ?? 1, year },
    wan: ((amountFen ?? 0) / 1_000_000).toFixed(1),
  };
  const foundOn = `2025-${two(chance.between(1, 6))}-${two(chance.between(1, 28))}`;
  const body: Problem['body'] = {
    source: {
      code: source,
      document: `样例〔2025〕${source}${Math.floor(n / 40) + 1}号`,
      line: String(n + 1),
    },
    categories: chance.in100(12) && category !== '99' && !wanted.categories ? [category, '99'] : [category],
    divisions: joint === undefined ? [spot.division] : [spot.division, joint],
    ...{ severity, rectificationType: type },
    description: described(category, filling, chance),
    foundOn,
    ...(FOUND_BY[source] !== undefined && { foundBy: FOUND_BY[source] }),
    location: { address: spot.name },
    ...(households !== undefined && { householdCount: households }),
    ...(amountFen !== undefined && {
      amountFen,
      fiscalYear: year,
      fundDocument: `样例财社〔${year}〕${n}号`,
    }),
    ...(chance.in100(40) && { basis: '农村危房改造有关规定（样例）' }),
    ...(chance.in100(25) && { occurredFrom: `${year}-03-01`, occurredTo: `${year}-11-30` }),
    ...(source === 'AU' && chance.in100(50) && { sourceDueOn: '2025-12-31' }),
    ...(source === 'DI' && wanted.visibility !== undefined && { visibility: wanted.visibility }),
    ...(chance.in100(20) && { campaignId: 'sample-campaign-2025' }),
    personsAtRisk: wanted.atRisk ?? false,
    weight: 1000,
  };
  const leads = [`county-${spot.county}`, ...(joint === undefined ? [] : [`county-${joint}`])];
  return { n, outcome: wanted.outcome, spot, body, finder, assigner, leads, items, chance };
}

/** What is said in private, and by whom: sent in clear, and kept under seal. */
export function spoken({ body, spot, n, chance }: Problem): object {
  const { code } = body.source;
  if (code !== 'PT' && code !== 'HL') return {};
  const digits = String(n).padStart(4, '0');
  return {
    petitioner: { name: `样例申诉人${STEMS[n % 10]}`, phone: `1990000${digits}` },
    verbatim: verbatim({ place: spot.name, households: 1, wan: '0', year: 2024 }, chance),
    ...(n % 5 === 0 && { accusation: true }),
    intakeNumber: `样例受理${digits}`,
  };
}

const two = (number: number): string => String(number).padStart(2, '0');

function severityOf(chance: Chance): Severity {
  const lot = chance.below(100);
  return lot < 62 ? 'general' : lot < 88 ? 'serious' : 'major';
}

/** What has a short term of its own is put right at once. */
function typeOf(source: string, category: string, chance: Chance): RectificationType {
  if (source === 'TC' || source === 'PT' || category === '6') return 'immediate';
  return chance.in100(25) ? 'phased' : 'immediate';
}

/** A county that checks itself has another unit that verifies. */
function spotFor({ where }: Wanted, source: string, places: Places, chance: Chance): Spot {
  if (source === 'SC') return places.staffedSpot(chance, (id) => STATIONED.includes(id));
  if (where === 'silent') return places.silentSpot(chance);
  return where === 'anywhere' ? places.anySpot(chance) : places.staffedSpot(chance);
}

const STATIONED: readonly string[] = ['433101', '430121'];
