import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Credentials } from '../../../libs/platform/embedded/folder.js';
import { ADMIN } from '../../../libs/platform/embedded/server.js';
import { connect, type Sql } from '../../../libs/platform/sql.js';

/** A superuser of the embedded server of a folder, for as long as something is done. */
export async function asAdmin<T>(
  dataDir: string,
  act: (sql: Sql) => Promise<T>,
  database = 'postgres',
): Promise<T> {
  const secrets = JSON.parse(await readFile(join(dataDir, 'database.json'), 'utf8')) as Credentials;
  const path = join(dataDir, 'postgres', '.s.PGSQL.5432');
  const sql = connect({ path, database, user: ADMIN, password: secrets.admin }, 1);
  try {
    return await act(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
