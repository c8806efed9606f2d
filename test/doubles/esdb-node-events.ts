import { type handleServerStreamingCall } from '@grpc/grpc-js';
import { type Logged } from './esdb-node-log.js';
import { identifierOf, shared, streams, type Streams } from './esdb-node-protocol.js';

export type Reading = Parameters<handleServerStreamingCall<Streams.ReadReq, Streams.ReadResp>>[0];

export interface Place {
  commit: bigint;
  prepare: bigint;
}

export function compare(one: Place, other: Place): number {
  if (one.commit !== other.commit) return one.commit < other.commit ? -1 : 1;
  return one.prepare === other.prepare ? 0 : one.prepare < other.prepare ? -1 : 1;
}

/** What the filter lets through: by prefixes or by a regular expression, of event types or of names of streams. */
export function matcher(options: Streams.ReadReq.Options): (record: Logged) => boolean {
  const filter = options.getFilter();
  const expression = filter?.getEventType() ?? filter?.getStreamIdentifier();
  if (!filter || !expression) return () => true;
  const key = filter.hasEventType() ? 'type' : 'stream';
  const regex = expression.getRegex() === '' ? undefined : new RegExp(expression.getRegex());
  const prefixes = expression.getPrefixList();
  return (record) => regex?.test(record[key]) ?? prefixes.some((prefix) => record[key].startsWith(prefix));
}

const TICKS_OF_A_MILLISECOND = 10_000n;

export function eventOf(record: Logged): Streams.ReadResp {
  const { ReadResp } = streams;
  const told = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(record.id))
    .setStreamIdentifier(identifierOf(record.stream))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(String(record.commit))
    .setPreparePosition(String(record.prepare))
    .setData(record.data)
    .setCustomMetadata(record.metadata);
  told
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', String(BigInt(record.created) * TICKS_OF_A_MILLISECOND));
  const event = new ReadResp.ReadEvent().setEvent(told).setCommitPosition(String(record.commit));
  return new ReadResp().setEvent(event);
}

/** Writes no faster than the other side reads. */
export class Pace {
  readonly #gone = new AbortController();
  #room: (() => void) | undefined;

  constructor(private readonly call: Reading) {
    const leave = (): void => {
      this.#gone.abort();
      this.#room?.();
    };
    call.on('cancelled', leave);
    call.on('close', leave);
    call.on('error', leave);
    call.on('drain', () => this.#room?.());
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  async write(answer: Streams.ReadResp): Promise<void> {
    if (this.signal.aborted || this.call.write(answer)) return;
    await new Promise<void>((resolve) => (this.#room = resolve));
  }
}
