import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type Address, connect, type Sql } from './sql.js';

/** What is done on the one connection of a session. */
export interface Doings {
  /** Done whenever the connection has been made, the first time and every time after it was lost. */
  enter: (sql: Sql) => Promise<void>;
  /** Done before a connection that was lost is made anew. */
  lost?: () => Promise<void>;
  /** Somebody notified a channel that was listened to, and with what word. */
  notified?: (channel: string, word: string) => void;
}

/** One connection that is kept: what holds only as long as a connection does (a lock, a LISTEN) is taken up again. */
export class Session {
  readonly #sql: Sql;
  #ended = false;
  #entering = false;

  constructor(
    address: Address,
    private readonly doings: Doings,
  ) {
    const onclose = (): void => {
      if (!this.#entering) void this.#again();
    };
    this.#sql = connect(address, 1, {}, { onclose, ...(doings.notified && { onnotify: doings.notified }) });
  }

  /** @throws whatever entering throws, the first time */
  async open(): Promise<void> {
    this.#entering = true;
    try {
      await this.doings.enter(this.#sql);
    } finally {
      this.#entering = false;
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#sql.end({ timeout: 1 });
  }

  async #again(): Promise<void> {
    this.#entering = true;
    for (let wait = 20; !this.#ended; wait = Math.min(wait * 2, 1000)) {
      try {
        await this.doings.lost?.();
        await this.doings.enter(this.#sql);
        break;
      } catch {
        await pause(wait, undefined, { ref: false });
      }
    }
    this.#entering = false;
  }
}

type Channel = 'log' | 'log_beside' | 'ledger' | 'served' | 'identity' | 'register' | 'manager';

/**
 * One connection that listens for all bells of a thread: whoever notifies wakes every connection that listens, to
 * whatever, and each of these takes time from those who work.
 */
export class Ears {
  /** Who is to hear; and of these, who listens. */
  readonly #bells = new Set<Bell>();
  readonly #listening = new Set<Bell>();
  readonly #session: Session;
  #sql: Sql | undefined;
  #opened: Promise<void> | undefined;

  constructor(address: Address) {
    this.#session = new Session(address, {
      enter: async (sql) => {
        this.#sql = sql;
        const channels = new Set([...this.#listening].map(({ channel }) => channel));
        await sql.unsafe([...channels].map((channel) => `listen ${channel}`).join(';'));
        for (const bell of this.#listening) bell.ring();
      },
      notified: (channel, word) => {
        for (const bell of this.#listening) if (bell.channel === channel) bell.ring(word);
      },
    });
  }

  add(bell: Bell): void {
    this.#bells.add(bell);
  }

  /** Resolves when the bell's channel is listened to. */
  async listen(bell: Bell): Promise<void> {
    if (!this.#bells.has(bell)) throw new Error(`the bell ${bell.channel} has ended`);
    this.#listening.add(bell);
    if (this.#opened === undefined) {
      this.#opened = this.#session.open().catch((error: unknown) => {
        this.#opened = undefined;
        throw error;
      });
      return this.#opened;
    }
    await this.#opened;
    // Whoever entered may have done so before this one came.
    await this.#sql?.unsafe(`listen ${bell.channel}`);
    if (this.#listening.has(bell)) bell.ring();
  }

  /** With the last bell the connection goes too. */
  async remove(bell: Bell): Promise<void> {
    this.#listening.delete(bell);
    if (this.#bells.delete(bell) && this.#bells.size === 0) await this.#session.end();
  }
}

/**
 * Rings (event `ring`, with the word that was given) when a channel is notified, and once, without a word, whenever
 * something may have been missed.
 */
export class Bell extends EventEmitter {
  readonly #ears: Ears;
  #opened: Promise<void> | undefined;

  /** @param at whoever hears for it; an address: nobody yet */
  constructor(
    at: Address | Ears,
    readonly channel: Channel,
  ) {
    super();
    this.setMaxListeners(0);
    this.#ears = at instanceof Ears ? at : new Ears(at);
    this.#ears.add(this);
  }

  /** Resolves when it is listening. */
  async listen(): Promise<void> {
    this.#opened ??= this.#ears.listen(this).catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    await this.#opened;
  }

  ring(word = ''): void {
    this.emit('ring', word);
  }

  async end(): Promise<void> {
    await this.#ears.remove(this);
  }
}
