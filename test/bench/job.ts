import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What `npm start` gives Node, and here every process gets: what dies young dies in a larger nursery, uncopied. */
export const NURSERY = ['--min-semi-space-size=32', '--max-semi-space-size=32'];

/** A process of its own that is told what to do and answers. */
export class Job {
  static readonly #all = new Set<Job>();

  private constructor(private readonly child: ChildProcess) {
    Job.#all.add(this);
  }

  /** @param module beside this file, without its ending */
  static start(module: string): Job {
    const child = fork(new URL(`./${module}.js`, import.meta.url), { execArgv: NURSERY, stdio: 'inherit' });
    return new Job(child);
  }

  /** @throws Error where the process ends instead of answering */
  async ask<Answer>(task: unknown): Promise<Answer> {
    const given = new AbortController();
    const { signal } = given;
    const gone = once(this.child, 'exit', { signal }).then(([code]) => {
      throw new Error(`a process of the benchmark ended (${String(code)}) before it answered`);
    });
    try {
      const answer = once(this.child, 'message', { signal }).then(([message]) => message as Answer);
      this.child.send(task as object);
      return await Promise.race([answer, gone]);
    } finally {
      gone.catch(() => undefined);
      given.abort();
    }
  }

  static async endAll(): Promise<void> {
    await Promise.all([...Job.#all].map((job) => job.end()));
  }

  async end(): Promise<void> {
    Job.#all.delete(this);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}

/** Runs a task in a process of its own. */
export async function aside<Answer>(module: string, task: unknown): Promise<Answer> {
  const job = Job.start(module);
  try {
    return await job.ask<Answer>(task);
  } finally {
    await job.end();
  }
}

/** The other side: answers every task until the process is ended. */
export function answering(work: (task: never) => Promise<unknown>): void {
  process.on('message', (task) => {
    work(task as never).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
}
