import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, StartFault } from '../fault.js';
import { type Account } from './binaries.js';

/** Passwords of the embedded database's roles, made once and readable by this user only. */
export interface Credentials {
  admin: string;
  app: string;
}

/** Makes sure that the data folder is there and can be used, by this process and by the database's account. */
export async function usableFolder(dataDir: string, account?: Account): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    const probe = join(dataDir, `.probe-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    const code = codeOf(error);
    throw new StartFault(`The data folder ${dataDir} cannot be used (${code}): choose another DATA_DIR.`, {
      cause: error,
    });
  }
  if (account && !(await enters(dataDir, account))) {
    throw new StartFault(
      `The data folder ${dataDir} cannot be entered by the account "postgres", as which the database runs: ` +
        'choose another DATA_DIR, such as /var/lib/xiaohao.',
    );
  }
}

/** Whether the account can go all the way there. */
async function enters(folder: string, account: Account): Promise<boolean> {
  try {
    await promisify(execFile)('test', ['-x', join(folder, '.')], { ...account, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

/** The credentials of a folder; made where there are none yet. */
export async function credentials(dataDir: string): Promise<Credentials> {
  const file = join(dataDir, 'database.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Credentials;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw new StartFault(`The data folder's ${file} cannot be read.`, { cause: error });
    }
  }
  const made = { admin: randomBytes(24).toString('base64url'), app: randomBytes(24).toString('base64url') };
  await writeDurably(file, JSON.stringify(made));
  return made;
}

/** Whole or not at all, also when the power fails. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const partial = `${file}.${process.pid}`;
  const handle = await open(partial, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await renameDurably(partial, file);
}

export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  const folder = await open(dirname(to), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * A folder that the database's account owns and nobody else enters.
 * @throws StartFault where somebody else's stands in its place
 */
export async function ownedFolder(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  const ours = [process.getuid?.(), account?.uid];
  if (!found.isDirectory() || (process.getuid && !ours.includes(found.uid))) {
    throw new StartFault(`${folder} belongs to somebody else: move it away.`);
  }
  if (account) await chown(folder, account.uid, account.gid);
}
