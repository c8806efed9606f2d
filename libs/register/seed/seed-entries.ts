import { type Caller } from '../../contracts/envelope.js';
import {
  AppointPerson,
  EndAppointment,
  EnterPerson,
  MoveDivision,
  MoveUnit,
  OpenDivision,
  OpenUnit,
  PublishCalendar,
  PublishPolicy,
  RenameDivision,
  RenamePerson,
  RenameUnit,
} from '../../contracts/register-commands.js';
import { type RegisterKind } from '../../contracts/register-events.js';
import { type Day, type DivisionId } from '../../contracts/values.js';
import { canonical } from '../../eventing/canonical.js';
import { walk } from '../at.js';
import {
  asOf,
  covers,
  type DivisionDoc,
  type Doc,
  type PersonDoc,
  type UnitDoc,
  type Versions,
} from '../docs.js';
import { policyOf } from '../policy/policy.js';
import { type SeedFile } from './seed-file.js';

/** From when on everything is in effect that a file says first: it does not tell since when it has been so. */
export const SINCE: Day = '1900-01-01';

/** Whoever speaks for the file. */
export const SEED: Caller = { person: 'seed', unit: '', role: 'seed', via: 'import' };

/** What an entry is to be given, knowing how it stands. */
export interface Standing {
  /** undefined: it is not there yet. */
  doc?: Doc;
  /** When a new entry takes effect. */
  from: Day;
  /** When a change does. */
  today: Day;
  /** Posts that the file had given a person before, as `unit/role`. */
  given?: readonly string[];
  /** Whether a person is known by this name and number already; what is sealed cannot be compared here. */
  named?: boolean;
}

/** One entry of a seed file. */
export interface SeedEntry {
  kind: RegisterKind;
  id: string;
  /** What the file says of it. */
  says: object;
  /** Posts of a person, as `unit/role`. */
  posts?: readonly string[];
  /** The commands that make the register say it too. Pure. */
  orders: (standing: Standing) => object[];
}

/** All entries, in waves: what stands in one needs only what stands in those before. */
export function seedEntries(seed: SeedFile): SeedEntry[][] {
  return [
    ...byDepth(seed.divisions).map((wave) => wave.map(divisionEntry)),
    ...byDepth(seed.units).map((wave) => wave.map(unitEntry)),
    [...seed.persons.map(personEntry), policyEntry(seed), calendarEntry(seed)],
  ];
}

function byDepth<T extends { id: string; parent?: string }>(list: readonly T[]): T[][] {
  const all = new Map(list.map((one) => [one.id, one]));
  const waves: T[][] = [];
  for (const one of list) {
    const depth = walk(one.id, (id) => all.get(id)?.parent).length - 1;
    (waves[depth] ??= []).push(one);
  }
  return waves;
}

const said = <C extends object>(of: new () => C, fields: { [F in keyof C]?: C[F] | undefined }): C =>
  Object.assign(new of(), fields);

const later = (day: Day, other: Day): Day => (day > other ? day : other);

function divisionEntry({ id, name, level, parent }: SeedFile['divisions'][number]): SeedEntry {
  return {
    ...{ kind: 'division', id, says: { name, level, parent } },
    orders: ({ doc, from, today }) => {
      if (!doc) return [said(OpenDivision, { name, level, parent, from })];
      const { opened, names, levels, parents, merged, closed } = doc as DivisionDoc;
      // What has ended since the file was written stays ended.
      if (merged !== undefined || closed !== undefined) return [];
      const since = later(today, opened);
      const renamed = asOf(names, since) !== name || asOf(levels, since) !== level;
      return [
        ...(renamed ? [said(RenameDivision, { name, level, from: since })] : []),
        ...(asOf(parents, since) === (parent ?? null) ? [] : [said(MoveDivision, { parent, from: since })]),
      ];
    },
  };
}

function unitEntry({ id, name, division, parent }: SeedFile['units'][number]): SeedEntry {
  return {
    ...{ kind: 'unit', id, says: { name, division, parent } },
    orders: ({ doc, from, today }) => {
      if (!doc) return [said(OpenUnit, { name, division, parent, from })];
      const { opened, names, places, abolished } = doc as UnitDoc;
      if (abolished) return [];
      const since = later(today, opened);
      const place = asOf(places, since);
      const moved = place?.division !== division || place.parent !== parent;
      return [
        ...(asOf(names, since) === name ? [] : [said(RenameUnit, { name, from: since })]),
        ...(moved ? [said(MoveUnit, { division, parent, from: since })] : []),
      ];
    },
  };
}

function personEntry({ id, name, identityNumber, appointments }: SeedFile['persons'][number]): SeedEntry {
  const posts = appointments.map(({ unit, role }) => `${unit}/${role}`);
  return {
    ...{ kind: 'person', id, says: { name, identityNumber, posts }, posts },
    orders: ({ doc, from, today, given = [], named = false }) => {
      const { entered = from, posts: all = [] } = (doc as PersonDoc | undefined) ?? {};
      const since = later(doc ? today : from, entered);
      // What is personal comes as a text and is sealed on its way.
      const called = { name: name as never, identityNumber: identityNumber as never, from: since };
      const held = all.filter((post) => covers(post, since)).map(({ unit, role }) => `${unit}/${role}`);
      const lost = given.filter((post) => !posts.includes(post) && held.includes(post));
      const won = [...new Set(posts)].filter((post) => !held.includes(post));
      return [
        ...(doc ? (named ? [] : [said(RenamePerson, called)]) : [said(EnterPerson, called)]),
        ...lost.map((post) => said(EndAppointment, { ...placeOf(post), from: since })),
        ...won.map((post) => said(AppointPerson, { ...placeOf(post), from: since })),
      ];
    },
  };
}

function placeOf(post: string): Pick<AppointPerson, 'unit' | 'role'> {
  const [unit = '', role] = post.split('/');
  return { unit, role: role as AppointPerson['role'] };
}

/** Somebody whom the file names no more loses what it had given them. */
export function lostPerson(id: string): SeedEntry {
  return {
    ...{ kind: 'person', id, says: {}, posts: [] },
    orders: ({ doc, today, given = [] }) =>
      ((doc as PersonDoc | undefined)?.posts ?? [])
        .filter((post) => covers(post, today) && given.includes(`${post.unit}/${post.role}`))
        .map(({ unit, role }) => said(EndAppointment, { unit, role, from: today })),
  };
}

/** The name of what a version is a version of. */
const nameOf = (version: string): string => version.split('@')[0] ?? version;

/** A version that is there as it is wanted; another one of the same name is for the register to refuse. */
const isPublished = (doc: Doc | undefined, id: string, same: (version: object) => boolean): boolean =>
  ((doc as Versions<{ id: string }> | undefined)?.versions ?? []).some(
    (version) => version.id === id && same(version),
  );

function policyEntry({ policy, divisions }: SeedFile): SeedEntry {
  const { id } = policy;
  const read = (): object => ({ ...policyOf(policy, new Set(divisions.map(({ level }) => level))), id });
  return {
    ...{ kind: 'policy', id: nameOf(id), says: policy },
    orders: ({ doc, from, today }) => {
      const same = (version: object): boolean =>
        canonical((version as { policy: object }).policy) === canonical(read());
      return isPublished(doc, id, same)
        ? []
        : [said(PublishPolicy, { id, policy, from: doc ? today : from })];
    },
  };
}

/** Days of divisions beside those of the whole, as a file has them. */
type FileCalendar = SeedFile['calendar'] & {
  until?: Day;
  divisions?: Readonly<Record<DivisionId, { holidays?: Day[]; moved?: Day[] }>>;
};

function calendarEntry(seed: SeedFile): SeedEntry {
  const { id, holidays, moved, until, divisions }: FileCalendar = seed.calendar;
  const own =
    divisions &&
    Object.entries(divisions).map(([division, days]) => ({ division, holidays: [], moved: [], ...days }));
  const calendar = { id, holidays, moved, until, divisions: own };
  return {
    ...{ kind: 'calendar', id: nameOf(id), says: calendar },
    orders: ({ doc, from, today }) => {
      const same = ({ publishedAt: _, from: __, ...version }: Record<string, unknown>): boolean =>
        canonical(version) === canonical(calendar);
      return isPublished(doc, id, same as never)
        ? []
        : [said(PublishCalendar, { ...calendar, from: doc ? today : from })];
    },
  };
}
