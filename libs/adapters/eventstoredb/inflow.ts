import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type Credentials,
  type EventStoreDBClient,
  excludeSystemEvents,
  type Position as Place,
  streamNameFilter,
} from '@eventstore/db-client';
import { setImmediate as turn } from 'node:timers/promises';
import { type StoredEvent } from '../../eventing/event.js';
import { type Position, Unavailable } from '../../eventing/store.js';
import { toPlace, toPosition, toStored } from './events.js';

/** A page has at most this many events, and about as many more wait behind it. */
export const PAGE = 1000;

/** Something the server said between two events. */
class Mark {
  constructor(
    readonly checkpoint: Place | undefined,
    readonly live?: boolean,
  ) {}
}

export interface Taken {
  events: StoredEvent[];
  /** Where the last of what was taken stands; undefined where nothing was taken. */
  reached: Position | undefined;
  /** Nothing came for as long as somebody was willing to wait. */
  quiet: boolean;
}

export interface Terms {
  /** Milliseconds for the server to confirm. */
  patience: number;
  credentials?: Credentials;
  /** Only streams whose names begin so; without it all but the server's own. */
  streams?: readonly string[];
}

/** One subscription to the log without the server's own events, drawn from at the reader's pace. */
export class Inflow {
  /** Whether the server has said that all that was there has been sent. */
  live = false;
  failure: Error | undefined;
  #over = false;
  #last: Place | undefined;
  #wake: () => void = () => undefined;
  readonly #unconfirmed: NodeJS.Timeout;
  readonly #subscription: AllStreamSubscription;

  constructor(
    client: EventStoreDBClient,
    after: Position | undefined,
    private readonly signal: AbortSignal,
    { patience, credentials, streams }: Terms,
  ) {
    // The client tells of a checkpoint as soon as it has come, while events before it are still unread: pushed into
    // the stream it keeps its place behind them.
    const checkpointReached = (subscription: AllStreamSubscription, place: Place): void => {
      subscription.push(new Mark(place));
    };
    const told = { checkpointReached, maxSearchWindow: PAGE };
    const filter = streams
      ? streamNameFilter({ ...told, prefixes: [...streams] })
      : excludeSystemEvents(told);
    const fromPosition = toPlace(after);
    if (typeof fromPosition === 'object') this.#last = fromPosition;
    this.#subscription = client.subscribeToAll(
      { fromPosition, filter, ...(credentials && { credentials }) },
      { highWaterMark: PAGE },
    );
    this.#unconfirmed = setTimeout(() => {
      this.#end(new Unavailable(`EventStoreDB confirmed no subscription within ${patience} ms`));
    }, patience);
    this.#listen();
  }

  /** Whether nothing will come any more. */
  get over(): boolean {
    return (this.#over && this.#subscription.readableLength === 0) || this.signal.aborted;
  }

  /** Whether more has arrived already. */
  get pending(): boolean {
    return this.#subscription.readableLength > 0;
  }

  /** All that is there, at most a page of it; where nothing is, the next that comes, or nothing after `patience` ms. */
  async take(patience: number | undefined): Promise<Taken> {
    const taken: Taken = { events: [], reached: undefined, quiet: false };
    while (!this.#drain(taken)) {
      if (this.over) return taken;
      if (!(await this.#change(patience))) return { ...taken, quiet: true };
    }
    // What has come in over the network is decoded turn by turn: a turn that brings nothing ends the page.
    do await turn();
    while (taken.events.length < PAGE && this.#drain(taken));
    return taken;
  }

  close(): void {
    clearTimeout(this.#unconfirmed);
    this.signal.removeEventListener('abort', this.#ring);
    this.#subscription.unsubscribe().catch(() => undefined);
    this.#subscription.destroy();
  }

  readonly #ring = (): void => {
    this.#wake();
  };

  #listen(): void {
    const stands = (live: boolean) => () => this.#subscription.push(new Mark(undefined, live));
    this.#subscription.on('readable', this.#ring);
    this.#subscription.on('caughtUp', stands(true));
    this.#subscription.on('fellBehind', stands(false));
    this.#subscription.on('confirmation', () => {
      clearTimeout(this.#unconfirmed);
    });
    // Stays for good: the client may still speak of an error after the end, and nobody else listens.
    this.#subscription.on('error', (error) => {
      this.#end(error);
    });
    this.#subscription.on('end', () => {
      this.#end();
    });
    this.signal.addEventListener('abort', this.#ring);
  }

  #end(failure?: Error): void {
    clearTimeout(this.#unconfirmed);
    this.failure ??= failure;
    this.#over = true;
    this.#ring();
  }

  /** Whether there was anything. */
  #drain(taken: Taken): boolean {
    let any = false;
    while (taken.events.length < PAGE) {
      const item = this.#subscription.read() as AllStreamResolvedEvent | Mark | null;
      if (item === null) break;
      any = true;
      if (item instanceof Mark) this.#note(item, taken);
      else this.#add(item, taken);
    }
    return any;
  }

  #note({ checkpoint, live }: Mark, taken: Taken): void {
    if (checkpoint) taken.reached = toPosition(checkpoint);
    if (live !== undefined) this.live = live;
  }

  #add({ event }: AllStreamResolvedEvent, taken: Taken): void {
    // Some servers have given an event twice where they went over from catching up to live.
    if (!event || (this.#last && !isAfter(event.position, this.#last))) return;
    this.#last = event.position;
    taken.events.push(toStored(event));
    taken.reached = toPosition(event.position);
  }

  /** False when nothing changed for `patience` milliseconds. */
  #change(patience: number | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = patience === undefined ? undefined : setTimeout(resolve, patience, false);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

function isAfter(one: Place, other: Place): boolean {
  return one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);
}
