import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { StartFault } from '../fault.js';
import { type Address, connect, type Sql } from '../sql.js';
import { type Account, databaseAccount, programs } from './binaries.js';
import { type Credentials, credentials, exclusively, ownedFolder, usableFolder } from './folder.js';

const run = promisify(execFile);

export const ADMIN = 'xiaohao_admin';
const OWNER = 'xiaohao_owner';
export const APP = 'xiaohao_app';
const DATABASE = 'xiaohao';
const PORT = 5432;
/** A Unix socket's path may have 107 bytes. */
const LONGEST_SOCKET = 100;

/**
 * A PostgreSQL of our own in a data folder, reached over a Unix socket only. It outlives a process that is killed;
 * the next one finds it and goes on with it. The last one out stops it.
 */
export class EmbeddedServer {
  private constructor(
    private readonly cluster: string,
    private readonly socketDir: string,
    private readonly bin: string,
    private readonly account: Account | undefined,
    private readonly secrets: Credentials,
    private readonly dataDir: string,
  ) {}

  /** @throws StartFault where the folder or its database cannot be used */
  static async open(folder: string): Promise<EmbeddedServer> {
    const dataDir = resolve(folder);
    const account = await databaseAccount();
    await usableFolder(dataDir, account);
    return exclusively(dataDir, async () => {
      const bin = await programs(dataDir, account);
      const cluster = join(dataDir, 'postgres');
      const inside = join(cluster, `.s.PGSQL.${PORT}`);
      const short = join(
        tmpdir(),
        `xiaohao-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`,
      );
      const socketDir = Buffer.byteLength(inside) <= LONGEST_SOCKET ? cluster : short;
      const server = new EmbeddedServer(
        cluster,
        socketDir,
        bin,
        account,
        await credentials(dataDir),
        dataDir,
      );
      if (!(await stat(cluster).catch(() => undefined))) await server.#initialise();
      await server.#assertVersion();
      await server.#start();
      await server.#prepare();
      return server;
    });
  }

  /** As the application connects. */
  get app(): Address {
    return this.#address(APP, this.secrets.app, DATABASE);
  }

  /** As the owner of the log connects: for migrations. */
  owner(connections = 1): Sql {
    return connect(this.#address(ADMIN, this.secrets.admin, DATABASE), connections, { role: OWNER });
  }

  /** Starts the server again if it is gone. */
  async revive(): Promise<void> {
    await exclusively(this.dataDir, () => this.#start());
  }

  /** Stops the server unless somebody else still uses it. */
  async stop(): Promise<void> {
    await exclusively(this.dataDir, async () => {
      if (await this.#inUse()) return;
      await this.#control('stop', '-m', 'fast', '-w');
    });
  }

  #address(user: string, password: string, database: string): Address {
    return { path: join(this.socketDir, `.s.PGSQL.${PORT}`), user, password, database };
  }

  async #admin<T>(database: string, act: (sql: Sql) => Promise<T>): Promise<T> {
    const sql = connect(this.#address(ADMIN, this.secrets.admin, database), 1);
    try {
      return await act(sql);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  async #initialise(): Promise<void> {
    // Made beside its place and moved there whole: a start that is cut off leaves no half database.
    const partial = `${this.cluster}.new`;
    await rm(partial, { recursive: true, force: true });
    await ownedFolder(partial, this.account);
    const passwordFile = join(this.dataDir, `.password-${process.pid}`);
    await writeFile(passwordFile, this.secrets.admin, { mode: 0o600 });
    if (this.account) await chown(passwordFile, this.account.uid, this.account.gid);
    const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
    try {
      await this.#program('initdb', [
        ...[`--pgdata=${partial}`, `--username=${ADMIN}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
        ...['--encoding=UTF8', `--locale=${locale}`],
      ]);
    } catch (error) {
      throw new StartFault(`The database could not be made in ${this.dataDir}: ${said(error)}`, {
        cause: error,
      });
    } finally {
      await rm(passwordFile, { force: true });
    }
    await rename(partial, this.cluster);
  }

  async #assertVersion(): Promise<void> {
    const [data, { stdout }] = await Promise.all([
      readFile(join(this.cluster, 'PG_VERSION'), 'utf8').catch(() => ''),
      this.#program('postgres', ['--version']),
    ]);
    const program = /(\d+)\./.exec(stdout)?.[1] ?? '';
    if (data.trim() === program) return;
    throw new StartFault(
      data === ''
        ? `${this.cluster} is no PostgreSQL database: choose another DATA_DIR, or move that folder away.`
        : `${this.cluster} was made by PostgreSQL ${data.trim()} and this is ${program}: it must be upgraded first.`,
    );
  }

  async #start(): Promise<void> {
    if (await this.#answers()) return;
    if (this.socketDir !== this.cluster) await ownedFolder(this.socketDir, this.account);
    const until = Date.now() + 30_000;
    for (;;) {
      try {
        const options = [
          ...[`-c listen_addresses=''`, `-c unix_socket_directories='${this.socketDir}'`, `-c port=${PORT}`],
          ...['-c max_connections=100', '-c jit=off', '-c logging_collector=off'],
        ];
        const log = join(this.cluster, 'server.log');
        await this.#control('start', '-w', '-t', '60', '-l', log, '-o', options.join(' '));
        return;
      } catch (error) {
        if (await this.#answers()) return;
        // Processes of a server that was killed may live for a moment, and it may be recovering.
        if (Date.now() > until) {
          throw new StartFault(`The database in ${this.dataDir} does not start: ${said(error)}`, {
            cause: error,
          });
        }
        await new Promise((resolved) => setTimeout(resolved, 100));
      }
    }
  }

  async #answers(): Promise<boolean> {
    if (!(await stat(join(this.cluster, 'postmaster.pid')).catch(() => undefined))) return false;
    try {
      await this.#admin('postgres', (sql) => sql`select 1`);
      return true;
    } catch {
      return false;
    }
  }

  /** Roles and the database; repeating it changes nothing. */
  async #prepare(): Promise<void> {
    await this.#admin('postgres', async (sql) => {
      const roles = new Set(
        (await sql<{ name: string }[]>`select rolname as name from pg_roles`).map(({ name }) => name),
      );
      if (!roles.has(OWNER)) await sql.unsafe(`create role ${OWNER} nologin`);
      // The password is made of letters that need no escaping.
      if (!roles.has(APP)) await sql.unsafe(`create role ${APP} login password '${this.secrets.app}'`);
      const [database] = await sql`select from pg_database where datname = ${DATABASE}`;
      if (!database) await sql.unsafe(`create database ${DATABASE} owner ${OWNER}`);
      await sql.unsafe(`grant connect, create, temporary on database ${DATABASE} to ${APP}`);
    });
  }

  async #inUse(): Promise<boolean> {
    try {
      // Our own connections take a moment to be gone.
      for (let look = 0; look < 20; look++) {
        const [others] = await this.#admin(
          'postgres',
          (sql) => sql<{ n: number }[]>`
            select count(*)::int as n from pg_stat_activity
            where backend_type = 'client backend' and pid <> pg_backend_pid()`,
        );
        if (others?.n === 0) return false;
        await new Promise((resolved) => setTimeout(resolved, 50));
      }
      return true;
    } catch {
      return false;
    }
  }

  #control(...args: string[]): Promise<unknown> {
    return this.#program('pg_ctl', ['-D', this.cluster, ...args]);
  }

  #program(name: string, args: string[]): Promise<{ stdout: string }> {
    // Messages in English, and no locale of the caller's that would make a database of another encoding.
    const env = { PATH: process.env.PATH, LC_MESSAGES: 'C' };
    return run(join(this.bin, name), args, { ...this.account, cwd: '/', env });
  }
}

/** The last line that a program said. */
function said(error: unknown): string {
  const { stderr = '', message = '' } = error as { stderr?: string; message?: string };
  return (stderr.trim() || message).split('\n').at(-1) ?? '';
}
