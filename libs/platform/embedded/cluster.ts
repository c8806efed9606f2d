import { chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFault } from '../fault.js';
import { type Programs, said } from './binaries.js';
import { ownedFolder, renameDurably } from './folder.js';

/** Folders in which a database is being made. */
const MAKING = 'making-';

/** Makes a database cluster: beside its place, and moved there whole, so that a start that is cut off leaves no half. */
export async function makeCluster(
  dataDir: string,
  cluster: string,
  programs: Programs,
  admin: { name: string; password: string },
): Promise<void> {
  await sweep(dataDir);
  // Of its own each time: an initdb whose starter was killed may still be writing into the one before.
  const making = await mkdtemp(join(dataDir, MAKING));
  try {
    await ownedFolder(making, programs.account);
    const password = join(making, 'password');
    await writeFile(password, admin.password, { mode: 0o600 });
    if (programs.account) await chown(password, programs.account.uid, programs.account.gid);
    const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
    const made = join(making, 'made');
    await programs.run('initdb', [
      ...[`--pgdata=${made}`, `--username=${admin.name}`, `--pwfile=${password}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', `--locale=${locale}`],
    ]);
    await renameDurably(made, cluster);
  } catch (error) {
    throw new StartFault(`The database could not be made in ${dataDir}: ${said(error)}`, { cause: error });
  } finally {
    await sweep(dataDir);
  }
}

/** Removes what starts that were cut off have left. */
async function sweep(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(MAKING)) continue;
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** @throws StartFault where the programs cannot run this cluster */
export async function assertVersion(cluster: string, programs: Programs): Promise<void> {
  const [data, program] = await Promise.all([
    readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => ''),
    programs.version(),
  ]);
  if (data.trim() === program) return;
  throw new StartFault(
    data === ''
      ? `${cluster} is no PostgreSQL database: choose another DATA_DIR, or move that folder away.`
      : `${cluster} was made by PostgreSQL ${data.trim()} and this is ${program}: it must be upgraded first.`,
  );
}

/**
 * PostgreSQL does not start where a process has the number that the last server noted. It is mistaken where that
 * process is a corpse that nobody fetches, as in a container without an init, or another program. What is left of the
 * server's own processes it notices nevertheless, by their shared memory.
 * @param locks files that begin with the number of a server's process
 */
export async function forgetDeadServer(...locks: string[]): Promise<void> {
  for (const lock of locks) {
    const pid = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10);
    if (pid > 0 && (await isSurelyNoServer(pid))) await rm(lock, { force: true });
  }
}

/** Where the system does not tell, PostgreSQL decides. */
async function isSurelyNoServer(pid: number): Promise<boolean> {
  const found = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // A name may have brackets itself: the last one ends it.
  const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(found) ?? [];
  return name !== undefined && (name !== 'postgres' || state === 'Z');
}
