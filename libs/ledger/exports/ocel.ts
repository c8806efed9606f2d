import { isUuid } from '../../contracts/values.js';
import { type Feed } from '../../eventing/store.js';
import { type AttributeType, attributesOf } from './log-attributes.js';
import { type CaseRecorded, eventsOfCases } from './log-pages.js';

const OBJECT_TYPES = ['case', 'unit', 'division', 'person'] as const;
type ObjectType = (typeof OBJECT_TYPES)[number];

interface Relationship {
  objectId: string;
  qualifier: string;
}

/** Fields that name an object or several, what it is, and in which part it takes part. */
const RELATED: Readonly<Record<string, readonly [ObjectType, string]>> = {
  ...{
    leads: ['unit', 'lead'],
    lead: ['unit', 'lead'],
    coUnits: ['unit', 'co-unit'],
    finder: ['unit', 'finder'],
  },
  ...{ closer: ['unit', 'closer'], unit: ['unit', 'named'], chargedTo: ['unit', 'charged'] },
  ...{ divisions: ['division', 'place'], parent: ['case', 'whole'], into: ['case', 'merged-into'] },
  ...{ case: ['case', 'other'], from: ['case', 'other'] },
};

const idOf = (type: ObjectType, id: string): string => `${type}:${id}`;

/**
 * The log of all cases as OCEL 2.0 in JSON, piece by piece. Units, divisions and persons are their ids of the register. What
 * memory grows with is the register, not the log: events come first, then what they were about.
 * @throws Unavailable
 */
export async function* ocel(feed: Feed): AsyncGenerator<string> {
  const seen = new Set<string>();
  const types = new Map<string, Map<string, AttributeType>>();
  yield '{"events":[';
  yield* listed(eventsOfCases(feed), (recorded) => eventOf(recorded, seen, types));
  yield '],\n"objects":[';
  yield* listed(objects(feed, seen), (object) => object);
  const eventTypes = [...types].map(([name, attributes]) => ({
    name,
    attributes: [...attributes].map(([attribute, type]) => ({ name: attribute, type })),
  }));
  const objectTypes = OBJECT_TYPES.map((name) => ({ name, attributes: [] }));
  yield `],\n"eventTypes":${JSON.stringify(eventTypes)},\n"objectTypes":${JSON.stringify(objectTypes)}}\n`;
}

async function* listed<T>(all: AsyncIterable<T>, write: (one: T) => object): AsyncGenerator<string> {
  let separator = '\n';
  for await (const one of all) {
    yield separator + JSON.stringify(write(one));
    separator = ',\n';
  }
}

/** Cases are as many as the log is long: they are read once more instead of being remembered. */
async function* objects(feed: Feed, seen: ReadonlySet<string>): AsyncGenerator<object> {
  for (const id of seen) yield { id, type: id.slice(0, id.indexOf(':')), attributes: [] };
  for await (const { stream, revision } of eventsOfCases(feed))
    if (revision === 0) yield { id: idOf('case', caseIn(stream)), type: 'case', attributes: [] };
}

const caseIn = (stream: string): string => stream.slice('case-'.length);

function eventOf(
  { id, stream, event, meta }: CaseRecorded,
  seen: Set<string>,
  types: Map<string, Map<string, AttributeType>>,
): object {
  const { type, ...data } = event;
  const attributes = attributesOf(data);
  const known = types.get(type) ?? new Map<string, AttributeType>();
  types.set(type, known);
  for (const { name, type: kind } of attributes) known.set(name, kind);
  const { unit, person } = meta.actor;
  const relationships: Relationship[] = [
    { objectId: idOf('case', caseIn(stream)), qualifier: 'case' },
    { objectId: idOf('unit', unit), qualifier: 'actor' },
    { objectId: idOf('person', person), qualifier: 'actor' },
    ...related(data),
  ];
  for (const { objectId } of relationships) if (!objectId.startsWith('case:')) seen.add(objectId);
  // The schema of OCEL has every value as a text, whatever its type is said to be.
  const told = attributes.map(({ name, value }) => ({ name, value: String(value) }));
  return { id, type, time: meta.recordedAt, attributes: told, relationships };
}

function related(data: object): Relationship[] {
  return Object.entries(data).flatMap(([field, value]: [string, unknown]) => {
    const [type, qualifier] = (Object.hasOwn(RELATED, field) ? RELATED[field] : undefined) ?? [];
    if (!type || qualifier === undefined) return [];
    const ids = (Array.isArray(value) ? value : [value]).filter((id) => typeof id === 'string');
    return ids
      .filter((id) => type !== 'case' || isUuid(id))
      .map((id) => ({ objectId: idOf(type, id), qualifier }));
  });
}
