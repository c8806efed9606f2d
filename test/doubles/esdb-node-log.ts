import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';

/** What an append may expect of its stream. */
export type Expected = bigint | 'any' | 'no_stream' | 'stream_exists';

export interface Proposed {
  id: string;
  type: string;
  contentType: string;
  data: Uint8Array;
  metadata: Uint8Array;
}

export interface Logged extends Proposed {
  stream: string;
  revision: bigint;
  commit: bigint;
  prepare: bigint;
  created: number;
}

export type Verdict =
  | { kind: 'written'; revision: bigint; last: Logged | undefined }
  | { kind: 'wrong'; current: bigint }
  | { kind: 'deleted' };

/** Largest event number: what a tombstone bears, and where a deleted stream is truncated. */
export const DELETED = 2n ** 63n - 1n;
const NO_EVENTS: readonly Logged[] = [];

/** The log as a node keeps it: its rules of expected revisions, of idempotence and of deleting. */
export class NodeLog {
  readonly all: Logged[] = [];
  readonly #streams = new Map<string, Logged[]>();
  readonly #bell = new EventEmitter().setMaxListeners(0);
  #end = 512n;

  /** @param shared events of one append bear one commit position, as those of explicit transactions do */
  constructor(private readonly shared = false) {}

  append(stream: string, expected: Expected, events: readonly Proposed[]): Verdict {
    const current = this.last(stream);
    if (current === DELETED) return { kind: 'deleted' };
    const gone = this.isSoftDeleted(stream);
    if (expected === 'stream_exists') {
      if (gone) return { kind: 'deleted' };
      if (current < 0n && this.last(`$$${stream}`) < 0n) return { kind: 'wrong', current };
    }
    const verdict = this.#check(stream, expected, events, current, gone);
    if (verdict) return verdict;
    // Writing to a deleted stream takes it up again behind its old end.
    if (gone) this.#truncate(stream, current + 1n);
    const written = this.#write(stream, current + 1n, events);
    return { kind: 'written', revision: current + BigInt(events.length), last: written.at(-1) };
  }

  /** Its events vanish, its numbering stays. */
  softDelete(stream: string, expected: Expected): Verdict {
    const verdict = this.#deletable(stream, expected);
    if (verdict) return verdict;
    const [last] = this.#truncate(stream, DELETED);
    return { kind: 'written', revision: this.last(stream), last };
  }

  /** For good. */
  tombstone(stream: string, expected: Expected): Verdict {
    const verdict = this.#deletable(stream, expected);
    if (verdict) return verdict;
    const [last] = this.#write(stream, DELETED, [system('$streamDeleted', '')]);
    return { kind: 'written', revision: DELETED, last };
  }

  /** Events of the node's own, which no ordinary reader wants to see. */
  writeSystemEvents(count: number): void {
    const stats = Array.from({ length: count }, () => system('$statsCollected', '{"proc-cpu":1}'));
    this.#write('$stats-127.0.0.1:2113', this.last('$stats-127.0.0.1:2113') + 1n, stats);
  }

  /** The number of its last event, −1 where there is none. */
  last(stream: string): bigint {
    return this.#of(stream).at(-1)?.revision ?? -1n;
  }

  /** What a reader may see; undefined where there is no stream, or none any more. */
  visible(stream: string): readonly Logged[] | undefined {
    const events = this.#of(stream);
    if (events.length === 0 || this.isSoftDeleted(stream)) return undefined;
    const from = this.#keptFrom(stream);
    return from === 0n ? events : events.filter(({ revision }) => revision >= from);
  }

  isSoftDeleted(stream: string): boolean {
    return this.#keptFrom(stream) === DELETED;
  }

  /** Resolves with the next write, or when `signal` aborts. */
  async grown(signal: AbortSignal): Promise<void> {
    await once(this.#bell, 'written', { signal }).catch(() => undefined);
  }

  #check(
    stream: string,
    expected: Expected,
    events: readonly Proposed[],
    current: bigint,
    gone: boolean,
  ): Verdict | undefined {
    if (expected === 'any' || expected === 'stream_exists') return this.#seen(stream, events, current);
    const from = expected === 'no_stream' ? -1n : expected;
    if (from === current) return undefined;
    if (from > current || events.length === 0) return { kind: 'wrong', current };
    const there = this.#of(stream).slice(Number(from + 1n), Number(from + 1n) + events.length);
    const same = events.findIndex((event, n) => there[n]?.id !== event.id);
    if (same === -1) return { kind: 'written', revision: from + BigInt(events.length), last: there.at(-1) };
    return same === 0 && from === -1n && gone ? undefined : { kind: 'wrong', current };
  }

  /** Without an expected revision only the ids can tell a repetition. */
  #seen(stream: string, events: readonly Proposed[], current: bigint): Verdict | undefined {
    const found = events.map(({ id }) => this.#of(stream).findLast((one) => one.id === id));
    if (found.length === 0 || found[0] === undefined) return undefined;
    const last = found.at(-1);
    if (!last || found.includes(undefined)) return { kind: 'wrong', current };
    return { kind: 'written', revision: last.revision, last };
  }

  #deletable(stream: string, expected: Expected): Verdict | undefined {
    const current = this.last(stream);
    if (current === DELETED) return { kind: 'deleted' };
    const right = {
      any: true,
      no_stream: current < 0n,
      stream_exists: current >= 0n,
    };
    return (typeof expected === 'bigint' ? expected === current : right[expected])
      ? undefined
      : { kind: 'wrong', current };
  }

  #truncate(stream: string, before: bigint): Logged[] {
    const metadata = `$$${stream}`;
    return this.#write(metadata, this.last(metadata) + 1n, [system('$metadata', `{"$tb":${before}}`)]);
  }

  #keptFrom(stream: string): bigint {
    const metadata = this.#of(`$$${stream}`).at(-1)?.data ?? [];
    return BigInt(/"\$tb":(\d+)/.exec(Buffer.from(metadata).toString())?.[1] ?? 0);
  }

  #of(stream: string): readonly Logged[] {
    return this.#streams.get(stream) ?? NO_EVENTS;
  }

  #write(stream: string, first: bigint, events: readonly Proposed[]): Logged[] {
    const written = events.map((event, n) => {
      const prepare = this.#end;
      this.#end += BigInt(128 + event.data.length + event.metadata.length);
      return { ...event, stream, revision: first + BigInt(n), prepare, commit: prepare, created: Date.now() };
    });
    if (this.shared) for (const one of written) one.commit = this.#end;
    const kept = this.#streams.get(stream) ?? [];
    if (kept.length === 0) this.#streams.set(stream, kept);
    kept.push(...written);
    this.all.push(...written);
    this.#bell.emit('written');
    return written;
  }
}

function system(type: string, data: string): Proposed {
  const metadata = new Uint8Array();
  return {
    id: randomUUID(),
    type,
    contentType: 'application/json',
    data: new Uint8Array(Buffer.from(data)),
    metadata,
  };
}
