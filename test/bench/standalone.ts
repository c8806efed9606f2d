import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Role } from '../../libs/contracts/roles.js';
import { Sessions } from '../../libs/identity/sessions/sessions.js';
import { Tokens } from '../../libs/identity/sessions/tokens.js';
import { LEDGER } from '../../libs/ledger/rows/columns.js';
import { Bell } from '../../libs/platform/session.js';
import { type Address, connect, type Sql } from '../../libs/platform/sql.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { NURSERY } from './job.js';
import { caseOf, FILES, keyOf, receiptOf, uploaderOf } from './lifecycle.js';
import { type BenchServer } from './server.js';

const MAIN = fileURLToPath(new URL('../../apps/standalone/main.js', import.meta.url));
const seedAt = (path: string): string => fileURLToPath(new URL(`../../../config/${path}`, import.meta.url));
export const DEMO = seedAt('demo.yaml');
/** All of Hunan's divisions. */
export const HUNAN = seedAt('hunan/demo.yaml');
const READY_MS = 120_000;

/** The application as it is started by its users, on the benchmark's server. */
export class Standalone {
  private constructor(
    readonly url: string,
    readonly tokens: Record<string, string>,
    private readonly child: ChildProcess,
    private readonly sql: Sql,
    private readonly address: Address,
  ) {}

  static async start(server: BenchServer, seed = DEMO): Promise<Standalone> {
    const env = { PATH: process.env.PATH, DATA_DIR: server.folder, SEED: seed, PORT: '0' };
    // Such as --cpu-prof, to see where the time goes.
    const execArgv = (process.env.BENCH_APP_FLAGS ?? '').split(' ').filter(Boolean);
    const child = spawn(process.execPath, [...NURSERY, ...execArgv, MAIN], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const sql = connect(server.application.app, 2);
    try {
      const url = await served(child, server.folder);
      return new Standalone(url, await tokensFor(sql, server, seed), child, sql, server.application.app);
    } catch (error) {
      child.kill('SIGKILL');
      await sql.end({ timeout: 1 });
      throw error;
    }
  }

  /** Receipts for the files of cases that are yet to be registered: uploading is no part of a command. */
  async receipts(prefix: string, clients: number, cases: number): Promise<void> {
    for (let client = 0; client < clients; client++) {
      const files = Array.from({ length: cases * FILES }, (_, n) => {
        const [id, file] = [caseOf(keyOf(prefix, client, Math.floor(n / FILES))), n % FILES];
        return { receipt: receiptOf(id, file), case_id: id, person: uploaderOf(file) };
      });
      await this.sql`
        insert into evidence.uploads (receipt, case_id, person, sha256, bytes, media_type)
        select receipt, case_id, person, encode(sha256(receipt::text::bytea), 'hex'), 482113, 'image/jpeg'
        from json_populate_recordset(null::evidence.uploads, ${JSON.stringify(files)}::text::json)`;
    }
    await this.sql`analyze evidence.uploads`;
  }

  /** Somebody is signed in, in a post of theirs. @returns the cookie */
  async session(person: string, unit: string, role: Role): Promise<string> {
    const bell = new Bell(this.address, 'identity');
    const sessions = new Sessions(this.sql, bell, { idleMs: 3_600_000, mostMs: 3_600_000 });
    const id = await sessions.begin({ person, unit, role, stage: 'whole', strong: true });
    await bell.end();
    return `xiaohao=${id}`;
  }

  /** Waits until the ledger has heard all of the log. @throws Error where that takes longer */
  async caughtUp(mostMs: number): Promise<void> {
    for (const until = Date.now() + mostMs; Date.now() < until;) {
      const [found] = await this.sql<{ behind: number }[]>`
        select (select count(*) from log.events) - (select ordinal from ${this.sql(LEDGER)}.checkpoint) as behind`;
      if (found?.behind === 0) return;
      await pause(100);
    }
    throw new Error('the ledger does not catch up');
  }

  async stop(): Promise<void> {
    await this.sql.end({ timeout: 5 });
    const gone = once(this.child, 'exit');
    if (this.child.exitCode === null && this.child.kill('SIGTERM')) await gone;
  }
}

async function served(child: ChildProcess, folder: string): Promise<string> {
  for (const until = Date.now() + READY_MS; Date.now() < until;) {
    await pause(50);
    if (child.exitCode !== null) break;
    const text = await readFile(join(folder, 'server.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { pid, url } = JSON.parse(text) as { pid: number; url: string };
    if (pid === child.pid) return url;
  }
  throw new Error('the application did not start');
}

async function tokensFor(
  sql: Sql,
  { application }: BenchServer,
  seed: string,
): Promise<Record<string, string>> {
  const bell = new Bell(application.app, 'identity');
  const issuer = new Tokens(sql, bell);
  const tokens: Record<string, string> = {};
  for (const { id, appointments } of (await readSeed(seed)).persons) {
    const [post] = appointments;
    if (post) tokens[id] = await issuer.issue({ person: id, ...post }, 1);
  }
  await bell.end();
  return tokens;
}

/** Today where the demo's deployment is. */
export function today(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
}
