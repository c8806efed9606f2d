import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export const STANDALONE = 'dist/apps/standalone/main.js';
export const CLI = 'dist/apps/cli/main.js';

/** A folder for data that the account `postgres` can enter. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'xiaohao-faults-'));
  await chmod(folder, 0o755);
  return folder;
}

/** What a program said, and how it ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A program that should have gone on. */
export class EndedByItself extends Error {
  constructor({ code, stderr }: Ended) {
    super(`the program ended by itself with ${String(code)}: ${stderr}`);
    this.name = 'EndedByItself';
  }
}

/** A built program that was started. */
export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** The configuration of a program is what is given here, nothing of the caller's. */
export function environment(set: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), PORT: '0', ...set };
}

/** @param within a command that runs the program, and its own arguments */
export function start(args: string[], env: Record<string, string>, within: string[] = []): Started {
  const [command = process.execPath, ...rest] = [...within, process.execPath, ...args];
  const child = spawn(command, rest, {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, ended: ending(child) };
}

async function ending(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    // The end is what says why it ended.
    child[stream]?.on(
      'data',
      (chunk: Buffer) => (said[stream] = (said[stream] + chunk.toString()).slice(-20_000)),
    );
  }
  const [code] = (await once(child, 'exit')) as [number | null];
  // A server that goes on may have been left with the other end: what was said until now is what there is.
  await pause(10);
  return { code, ...said };
}

/** Runs a program to its end; one that does not end in time is killed, and its code is null. */
export async function runToEnd(
  args: string[],
  env: Record<string, string>,
  limitMs = 90_000,
): Promise<Ended> {
  const { child, ended } = start(args, env);
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again until there is an answer. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  limitMs = 60_000,
): Promise<T> {
  for (const end = Date.now() + limitMs; Date.now() < end;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(20);
  }
  throw new Error(`in ${limitMs} ms there was no ${what}`);
}

/** Where this very process serves. */
export function servedBy({ child, ended }: Started, dataDir: string): Promise<string> {
  let gone: Ended | undefined;
  void ended.then((end) => (gone = end));
  return until('server that serves', async () => {
    if (gone) throw new Error(`the server ended with ${String(gone.code)}: ${gone.stderr}`);
    const text = await readFile(join(dataDir, 'server.json'), 'utf8').catch(() => '{}');
    const { pid, url } = JSON.parse(text) as { pid?: number; url?: string };
    return pid === child.pid ? url : undefined;
  });
}

/** Ends in good order. */
export async function stop({ child, ended }: Started): Promise<Ended> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

/** The process of the database server of a folder, or undefined where none lives. */
export async function databasePid(dataDir: string): Promise<number | undefined> {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  return pid > 0 && (await isServerOf(pid, dataDir)) ? pid : undefined;
}

/** Whether a process is a living database server of this folder: numbers are used again, and corpses keep theirs. */
export async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  const found = (await processes()).find((one) => one.pid === pid);
  return found?.args.includes(join(dataDir, 'postgres')) ?? false;
}

export interface Process {
  pid: number;
  parent: number;
  args: string;
}

/** All that run on this machine. A corpse has lost its arguments. */
export async function processes(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}
