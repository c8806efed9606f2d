import { EventStoreDBClient } from '@eventstore/db-client';
import { setImmediate as turn } from 'node:timers/promises';
import { Unavailable } from '../../eventing/store.js';
import { Replaced } from './outcome.js';
import { assertConnectionString } from './url.js';

interface Channel {
  close: () => void;
  getConnectivityState: (connect: boolean) => number;
}
interface Caller {
  getChannel: () => Channel;
}

/** What the client keeps to itself. Its version is pinned, and the specs watch what is mended here. */
interface Inside {
  readonly throwOnAppendFailure: boolean;
  supports: () => Promise<boolean>;
  getChannel: () => Promise<Channel>;
  handleError: (caller: Caller, error: Error) => Promise<void>;
  execute: <T>(service: unknown, name: string, action: (caller: Caller) => Promise<T>) => Promise<T>;
}

const SHUTDOWN = 4;

/** One client of the server or cluster: it finds the leader again by itself, and takes nothing down with it. */
export class Connection {
  readonly client: EventStoreDBClient;
  readonly #inside: Inside;
  #settling: Promise<void> = Promise.resolve();
  #channel: Promise<Channel> | undefined;
  #closed = false;

  /**
   * @param url `esdb://` or `esdb+discover://`, with credentials, several hosts and options as the client knows them
   * @throws Error naming the variable, never its value
   */
  constructor(url: string) {
    assertConnectionString(url);
    this.client = connectionString(url);
    this.#inside = this.client as unknown as Inside;
    if (!this.#inside.throwOnAppendFailure)
      throw new Error('EVENTSTOREDB_URL: throwOnAppendFailure must be true');
    this.#mend(this.#inside);
  }

  /**
   * A node is known and a call can be sent to it: what fails until then has surely written nothing.
   * @throws Unavailable
   */
  async ready(ms: number, signal?: AbortSignal): Promise<void> {
    const found = this.#settling.then(() => {
      if (this.#closed) throw new Replaced();
      return (this.#channel = this.#inside.getChannel());
    });
    try {
      await within(ms, found, () => new Error(`none answered within ${ms} ms`), signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      throw new Unavailable(`no node of EventStoreDB can be reached: ${reason}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closed = this.#channel?.then(
      (channel) => {
        channel.close();
      },
      () => undefined,
    );
    // A discovery that still goes on is not waited for: it gives up by itself.
    await Promise.race([closed, turn()]);
  }

  #mend(inside: Inside): void {
    // The unary Append has a deadline; BatchAppend has none, and neither has the question whether it is there. Besides,
    // all clients of a process share one list of batched appends: where one line breaks, the answers on others throw.
    inside.supports = () => Promise.resolve(false);
    // Nobody in the client waits for this, and it fails when the next node cannot be found.
    const { handleError, execute } = inside;
    inside.handleError = (caller, error) =>
      (this.#settling = handleError(caller, error).catch(() => undefined));
    // On a channel that is shut down a call throws inside a promise's executor: unhandled, and never settled.
    inside.execute = (service, name, action) =>
      execute(service, name, (caller) =>
        caller.getChannel().getConnectivityState(false) === SHUTDOWN
          ? Promise.reject(new Replaced())
          : action(caller),
      );
  }
}

function connectionString(url: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (error) {
    // What the client says of a string it cannot read quotes it, password and all.
    if (error instanceof Error && !('connectionString' in error)) throw error;
    throw new Error('EVENTSTOREDB_URL is no connection string of EventStoreDB');
  }
}

/**
 * @param late what to throw when `work` is not done after `ms` milliseconds
 * @param signal stops the waiting, not the work
 */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  late: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  let end: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => {
      reject(late());
    };
  });
  const timer = setTimeout(end, ms);
  signal?.addEventListener('abort', end);
  try {
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
