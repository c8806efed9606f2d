import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect, type Sql } from '../sql.js';
import { forgetDeadServer } from './cluster.js';
import { ownedFolder } from './folder.js';
import { exclusively } from './lock.js';
import { EmbeddedServer } from './server.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiaohao-embedded-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('an embedded server', () => {
  const answer = async (sql: Sql): Promise<string> => {
    const [row] = await sql<{ encoding: string }[]>`select current_setting('server_encoding') as encoding`;
    await sql.end();
    return row?.encoding ?? '';
  };

  test.each([
    ['spaces and Chinese', '数据 二'],
    ['what a shell would read', `it's "$HOME" \`id\`; a,b`],
    ['more bytes than a socket may have', 'a-long-name-'.repeat(12)],
  ])('runs in a folder whose name has %s', async (_, name) => {
    const server = await EmbeddedServer.open(join(folder, name));
    try {
      expect(await answer(connect(server.app, 1))).toBe('UTF8');
      expect(await answer(server.owner())).toBe('UTF8');
    } finally {
      await server.stop();
    }
    expect(await readdir(join(folder, name, 'postgres'))).not.toContain('postmaster.pid');
    // Opened again it is the same: its passwords, its data.
    const again = await EmbeddedServer.open(join(folder, name));
    try {
      expect(again.app).toEqual(server.app);
      expect(await answer(connect(again.app, 1))).toBe('UTF8');
    } finally {
      await again.stop();
    }
  });

  test('that was left is not started again by whoever still looks after it', async () => {
    const server = await EmbeddedServer.open(folder);
    await server.stop();
    await server.revive();
    expect(await readdir(join(folder, 'postgres'))).not.toContain('postmaster.pid');
  });

  test('leaves nothing readable by others, and no password lying about', async () => {
    const server = await EmbeddedServer.open(folder);
    await server.stop();
    expect((await readdir(folder)).sort()).toEqual(['database.json', 'postgres']);
    expect((await stat(join(folder, 'database.json'))).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'postgres'))).mode & 0o077).toBe(0);
  });
});

describe('the lock of a folder', () => {
  test('lets one in at a time', async () => {
    let inside = 0;
    const most: number[] = [];
    await Promise.all(
      Array.from({ length: 5 }, () =>
        exclusively(folder, async () => {
          most.push(++inside);
          await pause(20);
          inside--;
        }),
      ),
    );
    expect(most).toEqual([1, 1, 1, 1, 1]);
  });

  test('is given back when what was done fails', async () => {
    await expect(exclusively(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await exclusively(folder, () => Promise.resolve('in'))).toBe('in');
  });

  test('is the same by whichever way the folder is reached', async () => {
    const link = `${folder}-link`;
    await symlink(folder, link);
    const order: string[] = [];
    const first = exclusively(folder, async () => {
      await pause(100);
      order.push('first');
    });
    await pause(30);
    await exclusively(link, () => Promise.resolve(order.push('second')));
    await first;
    expect(order).toEqual(['first', 'second']);
    await rm(link);
  });

  test('ends with its holder, however that ends', async () => {
    const program = `
      import('./dist/libs/platform/embedded/lock.js').then(({ exclusively }) => exclusively(
        process.argv[1], () => { console.log('in'); return new Promise(() => setInterval(() => undefined, 1000)); }));`;
    const holder = spawn(process.execPath, ['-e', program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    let freed = false;
    const waiting = exclusively(folder, () => Promise.resolve(freed));
    await pause(200);
    freed = true;
    holder.kill('SIGKILL');
    expect(await waiting).toBe(true);
  });
});

describe('a server of which only the number is left', () => {
  const linux = process.platform === 'linux' ? test : test.skip;
  const noted = async (pid: number | string): Promise<string[]> => {
    await writeFile(join(folder, 'postmaster.pid'), `${pid}\n/somewhere\n`);
    await forgetDeadServer(join(folder, 'postmaster.pid'), join(folder, 'not-there'));
    return readdir(folder);
  };

  linux('is forgotten where another program has that number now', async () => {
    expect(await noted(process.pid)).toEqual([]);
  });

  linux('is left to PostgreSQL where nothing has that number, or it is none', async () => {
    const { pid = 0 } = await ended();
    expect(await noted(pid)).toEqual(['postmaster.pid']);
    expect(await noted('nonsense')).toEqual(['postmaster.pid']);
  });

  async function ended(): Promise<{ pid?: number }> {
    const run = promisify(execFile)('true');
    await run;
    return run.child;
  }
});

describe('a folder of the database account', () => {
  test('is made for nobody else to enter', async () => {
    await ownedFolder(join(folder, 'own'), undefined);
    expect((await stat(join(folder, 'own'))).mode & 0o077).toBe(0);
  });

  test('is not one that somebody has put a link in the place of', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'own'));
    await expect(ownedFolder(join(folder, 'own'), undefined)).rejects.toThrow('belongs to somebody else');
  });
});
