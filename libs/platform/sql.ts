import postgres from 'postgres';

/** A pool of connections to PostgreSQL. */
export type Sql = postgres.Sql;
/** By which Nest finds the application's pool. */
export const SQL = Symbol('SQL');
/** Statements inside one transaction. */
export type Tx = postgres.TransactionSql;

/** A piece of a statement. Never await it: awaiting sends it. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** How to reach a database: a URL, or the parts of one where a password stands in no text. */
export type Address = string | { path: string; database: string; user: string; password: string };

/** bigint columns come as numbers: positions and counts stay far below 2^53. */
const int8 = { to: 20, from: [20], serialize: String, parse: Number };

/** What is heard on connections; postgres.js knows `onnotify` but does not declare it. */
interface Hearing {
  onclose?: () => void;
  onnotify?: () => void;
}

/**
 * @param connections at most this many, opened when needed and kept
 * @param settings of each connection's session
 */
export function connect(
  address: Address,
  connections: number,
  settings: Record<string, string> = {},
  hearing: Hearing = {},
): Sql {
  const options: postgres.Options<{ bigint: typeof int8 }> & Hearing = {
    max: connections,
    connect_timeout: 10,
    max_lifetime: null,
    // Reconnecting is quick: what waits for the database is a person.
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
    types: { bigint: int8 },
    onnotice: () => undefined,
    connection: { application_name: 'xiaohao', ...settings },
    ...hearing,
  };
  return (
    typeof address === 'string' ? postgres(address, options) : postgres({ ...address, ...options })
  ) as Sql;
}
