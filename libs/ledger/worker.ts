import { type OnApplicationBootstrap, type OnApplicationShutdown, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { type Feed } from '../eventing/store.js';
import { type Beside, noting, type Progress, project } from '../eventing/project.js';
import { logIndex } from '../eventing/project-index.js';
import { type Due } from '../eventing/project-outbox.js';
import { codeOf } from '../platform/fault.js';
import { frugal } from '../platform/frugal.js';
import { type Sql } from '../platform/sql.js';
import { type Places } from './places.js';
import { type Served } from './served.js';
import { wholeLedger } from './whole.js';

/** Keeps the ledger up with the log for as long as the process lives. */
export class LedgerWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #log = new Logger('Ledger');
  #running: Promise<void> | undefined;
  #behindSince: number | undefined;
  #fault: string | undefined;

  constructor(
    private readonly feed: Feed,
    private readonly sql: Sql,
    private readonly served: Served,
    private readonly places: Places,
    /** Notes the events that the process manager answers. */
    private readonly outbox: Beside<Due | undefined>,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** For how long the ledger has been behind, in milliseconds, and what stopped it last. */
  get lag(): { behindMs: number; fault?: string } {
    const behindMs = this.#behindSince === undefined ? 0 : Date.now() - this.#behindSince;
    return { behindMs, ...(this.#fault !== undefined && { fault: this.#fault }) };
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const following: Feed = {
      follow: (after, until) => {
        // The checkpoint has been read: whatever stopped it is over.
        this.#fault = undefined;
        this.#behindSince = undefined;
        return this.feed.follow(after, until);
      },
    };
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      const { schema, changed } = this.served;
      try {
        const projection = noting(noting(wholeLedger(schema, this.places), logIndex), this.outbox);
        await project(projection, following, this.sql, AbortSignal.any([signal, changed]), (progress) => {
          this.#told(progress);
          wait = 50;
        });
      } catch (error) {
        // Another schema is served from now on: that is where it goes on.
        await this.served.refresh().catch(() => false);
        if (changed.aborted) continue;
        // It goes on from its checkpoint; whatever it was, it is said, and readiness shows it.
        this.#fault = error instanceof Error ? error.name : 'unknown';
        this.#behindSince ??= Date.now();
        // The name only: what a database says may quote what it was given.
        this.#log.error(`${this.#fault} ${codeOf(error)}`);
        await pause(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #told({ caughtUp }: Progress): void {
    this.#fault = undefined;
    frugal(!caughtUp);
    if (caughtUp) this.#behindSince = undefined;
    else this.#behindSince ??= Date.now();
  }
}
