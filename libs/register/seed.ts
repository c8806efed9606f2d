import {
  type CalendarVersion,
  type Division,
  type Person,
  type Register,
  type Unit,
} from '../contracts/register.js';
import { wrongFile } from './divisions-shape.js';
import { calendarsOf } from './own-days.js';
import { policyOf } from './policy.js';
import { readSeedFile, type SeedFile } from './seed-file.js';

/**
 * Divisions, units, persons, the policy and the calendar of a deployment, from its seed file.
 * @throws StartFault where the file is missing, malformed or contradicts itself
 */
export async function readSeed(file: string): Promise<Seeded> {
  const seed = await readSeedFile(file);
  try {
    return { ...registerOf(seed), numbers: seed.numbers, demo: seed.demo === true };
  } catch (error) {
    throw wrongFile(`The seed file ${file}`, error);
  }
}

/** By which Nest finds what was read. */
export const SEEDED = Symbol('SEEDED');

/** The register, how the labels of each series of numbers are written, and whether all of it is made up. */
export type Seeded = Register & { numbers: SeedFile['numbers']; demo: boolean };

/** @throws Error where an id is unknown or stands twice */
export function registerOf(seed: SeedFile): Register {
  const divisions = indexed<Division>('division', seed.divisions);
  const children = new Map<string, string[]>();
  for (const { id, parent } of seed.divisions) {
    known('division', parent, divisions, id);
    lineage('division', id, divisions);
    if (parent === undefined) continue;
    const siblings = children.get(parent);
    if (siblings) siblings.push(id);
    else children.set(parent, [id]);
  }
  const units = indexed<Unit>(
    'unit',
    seed.units.map(({ id, name, division, parent }) => ({
      ...{ id, name, division, parent },
      level: known('division', division, divisions, id)?.level ?? '',
    })),
  );
  for (const { id, parent } of seed.units) {
    known('unit', parent, units, id);
    lineage('unit', id, units);
  }
  const persons = indexed<Person>(
    'person',
    seed.persons.map(({ id, name, appointments }) => ({
      ...{ id, name, appointments },
      delegations: [],
      onLeave: false,
    })),
  );
  for (const { id, appointments } of seed.persons) {
    for (const { unit } of appointments) known('unit', unit, units, id);
  }
  const covers = (outer: string, inner: string): boolean => {
    let at = divisions.get(inner);
    while (at && at.id !== outer) at = divisions.get(at.parent ?? '');
    return at !== undefined;
  };
  const inside = insideOf(divisions, children);
  const calendar = calendarOf(seed.calendar);
  const own = seed.calendar.divisions ?? {};
  for (const division of Object.keys(own)) known('division', division, divisions, 'the calendar');
  const housed = new Map<string, Unit[]>();
  for (const unit of [...units.values()].sort(byId)) {
    const beside = housed.get(unit.division);
    if (beside) beside.push(unit);
    else housed.set(unit.division, [unit]);
  }
  return {
    zone: seed.zone,
    policy: policyOf(seed.policy, new Set(seed.divisions.map(({ level }) => level))),
    calendar,
    calendarOf: calendarsOf(calendar, own, (division) => divisions.get(division)?.parent),
    unit: (id) => units.get(id),
    unitsIn: (division) => housed.get(division) ?? [],
    present: (id) => id,
    carried: (id) => [id],
    division: (id) => divisions.get(id),
    person: (id) => persons.get(id),
    persons: [...persons.values()],
    covers,
    within: inside,
  };
}

/** Worked out once for each division that is asked for: a province has tens of thousands, its people sit in few. */
function insideOf(
  divisions: ReadonlyMap<string, Division>,
  children: ReadonlyMap<string, string[]>,
): (division: string) => readonly string[] {
  const found = new Map<string, readonly string[]>();
  return (division) => {
    const known = found.get(division);
    if (known) return known;
    if (!divisions.has(division)) return [];
    const all = [division];
    // It grows while it is walked.
    for (const one of all) all.push(...(children.get(one) ?? []));
    found.set(division, all);
    return all;
  };
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

function calendarOf({ id, holidays, moved, until }: SeedFile['calendar']): CalendarVersion {
  return { id, holidays: new Set(holidays), moved: new Set(moved), ...(until !== undefined && { until }) };
}

function indexed<T extends { id: string }>(kind: string, list: readonly T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const one of list) {
    if (map.has(one.id)) throw new Error(`the ${kind} ${one.id} stands twice`);
    map.set(one.id, one);
  }
  return map;
}

function known<T>(kind: string, id: string | undefined, map: Map<string, T>, by: string): T | undefined {
  if (id === undefined) return undefined;
  const found = map.get(id);
  if (found === undefined) throw new Error(`${by} names the ${kind} ${id}, which is not there`);
  return found;
}

function lineage(kind: string, id: string, all: ReadonlyMap<string, { parent?: string }>): Set<string> {
  const line = new Set<string>();
  for (let at: string | undefined = id; at !== undefined; at = all.get(at)?.parent) {
    if (line.has(at)) throw new Error(`the ${kind} ${at} lies in itself`);
    line.add(at);
  }
  return line;
}
