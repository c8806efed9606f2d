import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { project } from '../eventing/project.js';
import { type Feed } from '../eventing/store.js';
import { codeOf } from '../platform/fault.js';
import { type Sql } from '../platform/sql.js';
import { registerProjection } from './projection.js';

/** Keeps the docs of the register up with the log until it is stopped. */
export class RegisterWorker {
  readonly #stop = new AbortController();
  readonly #log = new Logger('Register');
  readonly #running: Promise<void>;

  constructor(
    private readonly feed: Feed,
    private readonly sql: Sql,
  ) {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      try {
        await project(registerProjection(), this.feed, this.sql, signal, () => {
          wait = 50;
        });
      } catch (error) {
        // It goes on from its checkpoint. The name only: what a database says may quote what it was given.
        this.#log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
        await pause(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
