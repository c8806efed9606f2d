import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StartFault } from '../fault.js';
import { type Address, connect, OURS, type Sql } from '../sql.js';
import { databaseAccount, Programs, said } from './binaries.js';
import { assertVersion, forgetDeadServer, makeCluster } from './cluster.js';
import { type Credentials, credentials, ownedFolder, usableFolder } from './folder.js';
import { exclusively } from './lock.js';

export const ADMIN = 'xiaohao_admin';
const OWNER = 'xiaohao_owner';
export const APP = 'xiaohao_app';
const DATABASE = 'xiaohao';
const PORT = 5432;
const SOCKET = `.s.PGSQL.${PORT}`;
/** A Unix socket's path may have 107 bytes. */
const LONGEST_SOCKET = 100;
/** What has a meaning of its own in a list of socket folders, or in a shell. */
const SPECIAL = /['",]/;
/** Processes of a server that was killed live on for a moment, and it may be recovering. */
const PATIENCE_MS = 30_000;

/**
 * A PostgreSQL of our own in a data folder, reached over a Unix socket only. It outlives a process that is killed;
 * the next one finds it and goes on with it. The last one out stops it.
 */
export class EmbeddedServer {
  #left = false;

  private constructor(
    private readonly dataDir: string,
    private readonly cluster: string,
    private readonly socketDir: string,
    private readonly programs: Programs,
    private readonly secrets: Credentials,
  ) {}

  /** @throws StartFault where the folder or its database cannot be used */
  static async open(folder: string): Promise<EmbeddedServer> {
    const dataDir = resolve(folder);
    const account = await databaseAccount();
    await usableFolder(dataDir, account);
    return exclusively(dataDir, async () => {
      const programs = await Programs.find(dataDir, account);
      const cluster = join(dataDir, 'postgres');
      const secrets = await credentials(dataDir);
      const server = new EmbeddedServer(dataDir, cluster, socketDirOf(cluster), programs, secrets);
      if (!(await stat(cluster).catch(() => undefined))) {
        await makeCluster(dataDir, cluster, programs, { name: ADMIN, password: secrets.admin });
      }
      await assertVersion(cluster, programs);
      await server.#start();
      try {
        await server.#prepare();
      } catch (error) {
        await server.#stop();
        throw error;
      }
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

  /** Starts the server again if it is gone, unless we have left it. */
  async revive(): Promise<void> {
    await exclusively(this.dataDir, async () => {
      if (!this.#left) await this.#start();
    });
  }

  /** Stops the server unless somebody else still uses it. */
  async stop(): Promise<void> {
    await exclusively(this.dataDir, async () => {
      this.#left = true;
      if (!(await this.#inUse())) await this.#stop();
    });
  }

  #address(user: string, password: string, database: string): Address {
    return { path: join(this.socketDir, SOCKET), user, password, database };
  }

  async #admin<T>(database: string, act: (sql: Sql) => Promise<T>): Promise<T> {
    const sql = connect(this.#address(ADMIN, this.secrets.admin, database), 1);
    try {
      return await act(sql);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  async #start(): Promise<void> {
    if (await this.#answers()) return;
    if (this.socketDir !== this.cluster) await ownedFolder(this.socketDir, this.programs.account);
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        await forgetDeadServer(join(this.cluster, 'postmaster.pid'), join(this.socketDir, `${SOCKET}.lock`));
        const options = [
          ...[`-c listen_addresses=''`, `-c unix_socket_directories='${this.socketDir}'`, `-c port=${PORT}`],
          ...['-c max_connections=200', '-c jit=off', '-c logging_collector=off'],
          // The keys of a log of millions of events fit; memory is taken as pages are used.
          '-c shared_buffers=256MB',
        ];
        await this.#control('start', '-w', '-t', '60', '-l', 'server.log', '-o', options.join(' '));
        return;
      } catch (error) {
        if (await this.#answers()) return;
        if (Date.now() > until) {
          throw new StartFault(`The database in ${this.dataDir} does not start: ${said(error)}`, {
            cause: error,
          });
        }
        await pause(100);
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
      // Those of this process may be left behind by a start that failed; another's take a moment to be gone.
      for (let look = 0; look < 20; look++) {
        const [others] = await this.#admin(
          'postgres',
          (sql) => sql<{ n: number }[]>`
            select count(*)::int as n from pg_stat_activity
            where backend_type = 'client backend' and application_name <> ${OURS}`,
        );
        if (others?.n === 0) return false;
        await pause(50);
      }
      return true;
    } catch {
      return false;
    }
  }

  async #stop(): Promise<void> {
    try {
      await this.#control('stop', '-m', 'fast', '-w');
    } catch (error) {
      // One that was killed needs no stopping.
      if (await this.#answers()) throw error;
    }
    if (this.socketDir !== this.cluster) await rm(this.socketDir, { recursive: true, force: true });
  }

  /** The folder goes by the environment: pg_ctl would hand it to a shell. */
  #control(...args: string[]): Promise<unknown> {
    return this.programs.run('pg_ctl', args, { PGDATA: this.cluster }, this.cluster);
  }
}

/** The cluster itself, or where a socket cannot stand there a short folder of its own. */
function socketDirOf(cluster: string): string {
  const path = join(cluster, SOCKET);
  if (Buffer.byteLength(path) <= LONGEST_SOCKET && !SPECIAL.test(path)) return cluster;
  return join(tmpdir(), `xiaohao-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`);
}
