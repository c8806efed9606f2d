import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Role } from '../../libs/contracts/roles.js';
import { Tokens } from '../../libs/identity/sessions/tokens.js';
import { type Database, openDatabase } from '../../libs/platform/database.js';
import { Bell } from '../../libs/platform/session.js';

/** An answer over HTTP, its body read. */
export interface Answer {
  status: number;
  headers: Headers;
  // What a test looks at is its own affair.
  body: Record<string, never> & { code?: string; errors?: { field: string; rule: string }[] };
}

/** A built Xiaohao running on a folder of its own, as `npm start` runs it. */
export interface TestServer {
  url: string;
  dataDir: string;
  database: Database;
  child: ChildProcess;
  /** What it wrote to stdout and stderr until now. */
  said: () => string;
  /** Stops it, or kills it, and starts it on the same data: it has forgotten what it knew. @param meanwhile done before it starts */
  restart: (by?: 'SIGTERM' | 'SIGKILL', meanwhile?: () => Promise<void>) => Promise<void>;
  token: (person: string, unit: string, role: Role) => Promise<string>;
  /** Sends a request as somebody; null: without a token. */
  send: (
    token: string | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  stop: () => Promise<void>;
}

/** @param env with a DATA_DIR: it runs on the data that are there */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'xiaohao-journey-')));
  await chmod(dataDir, 0o755);
  let said = '';
  const spawned = async (): Promise<{ child: ChildProcess; url: string }> => {
    const child = spawn(process.execPath, ['dist/apps/standalone/main.js'], {
      env: { ...process.env, DATA_DIR: dataDir, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.pipe(process.stderr);
    return { child, url: await addressOf(dataDir, child) };
  };
  let { child, url } = await spawned();
  const stopped = async (by: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill(by);
    const [code] = (await gone) as [number | null];
    if (by === 'SIGTERM' && code !== 0) throw new Error(`the server ended with ${String(code)}`);
  };
  const database = await openDatabase({ DATA_DIR: dataDir });
  const bell = new Bell(database.address, 'identity');
  const tokens = new Tokens(database.sql, bell);
  const made = new Map<string, Promise<string>>();
  return {
    get url() {
      return url;
    },
    get child() {
      return child;
    },
    ...{ dataDir, database },
    said: () => said,
    restart: async (by, meanwhile) => {
      await stopped(by);
      await meanwhile?.();
      ({ child, url } = await spawned());
    },
    token: (person, unit, role) => {
      const key = `${person}/${unit}/${role}`;
      const token = made.get(key) ?? tokens.issue({ person, unit, role }, 1);
      made.set(key, token);
      return token;
    },
    send: (token, method, path, body, headers = {}) => send(url, token, method, path, body, headers),
    stop: async () => {
      await bell.end();
      await stopped();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function addressOf(dataDir: string, child: ChildProcess): Promise<string> {
  for (let look = 0; look < 600 && child.exitCode === null; look++) {
    const text = await readFile(join(dataDir, 'server.json'), 'utf8').catch(() => '{}');
    const { pid, url } = JSON.parse(text) as { pid?: number; url?: string };
    // One that was killed has left its own behind.
    if (pid === child.pid && url !== undefined) return url;
    await pause(50);
  }
  throw new Error('the server did not start');
}

async function send(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : raw ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const json = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: (json && text !== '' ? JSON.parse(text) : { text }) as Answer['body'],
  };
}
