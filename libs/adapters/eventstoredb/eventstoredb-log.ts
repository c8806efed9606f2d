import { type Credentials, type EventData, NO_STREAM } from '@eventstore/db-client';
import { type NewEvent, type StoredEvent } from '../../eventing/event.js';
import {
  type Appended,
  type EventStore,
  type Feed,
  OutcomeUnknown,
  type Page,
  type Position,
  Unavailable,
} from '../../eventing/store.js';
import { Connection, within } from './connection.js';
import { toEventData } from './events.js';
import { following } from './follow.js';
import { Inflow } from './inflow.js';
import { mayBeSentElsewhere, outcomeOf, StreamDeleted } from './outcome.js';
import { Reader } from './reader.js';

export interface EventStoreDbOptions {
  /** EVENTSTOREDB_URL: `esdb://user:password@host1:2113,host2:2113?tlsCAFile=…`, as the client knows it. */
  url: string;
  /** Instead of those in the URL. Like those, they are sent over TLS only. */
  credentials?: Credentials;
  /** Milliseconds after which an append that was not answered has an unknown outcome. */
  appendDeadlineMs?: number;
  /** The longest silence of the server, in milliseconds, while it is read or asked to be followed. */
  readDeadlineMs?: number;
  /** Told each time a follower has lost the line, before it takes it up again. */
  onDrop?: (reason: Error | undefined) => void;
}

const ATTEMPTS = 3;
/** Milliseconds by which our deadline is behind the client's own, which knows better whether anything was sent. */
const GRACE = 100;

/** The log in EventStoreDB: streams are streams, positions are those of `$all`. */
export class EventStoreDbLog implements EventStore, Feed {
  readonly #connection: Connection;
  readonly #reader: Reader;
  readonly #as: { credentials?: Credentials };
  readonly #appendMs: number;
  readonly #readMs: number;
  readonly #onDrop: (reason: Error | undefined) => void;
  readonly #closing = new AbortController();
  readonly #busy = new Set<Promise<unknown>>();

  /** @throws Error the URL is none; it names the variable, never its value */
  constructor(options: EventStoreDbOptions) {
    this.#connection = new Connection(options.url);
    this.#as = options.credentials ? { credentials: options.credentials } : {};
    this.#appendMs = options.appendDeadlineMs ?? 10_000;
    this.#readMs = options.readDeadlineMs ?? 10_000;
    this.#onDrop = options.onDrop ?? (() => undefined);
    this.#reader = new Reader(this.#connection, this.#readMs, this.#as);
  }

  /** @throws Unavailable, StreamDeleted */
  async read(stream: string, from: number, limit: number): Promise<StoredEvent[]> {
    return limit > 0 ? this.#during(() => this.#reader.read(stream, from, limit)) : [];
  }

  /** @throws Conflict, Unavailable, OutcomeUnknown, StreamDeleted, NotStorable */
  async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<Appended> {
    const data = events.map(toEventData);
    return this.#during(() => this.#append(stream, expected, data));
  }

  /** @throws Unavailable following is refused; a line that is lost is taken up again without end */
  follow(after: Position | undefined, signal: AbortSignal, streams?: readonly string[]): AsyncIterable<Page> {
    const open = async (position: Position | undefined, until: AbortSignal): Promise<Inflow> => {
      await this.#connection.ready(this.#readMs, until);
      const { credentials } = this.#as;
      return new Inflow(this.#connection.client, position, until, {
        patience: this.#readMs,
        ...(credentials && { credentials }),
        ...(streams && { streams }),
      });
    };
    return following({ open, onDrop: this.#onDrop }, after, [signal, this.#closing.signal]);
  }

  /** Ends all following, waits for appends and reads that are on their way, and gives the connection back. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#busy);
    await this.#connection.close();
  }

  async #append(stream: string, expected: number, data: EventData[]): Promise<Appended> {
    const until = Date.now() + this.#appendMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#send(stream, expected, data, until);
      } catch (error) {
        const again = attempt < ATTEMPTS && mayBeSentElsewhere(error) && Date.now() < until;
        if (!again) throw outcomeOf(error, stream, expected);
      }
    }
  }

  async #send(stream: string, expected: number, data: EventData[], until: number): Promise<Appended> {
    await this.#connection.ready(until - Date.now());
    const ms = until - Date.now();
    const answer = this.#connection.client.appendToStream(stream, data, {
      expectedRevision: expected < 0 ? NO_STREAM : BigInt(expected),
      // A follower would pass the append on, and not know what became of it.
      requiresLeader: true,
      deadline: ms,
      ...this.#as,
    });
    const { nextExpectedRevision } = await within(
      ms + GRACE,
      answer,
      () => new OutcomeUnknown(`EventStoreDB did not answer within ${this.#appendMs} ms`),
    );
    const revision = Number(nextExpectedRevision);
    // The server lets a deleted stream begin again, where it had ended.
    if (revision !== expected + data.length) throw new StreamDeleted(stream);
    return { revision };
  }

  async #during<T>(act: () => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw new Unavailable('the log was closed');
    const work = act();
    this.#busy.add(work);
    try {
      return await work;
    } finally {
      this.#busy.delete(work);
    }
  }
}
