import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type Day } from '../../libs/contracts/values.js';
import { type Keeping, LedgerKeeper } from '../../libs/ledger/rows/worker.js';
import { type Config } from '../../libs/platform/config.js';
import { type Address } from '../../libs/platform/sql.js';

/** What the thread begins with. */
export interface Surroundings extends Pick<Config, 'STORE' | 'EVENTSTOREDB_URL'> {
  address: Address;
  zone: string;
}

/** What it is given besides. */
export type Begun = Surroundings & { today: Day };

/** What it is told: that another day has begun, or that it ends. */
export type Told = { today: Day } | 'end';

const THREAD = new URL('./ledger-thread.main.js', import.meta.url);
/** How often the day is looked at, which may be one of a moved clock, in milliseconds. */
const LOOK_MS = 1000;
const LONGEST_WAIT = 5000;

/**
 * Keeps the ledger up in a thread of its own: what it folds and writes takes no time from those who give commands, be it
 * all of the log. A thread that ends by itself is started again.
 */
export class LedgerThread extends LedgerKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('Ledger');
  readonly #stop = new AbortController();
  #thread: Worker | undefined;
  #today: Day | undefined;
  #running: Promise<void> | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly today: () => Day,
    private readonly script = THREAD,
  ) {
    super();
  }

  /** Resolves when the thread follows the log, or has failed once: it is tried again then, and readiness shows it. */
  async onApplicationBootstrap(): Promise<void> {
    await new Promise<void>((begun) => {
      this.#running = this.#run(begun);
    });
    this.#looking = setInterval(() => {
      this.#look();
    }, LOOK_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#looking);
    this.#tell('end');
    await this.#running;
  }

  async #run(begun: () => void): Promise<void> {
    const { signal } = this.#stop;
    for (let wait = 50; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      const fault = await this.#live(() => {
        wait = 50;
        begun();
      });
      begun();
      if (fault === undefined) return;
      this.keeping = { behindSince: Date.now(), ...this.keeping, fault };
      // The name only: what a database says may quote what it was given.
      this.#log.error(`${fault}: its thread is started again`);
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A thread's whole life. @returns what ended it; nothing where it was to end */
  async #live(begun: () => void): Promise<string | undefined> {
    const { signal } = this.#stop;
    if (signal.aborted) return undefined;
    const today = (this.#today = this.today());
    const workerData: Begun = { ...this.surroundings, today };
    const thread = (this.#thread = new Worker(this.script, { workerData }));
    let fault = 'Ended';
    thread.on('error', ({ name }) => {
      fault = name;
    });
    thread.on('message', (keeping: Keeping) => {
      this.keeping = keeping;
      begun();
    });
    await new Promise((ended) => thread.once('exit', ended));
    return this.#stop.signal.aborted ? undefined : fault;
  }

  #look(): void {
    const today = this.today();
    if (today === this.#today) return;
    this.#today = today;
    this.#tell({ today });
  }

  #tell(told: Told): void {
    this.#thread?.postMessage(told);
  }
}
