import { layered } from '../calendar/working-days.js';
import {
  type CalendarVersion,
  type Delegation,
  type Division,
  type Person,
  type Register,
  type SourceDocument,
  type Unit,
} from '../contracts/register.js';
import { type Day, type DivisionId, type PersonId, type UnitId } from '../contracts/values.js';
import { normalised } from '../eventing/ids.js';
import { asOf, covers, type Docs, type Post, type Versions } from './docs.js';

type Asked<K extends keyof Register> = Pick<Register, K>;

export interface Divisions extends Asked<'division' | 'covers' | 'within' | 'roots'> {
  level: (id: DivisionId) => string;
  /** The divisions it lies in, itself first. */
  line: (id: DivisionId) => DivisionId[];
}

type Units = Asked<'unit' | 'unitsIn' | 'present' | 'carried'>;

/** The register as of a day. Pure. */
export const registerAt = (docs: Docs<string>, day: Day, zone: string): Register => viewIn(zone)(docs, day);

/**
 * As `registerAt`, for somebody who asks again and again: what has not changed since they asked last is not made anew,
 * so that a new appointment costs nothing of the tens of thousands of divisions.
 */
export function viewIn(zone: string): (docs: Docs<string>, day: Day) => Register {
  const divisionsOf = remembering(divisionsAt);
  const unitsOf = remembering(unitsAt);
  const personsOf = remembering(personsAt);
  const calendarsOf = remembering(calendarsAt);
  const sourcesOf = remembering(sourcesAmong);
  // Every command asks several times: between two entries the register is one and the same.
  return remembering(({ division, unit, person, policy, calendar, source }: Docs<string>, day: Day) => {
    const divisions = divisionsOf(division, day);
    const units = unitsOf(unit, divisions, day);
    return {
      ...{ zone, today: day },
      policy: inEffect('policy', policy, day).policy,
      ...calendarsOf(calendar, divisions, day),
      ...sourcesOf(source),
      ...units,
      ...personsOf(person, units, day),
      ...{ division: divisions.division, covers: divisions.covers, within: divisions.within },
      roots: divisions.roots,
    };
  });
}

/** What was made last is given again as long as it is asked for with the same. */
export function remembering<A extends unknown[], T>(make: (...given: A) => T): (...given: A) => T {
  let last: { given: A; made: T } | undefined;
  return (...given) => {
    if (!last?.given.every((one, n) => one === given[n])) last = { given, made: make(...given) };
    return last.made;
  };
}

/** Of the register as of a day what lies in what. */
export function divisionsAt(docs: Docs['division'], day: Day): Divisions {
  const all = new Map<DivisionId, Division>();
  // What lies in each, merged divisions in their successors.
  const inner = new Map<DivisionId, DivisionId[]>();
  for (const [id, doc] of docs) {
    if (doc.opened > day) continue;
    const parent = asOf(doc.parents, day) ?? undefined;
    const successor = doc.merged && doc.merged.from <= day ? doc.merged.is : undefined;
    all.set(id, {
      id,
      name: asOf(doc.names, day) ?? '',
      level: asOf(doc.levels, day) ?? '',
      ...(parent !== undefined && { parent }),
      ...(successor !== undefined && { successor }),
    });
    const outer = successor ?? parent;
    if (outer !== undefined) put(inner, outer, id);
  }
  // Streams reach the register in no order of their own.
  for (const ids of inner.values()) ids.sort();
  const next = (id: DivisionId): DivisionId | undefined => {
    const division = all.get(id);
    return division?.successor ?? division?.parent;
  };
  const line = (id: DivisionId): DivisionId[] => (all.has(id) ? walk(id, next) : []);
  const within = new Map<DivisionId, readonly DivisionId[]>();
  return {
    division: (id) => all.get(id),
    roots: [...all.keys()].filter((id) => next(id) === undefined),
    level: (id) => all.get(id)?.level ?? '',
    line,
    covers: (outer, id) => line(id).includes(outer),
    // Worked out once for each that is asked for: there are tens of thousands, and people sit in few.
    within: (id) => {
      const known = within.get(id) ?? (all.has(id) ? reached(id, inner) : []);
      within.set(id, known);
      return known;
    },
  };
}

function unitsAt(docs: Docs['unit'], { level }: Divisions, day: Day): Units {
  const successors = new Map<UnitId, UnitId>();
  const carried = new Map<UnitId, UnitId[]>();
  for (const [id, { abolished }] of docs) {
    if (!abolished || abolished.from > day) continue;
    successors.set(id, abolished.is);
    put(carried, abolished.is, id);
  }
  const present = (id: UnitId): UnitId =>
    successors.has(id) ? (walk(id, (at) => successors.get(at)).at(-1) ?? id) : id;
  const above = (id: UnitId, parent: UnitId | undefined): UnitId | undefined =>
    parent === undefined
      ? undefined
      : // Who carries on the unit above is above; who carries it on itself, has above what that had.
        walk(parent, (at) => asOf(docs.get(at)?.places ?? [], day)?.parent)
          .map(present)
          .find((at) => at !== id);
  const all = new Map<UnitId, Unit>();
  const housed = new Map<DivisionId, Unit[]>();
  for (const [id, doc] of docs) {
    const place = asOf(doc.places, day);
    if (doc.opened > day || !place) continue;
    const { division } = place;
    const parent = above(id, place.parent);
    const successor = successors.get(id);
    const unit: Unit = {
      ...{ id, name: asOf(doc.names, day) ?? '', division, level: level(division) },
      ...(parent !== undefined && { parent }),
      ...(successor !== undefined && { successor }),
    };
    all.set(id, unit);
    if (successor === undefined) put(housed, division, unit);
  }
  for (const units of housed.values()) units.sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    unit: (id) => all.get(id),
    unitsIn: (division) => housed.get(division) ?? [],
    present,
    carried: (id) => reached(id, carried),
  };
}

/** Posts at an abolished unit are nobody's any more: its successor appoints its own. */
function personsAt(docs: Docs<string>['person'], { unit }: Units, day: Day): Asked<'person' | 'persons'> {
  const stands = (post: Post): boolean => {
    const at = unit(post.unit);
    return covers(post, day) && at !== undefined && at.successor === undefined;
  };
  const delegations = new Map<PersonId, Delegation[]>();
  const posts = new Map<PersonId, Post[]>();
  for (const [from, doc] of docs) {
    const own = doc.posts.filter(stands);
    posts.set(from, own);
    for (const { to, unit: at, role, ...period } of doc.delegations) {
      // Nobody lends what they do not have.
      if (covers(period, day) && own.some((post) => post.unit === at && post.role === role))
        put(delegations, to, { unit: at, role, from });
    }
  }
  const all = new Map<PersonId, Person>();
  for (const [id, doc] of docs) {
    if (doc.entered > day) continue;
    all.set(id, {
      id,
      name: asOf(doc.names, day) ?? '',
      appointments: (posts.get(id) ?? []).map(({ unit: at, role }) => ({ unit: at, role })),
      delegations: delegations.get(id) ?? [],
      onLeave: doc.leave.some((leave) => covers(leave, day)),
    });
  }
  return { person: (id) => all.get(id), persons: [...all.values()] };
}

function calendarsAt(
  docs: Docs['calendar'],
  { line }: Divisions,
  day: Day,
): Asked<'calendar' | 'calendarOf'> {
  const { id, holidays, moved, until, divisions = [] } = inEffect('calendar', docs, day);
  const calendar: CalendarVersion = {
    id,
    holidays: new Set(holidays),
    moved: new Set(moved),
    ...(until !== undefined && { until }),
  };
  const own = new Map(divisions.map((days) => [days.division, days]));
  const made = new Map<DivisionId, CalendarVersion>();
  return {
    calendar,
    calendarOf: (division) => {
      if (own.size === 0) return calendar;
      const known = made.get(division);
      if (known) return known;
      // The innermost division has the last word.
      const result = line(division).reduceRight((base: CalendarVersion, at) => {
        const days = own.get(at);
        return days ? layered(base, `${id}/${at}`, days) : base;
      }, calendar);
      made.set(division, result);
      return result;
    },
  };
}

/** What a document says counts from when it was recorded, whatever its day. */
function sourcesAmong(docs: Docs['source']): Asked<'source'> {
  const all = new Map<string, SourceDocument>();
  for (const { code, number, dueOn, recogniserUnit } of docs.values()) {
    const says = {
      ...(dueOn !== undefined && { dueOn }),
      ...(recogniserUnit !== undefined && { recogniserUnit }),
    };
    all.set(documentOf(code, number), says);
  }
  return { source: (code, number) => all.get(documentOf(code, number)) };
}

/** The same for the same document: as in the identity of its cases. */
export const documentOf = (code: string, number: string): string => `${code} ${normalised(number) ?? ''}`;

/** Of all versions that have come into effect the last one; of the same day the one published last. */
export function inEffect<E extends { from: Day }>(
  kind: string,
  docs: ReadonlyMap<string, Versions<E>>,
  day: Day,
) {
  type Version = Versions<E>['versions'][number] & { from: Day };
  let found: Version | undefined;
  for (const { versions } of docs.values()) {
    for (const version of versions as readonly Version[]) {
      const { from, publishedAt } = version;
      if (from > day) continue;
      if (!found || from > found.from || (from === found.from && publishedAt >= found.publishedAt))
        found = version;
    }
  }
  if (!found) throw new Error(`no ${kind} is in effect on ${day}`);
  return found;
}

function put<K, T>(map: Map<K, T[]>, key: K, one: T): void {
  const list = map.get(key);
  if (list) list.push(one);
  else map.set(key, [one]);
}

/** From one to the next, as far as it goes; what leads back ends it. */
export function walk<T>(from: T, next: (at: T) => T | undefined): T[] {
  const line = [from];
  for (let at = next(from); at !== undefined && !line.includes(at); at = next(at)) line.push(at);
  return line;
}

/** Itself and all that lead to it. */
function reached<T>(from: T, inner: ReadonlyMap<T, readonly T[]>): T[] {
  const all = new Set([from]);
  // It grows while it is walked.
  for (const one of all) for (const next of inner.get(one) ?? []) all.add(next);
  return [...all];
}
