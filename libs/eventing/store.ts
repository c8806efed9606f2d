import { type NewEvent, type StoredEvent } from './event.js';

/** A place in the whole log. Opaque: handed back to the store it came from, never compared, never stored in an event. */
export type Position = string;

/** What was appended: the revision of the last event of the append. */
export interface Appended {
  revision: number;
  /** true: surely written by this very call. Otherwise it may be an append of before, by whoever made it. */
  fresh?: boolean;
}

/** Streams of events. The one port behind which the log stands. */
export interface EventStore {
  /**
   * Events of a stream in order, from revision `from` on, at most `limit`; empty where there is none.
   * @throws Unavailable
   */
  read(stream: string, from: number, limit: number): Promise<StoredEvent[]>;

  /**
   * All events or none, right behind revision `expected` (−1: the stream must not exist yet). The same ids at the
   * same expected revision again answer as the first time and write nothing.
   * @throws Conflict the stream stands elsewhere; nothing was written
   * @throws Unavailable surely not written
   * @throws OutcomeUnknown perhaps written: load again, the command id in the stream decides
   */
  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<Appended>;
}

/** By which Nest finds the store. */
export const STORE = Symbol('STORE');

/** A piece of the whole log, in order. */
export interface Page {
  /** May be empty: then only the position moves on. */
  events: StoredEvent[];
  /** Where to go on after this page has been dealt with. */
  next: Position;
  /** Whether more is known to be there already: the page after this one comes without anything new happening. */
  more: boolean;
}

/** The log, in order, first what is there and then what comes, until `signal` aborts. */
export interface Feed {
  /**
   * SQL of ordinal, id and leaf (see `leafHash`, in bytes) of all events, for whoever hears all of them and writes to the
   * database that the log is in: they need not be told one by one. Absent: they must.
   */
  readonly leaves?: string;
  /**
   * @param streams prefixes of names: only the events of such streams, at the cost of these alone; without it all
   * @throws Unavailable, Hole
   */
  follow(after: Position | undefined, signal: AbortSignal, streams?: readonly string[]): AsyncIterable<Page>;
}

export class Conflict extends Error {
  constructor(
    readonly stream: string,
    readonly expected: number,
  ) {
    super(`${stream} does not stand at revision ${expected}`);
    this.name = 'Conflict';
  }
}

export class Unavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unavailable';
  }
}

export class OutcomeUnknown extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OutcomeUnknown';
  }
}

/** A position of the log is missing: whoever follows must stop. */
export class Hole extends Error {
  constructor(expected: Position, found: Position) {
    super(`the log has a hole: position ${expected} is missing, ${found} is there`);
    this.name = 'Hole';
  }
}
