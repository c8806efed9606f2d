import { type DomainEvent, type Meta, type Recorded, type StoredEvent } from './event.js';

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

export type Decode<E extends DomainEvent> = (stored: StoredEvent) => Recorded<E>;

/**
 * The one way from stored text to an event.
 * @throws UnknownEvent (from the function returned)
 */
export function decoder<E extends DomainEvent>(names: Names<E>, upcasts: Upcasts<E> = {}): Decode<E> {
  return (stored) => {
    const data = JSON.parse(stored.data) as Record<string, unknown>;
    const { id, stream, revision } = stored;
    return { id, stream, revision, event: named(stored, data), meta: JSON.parse(stored.meta) as Meta };
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
