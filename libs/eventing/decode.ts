import { LRUCache } from 'lru-cache';
import {
  type Actor,
  type DomainEvent,
  type Meta,
  type Recorded,
  type Stamp,
  type StoredEvent,
} from './event.js';

/** The name is not of this language: a newer writer, or damage. Nothing may be guessed. */
export class UnknownEvent extends Error {
  constructor(stored: StoredEvent) {
    super(`${stored.stream}@${stored.revision} has the unknown name ${JSON.stringify(stored.type)}`);
    this.name = 'UnknownEvent';
  }
}

/** Every name of a union, once; forgetting one does not compile. */
export type Names<E extends DomainEvent> = { readonly [T in E['type']]: true };

/** An old name and how its data reads today. */
export type Upcasts<E extends DomainEvent> = Readonly<Record<string, (data: Record<string, unknown>) => E>>;

export type Decode<E extends DomainEvent, M extends Stamp = Meta> = (stored: StoredEvent) => Recorded<E, M>;

/**
 * The one way from stored text to an event.
 * @param metaOf what is read of its meta; all of it, where nothing is said
 * @throws UnknownEvent (from the function returned)
 */
export function decoder<E extends DomainEvent, M extends Stamp = Meta>(
  names: Names<E>,
  upcasts: Upcasts<E> = {},
  metaOf: (meta: string) => M = JSON.parse,
): Decode<E, M> {
  return (stored) => {
    const data = JSON.parse(stored.data) as Record<string, unknown>;
    const { id, stream, revision } = stored;
    return { id, stream, revision, event: named(stored, data), meta: metaOf(stored.meta) };
  };

  function named(stored: StoredEvent, data: Record<string, unknown>): E {
    if (Object.hasOwn(names, stored.type)) {
      data.type = stored.type;
      return data as unknown as E;
    }
    const upcast = Object.hasOwn(upcasts, stored.type) ? upcasts[stored.type] : undefined;
    if (!upcast) throw new UnknownEvent(stored);
    return upcast(data);
  }
}

const ACTOR = '{"actor":';
const AT = '"recordedAt":';
/** As `recordedAt` is written, with its quotes. */
const AT_LENGTH = '"2026-01-01T00:00:00.000Z"'.length;
/** Of those who acted lately, by how they stand in a meta. */
const actors = new LRUCache<string, Actor>({ max: 1000 });

/**
 * Who and when, cut out of a stored meta: reading all of it takes twice as long. Its keys are sorted, and no text has a bare
 * quote in it: a piece that is cut out wrongly is no JSON, and then all of it is read. What stands behind is not looked at.
 */
export function stampOf(meta: string): Stamp {
  const to = meta.indexOf('"}') + 2;
  // It stands near the end.
  const at = meta.lastIndexOf(AT) + AT.length;
  if (!meta.startsWith(ACTOR) || at < to) return JSON.parse(meta) as Meta;
  try {
    // Read, and not merely cut out: what is cut out keeps all of the meta in memory for as long as a row has it.
    const recordedAt = JSON.parse(meta.slice(at, at + AT_LENGTH)) as string;
    return { actor: actorOf(meta.slice(ACTOR.length, to)), recordedAt };
  } catch {
    return JSON.parse(meta) as Meta;
  }
}

function actorOf(text: string): Actor {
  const known = actors.get(text);
  if (known) return known;
  const actor = JSON.parse(text) as Actor;
  actors.set(text, actor);
  return actor;
}
