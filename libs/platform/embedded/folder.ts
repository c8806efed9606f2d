import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

async function enters(folder: string, account: Account): Promise<boolean> {
  try {
    await promisify(execFile)('test', ['-x', '.'], { ...account, cwd: folder });
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
  await rename(partial, file);
}

/** One process at a time prepares or starts the database of a folder. */
export async function exclusively<T>(dataDir: string, act: () => Promise<T>): Promise<T> {
  const lock = join(dataDir, 'starting.lock');
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(lock, 'utf8').catch(() => '0'));
    if (holder > 0 && !lives(holder)) await rm(lock, { force: true });
    else if (Date.now() > until) {
      throw new StartFault(
        `Another process (${holder}) has been starting the database in ${dataDir} for a minute.`,
      );
    } else await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    return await act();
  } finally {
    await rm(lock, { force: true });
  }
}

export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** A folder that the database's account owns and nobody else enters. */
export async function ownedFolder(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
}
