import { type NewEvent, type StoredEvent } from '../../libs/eventing/event.js';
import { type Appended, Conflict, type EventStore } from '../../libs/eventing/store.js';

/** A log in memory: what the port promises, and all of it in order. */
export class MemoryLog implements EventStore {
  readonly all: StoredEvent[] = [];

  read(stream: string, from: number, limit: number): Promise<StoredEvent[]> {
    return Promise.resolve(this.of(stream).slice(from, from + limit));
  }

  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<Appended> {
    if (this.of(stream).length - 1 !== expected) return Promise.reject(new Conflict(stream, expected));
    this.all.push(...events.map((event, n) => ({ ...event, stream, revision: expected + 1 + n })));
    return Promise.resolve({ revision: expected + events.length, fresh: true });
  }

  of(stream: string): StoredEvent[] {
    return this.all.filter((event) => event.stream === stream);
  }
}
