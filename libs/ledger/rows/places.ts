import { type Register } from '../../contracts/register.js';
import { type DivisionId, type UnitId } from '../../contracts/values.js';
import { type Row, touching } from './row.js';

/** What rows are told of divisions, as these stand now. */
export interface Places {
  /** The division, what carries it on, and all that they lie in, from within outwards. */
  lineage: (division: DivisionId) => readonly DivisionId[];
  /** Whether figures are kept of it by themselves: at least two levels lie within it. What is smaller is counted from its rows. */
  isCounted: (division: DivisionId) => boolean;
  /** The places of what lies in it. */
  countedIn: (division: DivisionId) => readonly DivisionId[];
  /** Another one whenever divisions may lie otherwise than before. */
  edition: () => unknown;
}

/** What rows are made with besides events. */
export interface World {
  places: Places;
  /** IANA time zone: the days of figures begin and end in it. */
  zone: string;
}

/** By which Nest finds the world. */
export const WORLD = Symbol('WORLD');

/** Where nothing is known of divisions each stands by itself. */
export const NOWHERE: World = {
  places: {
    lineage: (division) => [division],
    isCounted: () => false,
    countedIn: (division) => [division],
    edition: () => undefined,
  },
  zone: 'UTC',
};

/** @param register asked anew each time: what is worked out is kept until divisions change */
export function placesOf(register: () => Divisions): Places {
  let known: Register['within'] | undefined;
  const lineages = new Map<DivisionId, readonly DivisionId[]>();
  const counted = new Map<DivisionId, boolean>();
  const inside = new Map<DivisionId, readonly DivisionId[]>();
  const remembered = <T>(map: Map<DivisionId, T>, id: DivisionId, make: (now: Divisions) => T): T => {
    const now = register();
    if (now.within !== known) {
      known = now.within;
      for (const kept of [lineages, counted, inside]) kept.clear();
    }
    const found = map.get(id) ?? make(now);
    map.set(id, found);
    return found;
  };
  const isCounted = (id: DivisionId): boolean => remembered(counted, id, (now) => hasGrandchildren(now, id));
  const countedIn = (now: Divisions, id: DivisionId): DivisionId[] => [
    id,
    ...now.within(id).filter((one) => one !== id && isCounted(one)),
  ];
  return {
    lineage: (id) => remembered(lineages, id, (now) => lineageIn(now, id)),
    isCounted,
    countedIn: (id) => remembered(inside, id, (now) => countedIn(now, id)),
    edition: () => register().within,
  };
}

type Divisions = Pick<Register, 'division' | 'within'>;

function lineageIn(register: Divisions, division: DivisionId): DivisionId[] {
  const lineage = new Set<DivisionId>();
  let at: DivisionId | undefined = division;
  while (at !== undefined && !lineage.has(at)) {
    lineage.add(at);
    const found = register.division(at);
    at = found?.successor ?? found?.parent;
  }
  return [...lineage];
}

function hasGrandchildren(register: Divisions, division: DivisionId): boolean {
  return register.within(division).some((one) => {
    const found = register.division(one);
    const outer = found?.successor ?? found?.parent;
    return one !== division && outer !== undefined && outer !== division;
  });
}

/** How scopes look for whom a case concerns: by a division it lies in, a unit with a part in it, the unit that found it. */
export const inDivision = (division: DivisionId): string => `d:${division}`;
export const ofUnit = (unit: UnitId): string => `u:${unit}`;
export const foundBy = (unit: UnitId): string => `f:${unit}`;

type Reaching = Pick<
  Row,
  | ('divisions' | 'leads' | 'coUnits' | 'checkerUnits' | 'assigner')
  | ('closer' | 'route' | 'partUnits' | 'finder')
>;

/** What `reach` and `place` are made of. */
const FROM: readonly (keyof Reaching)[] = [
  ...(['divisions', 'leads', 'coUnits', 'checkerUnits', 'assigner'] as const),
  ...(['closer', 'route', 'partUnits', 'finder'] as const),
];
const isFrom = touching(FROM);

/** A change of a row, which nobody else has yet, with what follows of whom it concerns. */
export function placed(row: Row | undefined, change: Partial<Row>, places: Places): Partial<Row> {
  if (!isFrom(change)) return change;
  // Only what is read of the row: copying all of it takes longer than working out where it is.
  const now: Partial<Record<keyof Reaching, unknown>> = {};
  for (const name of FROM) now[name] = name in change ? change[name] : row?.[name];
  return Object.assign(change, whereabouts(now as Reaching, places));
}

/** Whom a case concerns, and under which division figures count it. */
export function whereabouts(row: Reaching, { lineage, isCounted }: Places): Pick<Row, 'reach' | 'place'> {
  const { divisions, leads, coUnits, checkerUnits, assigner, closer, route, partUnits, finder } = row;
  const lineages = divisions.map(lineage);
  const counted = new Set(lineages.map((line) => placeAmong(line, isCounted)));
  const reach = new Set<string>();
  for (const line of lineages) for (const one of line) reach.add(inDivision(one));
  for (const units of [leads, coUnits, checkerUnits, [assigner, closer]])
    for (const unit of units) if (unit !== null) reach.add(ofUnit(unit));
  for (const parts of [route, partUnits])
    for (const { unit } of parts) if (unit !== null) reach.add(ofUnit(unit));
  reach.add(foundBy(finder));
  return {
    reach: [...reach],
    // What lies in several is counted from its row: it stands in the figures of each of them, and once in those of all.
    place: counted.size > 1 ? null : ([...counted][0] ?? null),
  };
}

/** The division under which figures count what lies in it. */
export const placeOf = (division: DivisionId, { lineage, isCounted }: Places): DivisionId =>
  placeAmong(lineage(division), isCounted) ?? division;

const placeAmong = (line: readonly DivisionId[], isCounted: Places['isCounted']): DivisionId | undefined =>
  line.find(isCounted) ?? line.at(-1);
