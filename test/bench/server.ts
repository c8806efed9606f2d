import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateLog } from '../../libs/adapters/postgres-log/schema.js';
import { type Database, openDatabase } from '../../libs/platform/database.js';
import { type Credentials } from '../../libs/platform/embedded/folder.js';
import { ADMIN, APP } from '../../libs/platform/embedded/server.js';
import { type Address, connect, type Sql } from '../../libs/platform/sql.js';

export type Place = Exclude<Address, string>;

/** A database of one contestant. */
export interface BenchDatabase {
  app: Place;
  /** A superuser in it. */
  admin: Place;
}

/** One server for everybody: the same socket, the same settings, fsync and synchronous_commit on. */
export class BenchServer {
  private constructor(
    readonly folder: string,
    private readonly held: Database,
    private readonly root: Sql,
    private readonly adminPassword: string,
  ) {}

  static async open(): Promise<BenchServer> {
    const folder = await mkdtemp(join(tmpdir(), 'xiaohao-bench-'));
    await chmod(folder, 0o755);
    // Refuses a server without fsync or synchronous_commit.
    const held = await openDatabase({ DATA_DIR: folder });
    const { admin } = JSON.parse(await readFile(join(folder, 'database.json'), 'utf8')) as Credentials;
    const path = (held.address as Place).path;
    const root = connect({ path, database: 'postgres', user: ADMIN, password: admin }, 1);
    return new BenchServer(folder, held, root, admin);
  }

  /** The database that the standalone application uses in this folder. */
  get application(): BenchDatabase {
    return this.#places((this.held.address as Place).database);
  }

  /** As the application has it made when it starts. */
  async migrateLog(): Promise<void> {
    const owner = this.held.owner();
    await migrateLog(owner, APP);
    await owner.end();
  }

  async create(name: string): Promise<BenchDatabase> {
    await this.root.unsafe(`create database ${name} owner ${APP}`);
    return this.#places(name);
  }

  async drop(name: string): Promise<void> {
    await this.root.unsafe(`drop database ${name} with (force)`);
  }

  async version(): Promise<string> {
    const [row] = await this.root<{ version: string }[]>`select current_setting('server_version') as version`;
    return row?.version ?? '';
  }

  async close(): Promise<void> {
    // Whoever is still connected after a failure would keep the server running.
    await this.root`select pg_terminate_backend(pid) from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`;
    await this.root.end({ timeout: 5 });
    await this.held.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  #places(database: string): BenchDatabase {
    const { path, user, password } = this.held.address as Place;
    return {
      app: { path, database, user, password },
      admin: { path, database, user: ADMIN, password: this.adminPassword },
    };
  }
}
