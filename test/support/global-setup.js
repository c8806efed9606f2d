import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedServer } from '../../dist/libs/platform/embedded/server.js';

/** One database server for all suites; each takes a database of its own (test/support/database.ts). */
export default async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'xiaohao-test-'));
  await chmod(folder, 0o755);
  globalThis.testServer = await EmbeddedServer.open(folder);
  process.env.TEST_DATABASE_FOLDER = folder;
}
