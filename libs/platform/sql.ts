import { hostname } from 'node:os';
import postgres from 'postgres';
import { renewed } from './renewed.js';

/** A pool of connections to PostgreSQL. */
export type Sql = postgres.Sql;
/** By which Nest finds the application's pool. */
export const SQL = Symbol('SQL');
/** Statements inside one transaction. */
export type Tx = postgres.TransactionSql;

/** A piece of a statement. Never await it: awaiting sends it. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** A name of a schema, a table or a column in a statement. */
export type Name = postgres.Helper<string>;

/** How to reach a database: a URL, or the parts of one where a password stands in no text. */
export type Address = string | { path: string; database: string; user: string; password: string };

/** bigint columns come as numbers: positions and counts stay far below 2^53. */
const int8 = { to: 20, from: [20], serialize: String, parse: Number };

/**
 * Lists (arrays of one dimension), by the numbers of their types. postgres.js would ask for all array types on every new
 * connection, and where that question is cut short the process dies of a rejection that nobody can handle
 * (porsager/postgres#1192): so it does not ask, and those in use stand here. Others come as PostgreSQL writes them.
 */
const lists = {
  texts: list(1009, String),
  uuids: list(2951, String),
  ints: list(1007, Number),
  bigints: list(1016, Number),
};

type Element = string | number | null;
const ELEMENT = /"((?:[^"\\]|\\.)*)"|[^",{}]+/gs;

function list(type: number, read: (text: string) => unknown): postgres.PostgresType {
  return {
    to: type,
    from: [type],
    serialize: (given: Element[] | string) =>
      typeof given === 'string' ? given : `{${given.map(written).join(',')}}`,
    parse: (text: string) => {
      // Most are empty, or have nothing that must be quoted.
      if (text === '{}') return [];
      if (!text.includes('"')) return text.slice(1, -1).split(',').map(bareOf);
      return Array.from(text.matchAll(ELEMENT), ([bare, quoted]) =>
        quoted === undefined ? bareOf(bare) : read(quoted.replace(/\\(.)/gs, '$1')),
      );
    },
  };

  function bareOf(text: string): unknown {
    return text === 'NULL' ? null : read(text);
  }
}

function written(element: Element): string {
  return element === null ? 'NULL' : `"${String(element).replace(/["\\]/g, '\\$&')}"`;
}

/**
 * Settings of a session whose every statement looks rows up by their keys. A plan made while a table was small would go
 * on scanning it when it has grown.
 */
export const BY_KEY = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/**
 * Settings of a session that does not wait for the disk: for what is made again where it is lost, or what a later commit
 * makes safe.
 */
export const RELAXED = { ...BY_KEY, synchronous_commit: 'off' };

/** What is heard on connections; postgres.js knows `onnotify` but does not declare it. */
interface Hearing {
  onclose?: () => void;
  onnotify?: (channel: string, word: string) => void;
}

/** By which the database tells this process from others: two in containers of their own may have the same number. */
export const OURS = `xiaohao ${process.pid} ${hostname().slice(0, 40)}`;

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
  const { onclose, onnotify } = hearing;
  return renewed((lost) => {
    const options: postgres.Options<Record<string, postgres.PostgresType>> & Hearing = {
      max: connections,
      connect_timeout: 10,
      max_lifetime: null,
      // Reconnecting is quick: what waits for the database is a person.
      backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
      fetch_types: false,
      types: { bigint: int8, ...lists },
      onnotice: () => undefined,
      connection: { application_name: OURS, ...settings },
      onclose: () => {
        lost();
        onclose?.();
      },
      ...(onnotify && { onnotify }),
    };
    return (
      typeof address === 'string' ? postgres(address, options) : postgres({ ...address, ...options })
    ) as Sql;
  });
}
