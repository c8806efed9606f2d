import {
  BACKWARDS,
  type Credentials,
  END,
  FORWARDS,
  type ReadStreamOptions,
  type RecordedEvent,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import { type StoredEvent } from '../../eventing/event.js';
import { Unavailable } from '../../eventing/store.js';
import { type Connection } from './connection.js';
import { toStored } from './events.js';
import { isMissing, isPassing, StreamDeleted, unread } from './outcome.js';

const ATTEMPTS = 3;

/** Reads single streams, from the leader: whoever asks what became of an append must not be told of yesterday. */
export class Reader {
  /** @param silenceMs the longest silence of the server */
  constructor(
    private readonly connection: Connection,
    private readonly silenceMs: number,
    private readonly as: { credentials?: Credentials },
  ) {}

  /** @throws Unavailable, StreamDeleted */
  async read(stream: string, from: number, limit: number): Promise<StoredEvent[]> {
    const found = await this.#records(stream, {
      fromRevision: BigInt(from),
      maxCount: limit,
      direction: FORWARDS,
    });
    if (!found && (await this.#isDeleted(stream))) throw new StreamDeleted(stream);
    const events = (found ?? []).map(toStored);
    // A stream that was cut off at its beginning, or deleted and begun again, goes on with later revisions.
    if (events.some(({ revision }, n) => revision !== from + n)) throw new StreamDeleted(stream);
    return events;
  }

  /** The server hides a stream that was deleted, and only its metadata tells it from one that never was. */
  async #isDeleted(stream: string): Promise<boolean> {
    const [last] =
      (await this.#records(`$$${stream}`, { fromRevision: END, maxCount: 1, direction: BACKWARDS })) ?? [];
    const { $tb = 0 } = (last?.data ?? {}) as { $tb?: number };
    return $tb > 0;
  }

  /** undefined where there is no such stream. */
  async #records(stream: string, options: ReadStreamOptions): Promise<RecordedEvent[] | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.connection.ready(this.silenceMs);
        const asked = { ...options, requiresLeader: true, ...this.as };
        return await all(this.connection.client.readStream(stream, asked), this.silenceMs);
      } catch (error) {
        if (isMissing(error)) return undefined;
        // Nodes change and connections break: asking again does no harm.
        const hopeless = error instanceof Unavailable || !isPassing(error);
        if (hopeless || attempt === ATTEMPTS) throw unread(error, stream);
      }
    }
  }
}

/** The client sets no deadline to reading. */
async function all(reading: StreamingRead<ResolvedEvent>, silenceMs: number): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  const silence = setTimeout(() => {
    reading.destroy(new Unavailable(`EventStoreDB was silent for ${silenceMs} ms`));
  }, silenceMs);
  // Stays for good: the client may still speak of an error after the end, and nobody else listens.
  reading.on('error', () => undefined);
  try {
    for await (const { event } of reading) {
      silence.refresh();
      if (event) records.push(event);
    }
    return records;
  } finally {
    clearTimeout(silence);
    reading.cancel().catch(() => undefined);
  }
}
