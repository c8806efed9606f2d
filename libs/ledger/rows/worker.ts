import { type OnApplicationBootstrap, type OnApplicationShutdown, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { type Feed } from '../../eventing/store.js';
import { type Beside, noting, type Progress, project } from '../../eventing/project.js';
import { logIndex } from '../../eventing/project-index.js';
import { type Due } from '../../eventing/project-outbox.js';
import { codeOf } from '../../platform/fault.js';
import { type Day } from '../../contracts/values.js';
import { frugal } from '../../platform/frugal.js';
import { type Sql } from '../../platform/sql.js';
import { changes } from './changes.js';
import { type World } from './places.js';
import { indexLedger } from './indexes.js';
import { relocate } from './relocation.js';
import { type Served } from '../versions/served.js';
import { wholeLedger } from './whole.js';

/** A day may begin on which divisions lie otherwise; whether one has is looked at this often, in milliseconds. */
const LOOK_MS = 2000;

/** The register, as far as the worker hears of it. */
export interface Surroundings {
  world: World;
  today: () => Day;
  /** Tells from now on whenever something has changed in the register. */
  onChange: (told: () => void) => void;
}

/** How the ledger is kept up. */
export interface Keeping {
  /** Since when it has been behind, in milliseconds since 1970. */
  behindSince?: number;
  /** What stopped it last. */
  fault?: string;
}

/** Whoever keeps the ledger up, in this thread or in another. */
export abstract class LedgerKeeper {
  protected keeping: Keeping = {};

  /** For how long the ledger has been behind, in milliseconds, and what stopped it last. */
  get lag(): { behindMs: number; fault?: string } {
    const { behindSince, fault } = this.keeping;
    const behindMs = behindSince === undefined ? 0 : Date.now() - behindSince;
    return { behindMs, ...(fault !== undefined && { fault }) };
  }
}

/** Keeps the ledger up with the log for as long as the process lives. */
export class LedgerWorker extends LedgerKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #log = new Logger('Ledger');
  #running: Promise<void> | undefined;
  /** Ends what goes on when divisions have moved: rows are brought after them first. */
  #moving = new AbortController();
  #edition: unknown;
  #looking: NodeJS.Timeout | undefined;
  #indexed: string | undefined;
  #indexing = Promise.resolve();

  constructor(
    private readonly feed: Feed,
    private readonly sql: Sql,
    private readonly served: Served,
    private readonly around: Surroundings,
    /** Notes the events that the process manager answers. */
    private readonly outbox: Beside<Due[]>,
    /** Hears whenever it stands otherwise. */
    private readonly told: (keeping: Keeping) => void = () => undefined,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    const look = (): void => {
      this.#look();
    };
    this.around.onChange(look);
    this.#looking = setInterval(look, LOOK_MS).unref();
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#looking);
    await this.#running;
    await this.#indexing;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const following: Feed = {
      follow: (after, until) => {
        // The checkpoint has been read: whatever stopped it is over.
        this.#stand({});
        return this.feed.follow(after, until);
      },
    };
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      const { schema, changed } = this.served;
      try {
        const { world, today } = this.around;
        this.#moving = new AbortController();
        this.#edition = world.places.edition();
        await relocate(this.sql, schema, world, today());
        const kept = noting(noting(wholeLedger(schema, world), logIndex(this.feed)), changes);
        const until = AbortSignal.any([signal, changed, this.#moving.signal]);
        await project(noting(kept, this.outbox), following, this.sql, until, (progress) => {
          this.#told(progress);
          if (progress.caughtUp) this.#index(schema);
          this.#look();
          wait = 50;
        });
      } catch (error) {
        // Another schema is served from now on: that is where it goes on.
        await this.served.refresh().catch(() => false);
        if (changed.aborted) continue;
        // It goes on from its checkpoint; whatever it was, it is said, and readiness shows it.
        const fault = error instanceof Error ? error.name : 'unknown';
        this.#stand({ behindSince: this.#behind, fault });
        // The name only: what a database says may quote what it was given.
        this.#log.error(`${fault} ${codeOf(error)}`);
        await pause(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Once for each schema, and beside the writing: what is there already costs a look. */
  #index(schema: string): void {
    if (this.#indexed === schema) return;
    this.#indexed = schema;
    this.#indexing = this.#indexing
      .then(() => indexLedger(this.sql, schema))
      .catch((error: unknown) => {
        // The next start makes what is missing.
        this.#log.error(`not indexed: ${codeOf(error)}`);
      });
  }

  #look(): void {
    if (this.around.world.places.edition() !== this.#edition) this.#moving.abort();
  }

  #told({ caughtUp }: Progress): void {
    frugal(!caughtUp);
    this.#stand(caughtUp ? {} : { behindSince: this.#behind });
  }

  get #behind(): number {
    return this.keeping.behindSince ?? Date.now();
  }

  #stand(keeping: Keeping): void {
    const { behindSince, fault } = this.keeping;
    if (keeping.behindSince === behindSince && keeping.fault === fault) return;
    this.keeping = keeping;
    this.told(keeping);
  }
}
