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

/**
 * Rings (event `ring`, with the word that was given) when a channel is notified, and once, without a word, whenever
 * something may have been missed.
 */
export class Bell extends EventEmitter {
  readonly #session: Session;
  #opened: Promise<void> | undefined;

  constructor(
    address: Address,
    channel: 'log' | 'log_beside' | 'ledger' | 'served' | 'identity' | 'register' | 'manager',
  ) {
    super();
    this.setMaxListeners(0);
    const ring = (word = ''): void => void this.emit('ring', word);
    this.#session = new Session(address, {
      enter: async (sql) => {
        await sql.unsafe(`listen ${channel}`);
        ring();
      },
      notified: (_, word) => {
        ring(word);
      },
    });
  }

  /** Resolves when it is listening. */
  async listen(): Promise<void> {
    this.#opened ??= this.#session.open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    await this.#opened;
  }

  async end(): Promise<void> {
    await this.#session.end();
  }
}
