import { EmbeddedServer } from './embedded/server.js';
import { type Config } from './config.js';
import { codeOf, StartFault } from './fault.js';
import { type Address, connect, type Sql } from './sql.js';

/** The database that holds read models and plain tables, and the log where STORE=postgres. */
export interface Database {
  /** As the application connects. */
  address: Address;
  /** The application's pool. */
  sql: Sql;
  /** The role the application connects as. */
  role: string;
  /** A connection of the role that owns the log, to be ended by whoever asks. */
  owner: () => Sql;
  /** Starts an embedded server again that is gone; does nothing for another's. */
  revive: () => Promise<void>;
  /** Ends the pool, and stops an embedded server that nobody else uses. */
  close: () => Promise<void>;
}

/**
 * Starts or joins the embedded server of DATA_DIR, or connects to DATABASE_URL, and makes sure that nothing can be
 * lost or garbled there.
 * @throws StartFault
 */
export async function openDatabase(
  config: Pick<Config, 'DATA_DIR' | 'DATABASE_URL' | 'DATABASE_OWNER_URL'>,
): Promise<Database> {
  const server = config.DATABASE_URL === undefined ? await EmbeddedServer.open(config.DATA_DIR) : undefined;
  const address = config.DATABASE_URL ?? server?.app ?? '';
  const ownerUrl = config.DATABASE_OWNER_URL ?? config.DATABASE_URL ?? '';
  const sql = connect(address, 10);
  try {
    const role = await assertSafe(sql);
    return {
      ...{ address, sql, role },
      owner: () => server?.owner() ?? connect(ownerUrl, 1),
      revive: async () => server?.revive(),
      close: async () => {
        await sql.end({ timeout: 5 });
        await server?.stop();
      },
    };
  } catch (error) {
    await sql.end({ timeout: 1 });
    await server?.stop();
    if (error instanceof StartFault) throw error;
    const code = codeOf(error) || 'no answer';
    const hint = server ? `see ${config.DATA_DIR}/postgres/server.log` : 'check DATABASE_URL';
    throw new StartFault(`The database cannot be reached (${code}): ${hint}.`, { cause: error });
  }
}

async function assertSafe(sql: Sql): Promise<string> {
  const [found] = await sql<Found[]>`
    select current_user::text as role, current_setting('server_version_num')::int as version,
      current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
      pg_encoding_to_char(encoding)::text as encoding, datctype::text as ctype
    from pg_database where datname = current_database()`;
  if (!found) throw new StartFault('The database does not know itself.');
  const { version, encoding, ctype, fsync, commit } = found;
  if (version < 150_000)
    throw new StartFault(`PostgreSQL ${Math.floor(version / 10_000)} is too old: 15 is the oldest.`);
  if (encoding !== 'UTF8') {
    throw new StartFault(`The database has the encoding ${encoding}: make it anew with encoding UTF8.`);
  }
  if (ctype === 'C' || ctype === 'POSIX') {
    throw new StartFault(
      `The database has LC_CTYPE ${ctype}, which knows no Chinese: make it anew with C.UTF-8.`,
    );
  }
  if (fsync !== 'on')
    throw new StartFault('The database runs with fsync off and would lose events: switch it on.');
  if (commit !== 'on' && commit !== 'remote_apply') {
    throw new StartFault(
      `The database runs with synchronous_commit ${commit} and would lose events: set it to on.`,
    );
  }
  return found.role;
}

interface Found {
  role: string;
  version: number;
  fsync: string;
  commit: string;
  encoding: string;
  ctype: string;
}
