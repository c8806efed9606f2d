import { type NewEvent } from '../../eventing/event.js';
import { Conflict, OutcomeUnknown, Unavailable } from '../../eventing/store.js';
import { codeOf } from '../../platform/fault.js';
import { BY_KEY, connect, type Address, type Sql } from '../../platform/sql.js';
import { SEPARATOR } from './schema.js';

interface Waiting {
  stream: string;
  expected: number;
  events: readonly NewEvent[];
  bytes: number;
  resolve: (revision: number) => void;
  reject: (error: unknown) => void;
}

const GROUP = 256;
const GROUP_BYTES = 1024 * 1024;
/** More than this many waiting appends mean that the database does not keep up: better told than queued. */
const MOST_WAITING = 10_000;

/**
 * Appends that arrive while a group is on its way make up the next one: one group in flight, no timer. A group that
 * fails as a whole is retried singly, so that one bad append harms no other.
 */
export class GroupCommit {
  #waiting: Waiting[] = [];
  #busy = false;
  #sql: Sql;

  constructor(
    private readonly address: Address,
    private readonly deadlineMs: number,
  ) {
    this.#sql = this.#connect();
  }

  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    if (this.#waiting.length >= MOST_WAITING) {
      return Promise.reject(new Unavailable('too many appends are waiting for the log'));
    }
    return new Promise((resolve, reject) => {
      const bytes = events.reduce(
        (sum, { data, meta }) => sum + Buffer.byteLength(data) + Buffer.byteLength(meta),
        0,
      );
      this.#waiting.push({ stream, expected, events, bytes, resolve, reject });
      this.#pump();
    });
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }

  #connect(): Sql {
    return connect(this.address, 1, BY_KEY);
  }

  #pump(): void {
    if (this.#busy || this.#waiting.length === 0) return;
    this.#busy = true;
    // One turn later, so that all who were answered together go together again.
    setImmediate(() => {
      void this.#commit(this.#take()).finally(() => {
        this.#busy = false;
        this.#pump();
      });
    });
  }

  /** The next group. A stream stands in it once: a second append of it waits for the group after. */
  #take(): Waiting[] {
    const group: Waiting[] = [];
    const left: Waiting[] = [];
    const streams = new Set<string>();
    let bytes = 0;
    for (const one of this.#waiting) {
      const fits = group.length === 0 || (group.length < GROUP && bytes + one.bytes <= GROUP_BYTES);
      if (!fits || streams.has(one.stream)) {
        left.push(one);
        continue;
      }
      streams.add(one.stream);
      group.push(one);
      bytes += one.bytes;
    }
    this.#waiting = left;
    return group;
  }

  async #commit(group: Waiting[]): Promise<void> {
    try {
      const heads = await this.#call(group);
      for (const [n, one] of group.entries()) {
        if (heads[n] === one.expected) one.resolve(one.expected + one.events.length);
        else one.reject(new Conflict(one.stream, one.expected));
      }
    } catch (error) {
      const told = translated(error);
      if (told === undefined && group.length > 1) {
        for (const one of group) await this.#commit([one]);
      } else {
        for (const one of group) one.reject(told ?? error);
      }
    }
  }

  async #call(group: Waiting[]): Promise<number[]> {
    const sql = this.#sql;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // The connection is stuck with the group: the next one gets another.
        this.#sql = this.#connect();
        void sql.end({ timeout: 0 });
        reject(new OutcomeUnknown(`the log did not answer within ${this.deadlineMs} ms`));
      }, this.deadlineMs);
    });
    try {
      return await Promise.race([calling(sql, group), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function calling(sql: Sql, group: readonly Waiting[]): Promise<number[]> {
  const [first] = group;
  const [event] = first?.events ?? [];
  if (first && event && group.length === 1 && first.events.length === 1) {
    const { id, type, data, meta } = event;
    const [row] = await sql.unsafe<{ head: number }[]>(
      'select log.append_one($1, $2, $3, $4, $5, $6) as head',
      [first.stream, first.expected, id, type, data, meta],
      { prepare: true },
    );
    return row ? [row.head] : [];
  }
  const [row] = await sql.unsafe<{ heads: number[] }[]>(
    'select log.append($1, $2, $3, $4, $5, $6, $7, $8) as heads',
    parameters(group),
    { prepare: true },
  );
  return row?.heads ?? [];
}

function parameters(group: readonly Waiting[]): string[] {
  const flat = group.flatMap(({ expected, events }, index) =>
    events.map((event, n) => ({ owner: index + 1, revision: expected + 1 + n, event })),
  );
  const lists = [
    group.map(({ stream }) => stream),
    group.map(({ expected }) => expected),
    flat.map(({ owner }) => owner),
    flat.map(({ revision }) => revision),
    flat.map(({ event }) => event.id),
    flat.map(({ event }) => event.type),
    flat.map(({ event }) => event.data),
    flat.map(({ event }) => event.meta),
  ];
  return lists.map((list) => list.join(SEPARATOR));
}

const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EACCES',
  'CONNECT_TIMEOUT',
  'CONNECTION_ENDED',
]);
/** SQLSTATE classes of a server that cannot take work: connection refused, no resources, starting up. */
const NOT_TAKEN = /^(?:53|57P03|28|3D)/;
/** The server went away or the connection did: what it did before is not known. */
const CUT = /^(?:08|57P0[12]|CONNECTION_|ECONNRESET|EPIPE)/;

/** What a failure means for an append, or undefined: the statement was refused as it stands. */
export function translated(error: unknown): Error | undefined {
  if (error instanceof OutcomeUnknown || error instanceof Unavailable) return error;
  const code = codeOf(error);
  if (NOT_CONNECTED.has(code) || NOT_TAKEN.test(code)) {
    return new Unavailable(`the database cannot be reached (${code})`, { cause: error });
  }
  if (CUT.test(code)) return new OutcomeUnknown(`the connection was cut (${code})`, { cause: error });
  return undefined;
}
