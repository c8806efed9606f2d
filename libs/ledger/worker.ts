import { type OnApplicationBootstrap, type OnApplicationShutdown, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { type Feed } from '../eventing/store.js';
import { type Progress, project } from '../eventing/project.js';
import { type Sql } from '../platform/sql.js';
import { LEDGER, ledgerProjection } from './projection.js';

/** Keeps the ledger up with the log for as long as the process lives. */
export class LedgerWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #log = new Logger('Ledger');
  #running: Promise<void> | undefined;
  #behindSince: number | undefined = Date.now();
  #fault: string | undefined;
  #progress: Omit<Progress, 'rows'> = { ordinal: 0, caughtUp: false, halted: 0 };

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

  /** How far the ledger is, and for how long it has been behind. */
  get lag(): { ordinal: number; behindMs: number; halted: number; fault?: string } {
    const { ordinal, halted } = this.#progress;
    const behindMs = this.#behindSince === undefined ? 0 : Date.now() - this.#behindSince;
    return { ordinal, behindMs, halted, ...(this.#fault !== undefined && { fault: this.#fault }) };
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      try {
        await project(ledgerProjection(LEDGER), this.feed, this.sql, signal, (progress) => {
          this.#told(progress);
          wait = 50;
        });
      } catch (error) {
        // It goes on from its checkpoint; whatever it was, it is said, and readiness shows it.
        this.#fault = error instanceof Error ? error.name : 'unknown';
        this.#behindSince ??= Date.now();
        this.#log.error(error instanceof Error ? error.message : 'unknown');
        await pause(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #told({ ordinal, caughtUp, halted }: Progress): void {
    this.#fault = undefined;
    this.#progress = { ordinal, caughtUp, halted };
    if (caughtUp) this.#behindSince = undefined;
    else this.#behindSince ??= Date.now();
  }
}
