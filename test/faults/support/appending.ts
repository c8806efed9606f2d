import { type Address } from '../../../libs/platform/sql.js';

/** What a process of appenders is asked to do. */
export interface Appending {
  address: Address;
  /** Tells this process's own streams from the other's. */
  name: string;
  appenders: number;
  /** At least this many events by each appender. */
  events: number;
}

/** What it did. */
export interface AppendingDone {
  events: number;
  /** Appends that lost, as they should: told to lose, or beaten on a stream that everybody writes. */
  conflicts: number;
  /** Errors that no append should meet, by name and code, and how often. */
  faults: Record<string, number>;
}

/** What a follower is asked to do; it is told later how many events there are: `{ upTo }`. */
export interface Following {
  address: Address;
}

/** What it saw, or why it stopped. */
export interface FollowingDone {
  events: number;
  digest: string;
  fault?: string;
}

/** One event as it stands in a digest of the log. */
export function line(position: number, event: Line): string {
  const { stream, revision, id, type, data, meta } = event;
  return `${JSON.stringify([position, stream, revision, id, type, data, meta])}\n`;
}

export interface Line {
  stream: string;
  revision: number;
  id: string;
  type: string;
  data: string;
  meta: string;
}
