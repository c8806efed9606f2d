import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { project } from '../../eventing/project.js';
import { type Feed } from '../../eventing/store.js';
import { codeOf } from '../../platform/fault.js';
import { type Sql } from '../../platform/sql.js';
import { referralProjection } from './referral.projection.js';

/** Keeps the list of clues up with the log for as long as the process lives. */
export class ReferralWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #log = new Logger('Referrals');
  #running: Promise<void> | undefined;

  constructor(
    private readonly feed: Feed,
    private readonly sql: Sql,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      try {
        await project(referralProjection, this.feed, this.sql, signal, () => {
          wait = 50;
        });
      } catch (error) {
        // The name only: what a database says may quote what it was given.
        this.#log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
        await pause(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
