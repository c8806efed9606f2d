import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../../libs/platform/sql.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { asAdmin } from './support/admin.js';
import { type Line, lineTo } from './support/line.js';
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

/* A PostgreSQL that is not ours: DATABASE_URL, and DATABASE_OWNER_URL beside it. */

const server = process.env.TEST_DATABASE_FOLDER ?? '';
let dataDir: string;
let line: Line;
beforeAll(async () => {
  dataDir = await newFolder();
  line = await lineTo(join(server, 'postgres', '.s.PGSQL.5432'));
});
afterAll(async () => {
  line.close();
  await rm(dataDir, { recursive: true, force: true });
});

const databases: TestDatabase[] = [];
afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop();
});
async function newDatabase(options = ''): Promise<TestDatabase> {
  const database = await createDatabase(options);
  databases.push(database);
  return database;
}

interface Place {
  user: string;
  password: string;
  database: string;
}
const urlOf = (place: Place): string =>
  `postgres://${place.user}:${place.password}@127.0.0.1:${line.port}/${place.database}`;
const appUrl = ({ app }: TestDatabase): string => urlOf(app as never);

const tryStart = (DATABASE_URL: string): Promise<Ended> =>
  runToEnd([STANDALONE], { DATA_DIR: dataDir, DATABASE_URL });

describe('a start is refused with one sentence where the database', () => {
  const C = `template template0 lc_collate 'C' lc_ctype 'C'`;
  test.each([
    [
      'has the wrong encoding',
      `encoding 'SQL_ASCII' ${C}`,
      '',
      'The database has the encoding SQL_ASCII: make it anew with encoding UTF8.',
    ],
    [
      'knows no Chinese',
      `encoding 'UTF8' ${C}`,
      '',
      'The database has LC_CTYPE C, which knows no Chinese: make it anew with C.UTF-8.',
    ],
    [
      'does not wait for the disk',
      '',
      'synchronous_commit = off',
      'The database runs with synchronous_commit off and would lose events: set it to on.',
    ],
    [
      'waits for the disk of this machine only',
      '',
      'synchronous_commit = local',
      'The database runs with synchronous_commit local and would lose events: set it to on.',
    ],
  ])('%s', async (_, options, setting, sentence) => {
    const database = await newDatabase(options);
    const { database: name } = database.app as { database: string };
    if (setting !== '') await database.admin.unsafe(`alter database ${name} set ${setting}`);
    expect(await tryStart(appUrl(database))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `${sentence}\n`,
    });
    expect(await database.admin`select from pg_namespace where nspname = 'log'`).toHaveLength(0);
  });

  test('cannot be reached', async () => {
    expect(await tryStart('postgres://somebody:hunter2@127.0.0.1:1/nowhere')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'The database cannot be reached (ECONNREFUSED): check DATABASE_URL.\n',
    });
  });

  test('does not know the password, which is not told', async () => {
    const database = await newDatabase();
    const ended = await tryStart(urlOf({ ...(database.app as unknown as Place), password: 'hunter2' }));
    expect(ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'The database cannot be reached (28P01): check DATABASE_URL.\n',
    });
  });

  test('is one that another standalone serves', async () => {
    const database = await newDatabase();
    const other = await newFolder();
    const env = { DATA_DIR: other, DATABASE_URL: appUrl(database) };
    const first = start([STANDALONE], env);
    await servedBy(first, other);
    expect(await tryStart(appUrl(database))).toMatchObject({
      code: 1,
      stderr: 'Another Xiaohao is running on this data: stop it first, or choose another DATA_DIR.\n',
    });
    expect((await stop(first)).code).toBe(0);
    await rm(other, { recursive: true });
  });
});

describe('a database with an owner of its own', () => {
  const suffix = randomUUID().slice(0, 8);
  const owner = { user: `owner_${suffix}`, password: randomUUID(), database: `owned_${suffix}` };
  const app = { ...owner, user: `app_${suffix}`, password: randomUUID() };
  beforeAll(() =>
    asAdmin(server, async (sql) => {
      await sql.unsafe(`create role ${owner.user} login password '${owner.password}'`);
      await sql.unsafe(`create role ${app.user} login password '${app.password}'`);
      await sql.unsafe(`create database ${owner.database} owner ${owner.user}`);
      await sql.unsafe(`revoke all on database ${owner.database} from public`);
      await sql.unsafe(`grant connect, create on database ${owner.database} to ${app.user}`);
    }),
  );
  afterAll(() =>
    asAdmin(server, async (sql) => {
      await sql.unsafe(`drop database ${owner.database} with (force)`);
      await sql.unsafe(`drop role ${app.user}, ${owner.user}`);
    }),
  );
  const env = (): Record<string, string> => ({
    DATA_DIR: dataDir,
    DATABASE_URL: urlOf(app),
    DATABASE_OWNER_URL: urlOf(owner),
  });
  const ISSUE = [
    'token',
    'issue',
    '--person',
    'city-registrar',
    '--unit',
    'city-office',
    '--role',
    'registrar',
  ];

  test('is migrated by the owner, and served by an application that may do no more than it needs', async () => {
    for (let round = 0; round < 2; round++) {
      const running = start([STANDALONE], env());
      const url = await servedBy(running, dataDir);
      const issued = await runToEnd([CLI, ...ISSUE], env());
      expect(issued).toMatchObject({ code: 0, stderr: '' });
      const answer = await fetch(`${url}/api/v1/cases`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${issued.stdout.trim()}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': `round-${round}`,
        },
        body: JSON.stringify({
          source: { code: 'CC', document: '检〔2026〕1号', line: String(round) },
          ...{
            categories: ['99'],
            divisions: ['bronx'],
            severity: 'general',
            rectificationType: 'immediate',
          },
          ...{ description: '外墙抹灰层脱落。', personsAtRisk: false, weight: 1000 },
        }),
      });
      expect(answer.status).toBe(201);
      expect((await stop(running)).code).toBe(0);
    }
    expect(await runToEnd([CLI, 'check', '--json'], env())).toMatchObject({ code: 0, stderr: '' });
    const owners = await ownersOf();
    expect(owners.log).toBe(owner.user);
    for (const [schema, of] of Object.entries(owners))
      if (schema !== 'log') expect([schema, of]).toEqual([schema, app.user]);
    // What is not ours is left alone: no server was made in the data folder.
    expect(await databasePid(dataDir)).toBeUndefined();
  });

  test('lets the application read events and append them, no more', async () => {
    const sql = connect(urlOf(app), 1);
    for (const statement of [
      'delete from log.events',
      'update log.events set type = $$x$$',
      'insert into log.events select * from log.events',
      'alter table log.events disable trigger all',
      'drop schema log cascade',
      'create or replace function log.append(text,text,text,text,text,text,text,text) returns int[] language sql as $$ select array[1] $$',
    ]) {
      await expect(sql.unsafe(statement)).rejects.toThrow(/permission denied|must be owner/);
    }
    await sql.end();
  });

  test('is refused by a sentence that tells no password where the owner cannot get in', async () => {
    const wrong = { ...env(), DATABASE_OWNER_URL: urlOf({ ...owner, password: 'hunter2' }) };
    const ended = await runToEnd([STANDALONE], wrong);
    expect(ended.code).toBe(1);
    expect(ended.stderr).not.toContain('hunter2');
    expect(ended.stderr).toBe(
      'The schema of the log cannot be brought up to date (28P01): check DATABASE_OWNER_URL.\n',
    );
  });

  async function ownersOf(): Promise<Record<string, string>> {
    const sql = connect(urlOf(owner), 1);
    const rows = await sql<{ schema: string; owner: string }[]>`
      select nspname as schema, pg_get_userbyid(nspowner) as owner from pg_namespace
      where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')`;
    await sql.end();
    return Object.fromEntries(rows.map(({ schema, owner: of }) => [schema, of]));
  }
});
