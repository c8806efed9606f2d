import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../libs/platform/sql.js';
import { addressIn } from './support/application.js';
import {
  CLI,
  databasePid,
  isServerOf,
  newFolder,
  type Process,
  processes,
  runToEnd,
  servedBy,
  STANDALONE,
  start,
  type Started,
  stop,
  until,
} from './support/processes.js';

let dataDir: string;
let env: { DATA_DIR: string };
beforeAll(async () => {
  dataDir = await newFolder();
  env = { DATA_DIR: dataDir };
});
afterAll(async () => {
  // Of a test that has failed.
  const pid = await databasePid(dataDir);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

const ISSUE = [
  ...[CLI, 'token', 'issue', '--person', 'city-registrar'],
  ...['--unit', 'city-office', '--role', 'registrar'],
];

/** A standalone that serves, for as long as something is done. */
async function serving<T>(act: (running: Started, url: string) => Promise<T>): Promise<T> {
  const running = start([STANDALONE], env);
  try {
    return await act(running, await servedBy(running, dataDir));
  } finally {
    if (running.child.exitCode === null) await stop(running);
  }
}
/** Whether something stands in the log; undefined: not yet. */
async function hasEntries(folder: string): Promise<true | undefined> {
  const sql = connect(await addressIn(folder), 1);
  try {
    return (await sql`select from log.events limit 1`).length > 0 || undefined;
  } finally {
    await sql.end();
  }
}
const live = async (url: string): Promise<number> => (await fetch(`${url}/health/live`)).status;

describe('a start', () => {
  test('makes the database, serves, and ends in good order: nothing is left running', async () => {
    const pid = await serving(async (running, url) => {
      expect(await live(url)).toBe(200);
      const server = await databasePid(dataDir);
      expect((await stop(running)).code).toBe(0);
      return server ?? 0;
    });
    expect(pid).toBeGreaterThan(0);
    expect(await isServerOf(pid, dataDir)).toBe(false);
    expect(await readdir(dataDir)).not.toContain('server.json');
  });

  test('that is cut off while the database is being made leaves no half of one', async () => {
    const half = await newFolder();
    try {
      const first = start([STANDALONE], { DATA_DIR: half });
      const making = await until('database in the making', async () =>
        (await readdir(half)).find((name) => name.startsWith('making-')),
      );
      // Where initdb is just so far is another place each time.
      await pause(Math.random() * 300);
      first.child.kill('SIGKILL');
      await first.ended;
      expect(await readdir(half)).not.toContain('server.json');
      await mkdir(join(half, `${making}-by-hand`, 'made'), { recursive: true });
      await writeFile(join(half, `${making}-by-hand`, 'made', 'PG_VERSION'), '18');

      const second = start([STANDALONE], { DATA_DIR: half });
      expect(await live(await servedBy(second, half))).toBe(200);
      expect((await stop(second)).code).toBe(0);
      expect(await readdir(join(half, 'postgres'))).toContain('PG_VERSION');
      expect((await readdir(half)).filter((name) => name.endsWith('-by-hand'))).toEqual([]);
    } finally {
      await until('folder that can be removed', () =>
        rm(half, { recursive: true, force: true }).then(
          () => true,
          () => undefined,
        ),
      );
    }
  });

  test('that is told to end goes through, and leaves nothing running', async () => {
    const starting = start([STANDALONE], env);
    await until('database server', () => databasePid(dataDir));
    expect((await stop(starting)).code).toBe(0);
    expect(await databasePid(dataDir)).toBeUndefined();
  });

  test('goes on with a server that was orphaned, and stops it in the end', async () => {
    const orphan = await serving(async ({ child, ended }) => {
      const pid = await databasePid(dataDir);
      child.kill('SIGKILL');
      await ended;
      return pid;
    });
    expect(orphan).toBeDefined();
    expect(await databasePid(dataDir)).toBe(orphan);
    await serving(async () => {
      expect(await databasePid(dataDir)).toBe(orphan);
      await Promise.resolve();
    });
    expect(await databasePid(dataDir)).toBeUndefined();
  });

  test('is refused where another runs on the same data, which goes on', async () => {
    await serving(async (_, url) => {
      const second = await runToEnd([STANDALONE], env);
      expect(second).toMatchObject({
        code: 1,
        stderr: 'Another Xiaohao is running on this data: stop it first, or choose another DATA_DIR.\n',
      });
      expect(await live(url)).toBe(200);
    });
  });

  test('of several at once succeeds once', async () => {
    const all = [1, 2, 3].map(() => start([STANDALONE], env));
    const { url } = await until('server that serves', async () => {
      const text = await readFile(join(dataDir, 'server.json'), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text) as { url: string });
    });
    const refused = new Set<Started>();
    for (const one of all) void one.ended.then(() => refused.add(one));
    await until('two that are refused', () => (refused.size === 2 ? true : undefined));
    for (const one of refused) {
      expect(await one.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Another Xiaohao') });
    }
    expect(await live(url)).toBe(200);
    for (const one of all) if (!refused.has(one)) expect((await stop(one)).code).toBe(0);
    expect(await databasePid(dataDir)).toBeUndefined();
  });
});

describe('a database server that is killed', () => {
  test('is started again by the application that runs on it', async () => {
    await serving(async (_, url) => {
      for (let n = 0; n < 2; n++) {
        const killed = await databasePid(dataDir);
        if (killed !== undefined) process.kill(killed, 'SIGKILL');
        const pid = await until('other server', async () => {
          const now = await databasePid(dataDir);
          return now === killed ? undefined : now;
        });
        expect(pid).not.toBe(killed);
      }
      expect(await live(url)).toBe(200);
    });
    expect(await databasePid(dataDir)).toBeUndefined();
  });

  test('while a province is entered ends the start with one sentence, and is not left running', async () => {
    const folder = await newFolder();
    const key = randomBytes(32).toString('base64');
    const province = { DATA_DIR: folder, SEED: 'config/hunan/hunan.yaml', MASTER_KEY: key };
    try {
      const { ended } = start([STANDALONE], province);
      await until('entry', () => hasEntries(folder).catch(() => undefined));
      const killed = await databasePid(folder);
      if (killed !== undefined) process.kill(killed, 'SIGKILL');
      const { code, stdout, stderr } = await ended;
      expect([code, stdout, stderr.split('\n').at(-2)]).toEqual([
        ...[1, '', expect.stringMatching(/^The database went away meanwhile \(.+\): start again\.$/)],
      ]);
      expect(await databasePid(folder)).toBeUndefined();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('does not keep the application from ending in good order', async () => {
    await serving(async (running) => {
      const killed = await databasePid(dataDir);
      if (killed !== undefined) process.kill(killed, 'SIGKILL');
      expect((await stop(running)).code).toBe(0);
    });
    expect(await databasePid(dataDir)).toBeUndefined();
  });

  // In a process namespace of its own the application is number 1 and fetches no corpses, as in a bare container.
  const APART = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const apart = spawnSync(APART[0] ?? '', [...APART.slice(1), 'true']).status === 0;

  (apart ? test : test.skip)('and whose corpse nobody fetches is started again', async () => {
    const outer = start([STANDALONE], env, APART);
    try {
      await until('server that serves', () => stat(join(dataDir, 'server.json')).catch(() => undefined));
      const noted = (): Promise<string | undefined> =>
        readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').then(
          (text) => text.split('\n')[0],
          () => undefined,
        );
      const before = await noted();
      const inside = await seen(({ args }) => args.includes(join(dataDir, 'postgres')));
      process.kill(inside, 'SIGKILL');
      await until('other server', async () => {
        const now = await noted();
        return now === before ? undefined : now;
      });
      expect(await readFile(`/proc/${inside}/stat`, 'utf8')).toMatch(/\(postgres\) Z/);
      expect(await runToEnd(ISSUE, env)).toMatchObject({ code: 0 });
    } finally {
      const app = await seen(({ parent }) => parent === outer.child.pid);
      process.kill(app, 'SIGTERM');
      await once(outer.child, 'exit');
    }
  });

  /** The number, out here, of the process that fits. */
  function seen(fits: (one: Process) => boolean): Promise<number> {
    return until('such a process', async () => (await processes()).find(fits)?.pid);
  }
});

describe('the command line', () => {
  test('joins the server that runs on its data, and does not stop it', async () => {
    await serving(async (_, url) => {
      const pid = await databasePid(dataDir);
      const [issued, checked] = await Promise.all([runToEnd(ISSUE, env), runToEnd([CLI, 'check'], env)]);
      expect(issued).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w-]{43}\n$/), stderr: '' });
      expect(checked).toMatchObject({ code: 0, stderr: '' });
      expect(await databasePid(dataDir)).toBe(pid);
      const authorised = { headers: { Authorization: `Bearer ${issued.stdout.trim()}` } };
      expect((await fetch(`${url}/api/v1/cases`, authorised)).status).toBe(200);
    });
  });

  test('starts a server where none runs, and stops it', async () => {
    expect(await databasePid(dataDir)).toBeUndefined();
    expect(await runToEnd(ISSUE, env)).toMatchObject({ code: 0, stderr: '' });
    expect(await databasePid(dataDir)).toBeUndefined();
  });

  test('may be used many times at once: the last one out stops the server', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => runToEnd(ISSUE, env)));
    for (const one of all) expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(await databasePid(dataDir)).toBeUndefined();
  });

  test('keeps the server that an application stops using meanwhile', async () => {
    const [, issued] = await serving((running) =>
      Promise.all([stop(running), runToEnd(ISSUE, env)] as const),
    );
    expect(issued).toMatchObject({ code: 0, stderr: '' });
    expect(await databasePid(dataDir)).toBeUndefined();
  });
});
