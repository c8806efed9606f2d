import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrateLog } from '../../libs/adapters/postgres-log/schema.js';
import { type Credentials } from '../../libs/platform/embedded/folder.js';
import { ADMIN, APP } from '../../libs/platform/embedded/server.js';
import { type Address, connect, type Sql } from '../../libs/platform/sql.js';

/** A database of a suite's own on the server that all suites share. */
export interface TestDatabase {
  app: Address;
  sql: Sql;
  /** A superuser in this database. */
  admin: Sql;
  drop: () => Promise<void>;
}

/** @param options of `create database`, such as an encoding that must be refused */
export async function createDatabase(options = ''): Promise<TestDatabase> {
  const folder = process.env.TEST_DATABASE_FOLDER ?? '';
  const secrets = JSON.parse(readFileSync(join(folder, 'database.json'), 'utf8')) as Credentials;
  const path = join(folder, 'postgres', '.s.PGSQL.5432');
  const database = `test_${randomBytes(6).toString('hex')}`;
  const root = connect({ path, database: 'postgres', user: ADMIN, password: secrets.admin }, 1);
  await root.unsafe(`create database ${database} ${options}`);
  await root.unsafe(`grant create on database ${database} to ${APP}`);
  const admin = connect({ path, database, user: ADMIN, password: secrets.admin }, 2);
  const app = { path, database, user: APP, password: secrets.app };
  const sql = connect(app, 4);
  return {
    ...{ app, sql, admin },
    drop: async () => {
      await Promise.all([sql.end({ timeout: 1 }), admin.end({ timeout: 1 })]);
      await root.unsafe(`drop database ${database} with (force)`);
      await root.end();
    },
  };
}

/** A database with an empty log in it. */
export async function createLogDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  await migrateLog(database.admin, APP);
  return database;
}
