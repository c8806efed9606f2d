import { addDays } from '../calendar/working-days.js';
import {
  type BatchEvent,
  type CalendarEvent,
  type DivisionEvent,
  type PersonEvent,
  type PolicyEvent,
  type RegisterKind,
  type SourceEvent,
  type UnitEvent,
} from '../contracts/register-events.js';
import { type Role } from '../contracts/roles.js';
import { type Day, type DivisionId, type PersonId, type UnitId } from '../contracts/values.js';
import { type DomainEvent } from '../eventing/event.js';

/** What holds from a day on, until what is next in its list does. */
export interface Since<T> {
  from: Day;
  is: T;
}

/** Both days with it. */
export interface Period {
  from: Day;
  until?: Day;
}

export interface DivisionDoc {
  opened: Day;
  names: readonly Since<string>[];
  levels: readonly Since<string>[];
  /** null: it lies in none. */
  parents: readonly Since<DivisionId | null>[];
  merged?: Since<DivisionId>;
  /** The first day without it. */
  closed?: Day;
}

export interface UnitDoc {
  opened: Day;
  names: readonly Since<string>[];
  places: readonly Since<{ division: DivisionId; parent?: UnitId }>[];
  abolished?: Since<UnitId>;
}

export interface Post extends Period {
  unit: UnitId;
  role: Role;
  acting?: true;
}

export interface DelegationTo extends Period {
  to: PersonId;
  unit: UnitId;
  role: Role;
}

/** @typeParam Name sealed as it is stored; a text where it has been opened. */
export interface PersonDoc<Name = unknown> {
  entered: Day;
  names: readonly Since<Name>[];
  posts: readonly Post[];
  /** Given to others. */
  delegations: readonly DelegationTo[];
  leave: readonly Period[];
}

/** Versions in the order in which they were published. */
export interface Versions<E> {
  versions: readonly (Omit<E, 'type'> & { publishedAt: string })[];
}
export type PolicyDoc = Versions<PolicyEvent>;
export type CalendarDoc = Versions<CalendarEvent>;

export type SourceDoc = Omit<SourceEvent, 'type'>;
export type BatchDoc = Omit<Extract<BatchEvent, { type: 'BatchOpened' }>, 'type'> & {
  closed?: Omit<Extract<BatchEvent, { type: 'BatchClosed' }>, 'type'>;
};

export interface DocOf<Name = unknown> {
  division: DivisionDoc;
  unit: UnitDoc;
  person: PersonDoc<Name>;
  policy: PolicyDoc;
  calendar: CalendarDoc;
  source: SourceDoc;
  batch: BatchDoc;
}
export type Doc<Name = unknown> = DocOf<Name>[RegisterKind];

/** All entries, by kind and id. Never changed: a change of one kind replaces the map of that kind only. */
export type Docs<Name = unknown> = { readonly [K in RegisterKind]: ReadonlyMap<string, DocOf<Name>[K]> };

export const noDocs = (): Docs<never> => ({
  division: new Map(),
  unit: new Map(),
  person: new Map(),
  policy: new Map(),
  calendar: new Map(),
  source: new Map(),
  batch: new Map(),
});

export function asOf<T>(list: readonly Since<T>[], day: Day): T | undefined {
  return list.findLast(({ from }) => from <= day)?.is;
}

export const covers = ({ from, until }: Period, day: Day): boolean =>
  from <= day && (until === undefined || day <= until);

export const overlap = (one: Period, other: Period): boolean =>
  (one.until === undefined || other.from <= one.until) &&
  (other.until === undefined || one.from <= other.until);

/** In the order of their days; of one day the last said counts. */
function since<T>(list: readonly Since<T>[], from: Day, is: T): Since<T>[] {
  const before = list.filter((one) => one.from < from);
  return [...before, { from, is }, ...list.filter((one) => one.from > from)];
}

/** What stands on the day ends before it. */
function ended<T extends Period>(list: readonly T[], from: Day, which: (one: T) => boolean): T[] {
  return list.map((one) => (covers(one, from) && which(one) ? { ...one, until: addDays(from, -1) } : one));
}

type Folds<D, E extends DomainEvent> = {
  [T in E['type']]: (doc: D, event: Omit<Extract<E, { type: T }>, 'type'>, at: string) => D;
};

const divisions: Folds<DivisionDoc, DivisionEvent> = {
  DivisionOpened: (_, { name, level, parent, from }) => ({
    opened: from,
    names: [{ from, is: name }],
    levels: [{ from, is: level }],
    parents: [{ from, is: parent ?? null }],
  }),
  DivisionRenamed: (doc, { name, level, from }) => ({
    ...doc,
    names: since(doc.names, from, name),
    levels: level === undefined ? doc.levels : since(doc.levels, from, level),
  }),
  DivisionMoved: (doc, { parent, from }) => ({ ...doc, parents: since(doc.parents, from, parent ?? null) }),
  DivisionMerged: (doc, { into, from }) => ({ ...doc, merged: { from, is: into } }),
  DivisionClosed: (doc, { from }) => ({ ...doc, closed: from }),
};

const units: Folds<UnitDoc, UnitEvent> = {
  UnitOpened: (_, { name, from, ...place }) => ({
    opened: from,
    names: [{ from, is: name }],
    places: [{ from, is: place }],
  }),
  UnitRenamed: (doc, { name, from }) => ({ ...doc, names: since(doc.names, from, name) }),
  UnitMoved: (doc, { from, ...place }) => ({ ...doc, places: since(doc.places, from, place) }),
  UnitAbolished: (doc, { successor, from }) => ({ ...doc, abolished: { from, is: successor } }),
};

const persons: Folds<PersonDoc, PersonEvent<unknown>> = {
  PersonEntered: (_, { name, from }) => ({
    entered: from,
    names: [{ from, is: name }],
    posts: [],
    delegations: [],
    leave: [],
  }),
  PersonRenamed: (doc, { name, from }) => ({ ...doc, names: since(doc.names, from, name) }),
  PersonAppointed: (doc, post) => ({ ...doc, posts: [...doc.posts, post] }),
  AppointmentEnded: (doc, { unit, role, from }) => ({
    ...doc,
    posts: ended(doc.posts, from, (post) => post.unit === unit && post.role === role),
  }),
  DelegationGiven: (doc, delegation) => ({ ...doc, delegations: [...doc.delegations, delegation] }),
  DelegationEnded: (doc, { to, unit, role, from }) => ({
    ...doc,
    delegations: ended(
      doc.delegations,
      from,
      (one) => one.to === to && one.unit === unit && one.role === role,
    ),
  }),
  LeaveTaken: (doc, leave) => ({ ...doc, leave: [...doc.leave, leave] }),
  LeaveEnded: (doc, { from }) => ({ ...doc, leave: ended(doc.leave, from, () => true) }),
};

const policies: Folds<PolicyDoc, PolicyEvent> = {
  PolicyPublished: (doc, version, publishedAt) => ({
    versions: [...doc.versions, { ...version, publishedAt }],
  }),
};

const calendars: Folds<CalendarDoc, CalendarEvent> = {
  CalendarPublished: (doc, version, publishedAt) => ({
    versions: [...doc.versions, { ...version, publishedAt }],
  }),
};

const sources: Folds<SourceDoc, SourceEvent> = { SourceRecorded: (_, source) => source };

const batches: Folds<BatchDoc, BatchEvent> = {
  BatchOpened: (_, batch) => batch,
  BatchClosed: (doc, closed) => ({ ...doc, closed }),
};

export const none: { readonly [K in RegisterKind]: DocOf[K] } = {
  division: { opened: '', names: [], levels: [], parents: [] },
  unit: { opened: '', names: [], places: [] },
  person: { entered: '', names: [], posts: [], delegations: [], leave: [] },
  policy: { versions: [] },
  calendar: { versions: [] },
  source: { code: '', number: '', issuer: '', date: '', lines: 0 },
  batch: { file: '', rows: 0 },
};

const folds = {
  division: divisions,
  unit: units,
  person: persons,
  policy: policies,
  calendar: calendars,
  source: sources,
  batch: batches,
};

/** @param at when it was recorded */
export function fold<K extends RegisterKind>(
  kind: K,
  doc: DocOf[K] | undefined,
  { type, ...data }: DomainEvent,
  at: string,
): DocOf[K] {
  // The decoder of the kind let in names of the kind only.
  const change = folds[kind][type as never] as (doc: DocOf[K], data: object, at: string) => DocOf[K];
  return change(doc ?? none[kind], data, at);
}
