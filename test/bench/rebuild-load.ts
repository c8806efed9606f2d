import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from './connection.js';
import { keyOf } from './lifecycle.js';
import { quantile } from './results.js';
import { type Standalone, today } from './standalone.js';
import { Walk } from './walk.js';

export const READS = 60;
export const COMMANDS = 60;
const CONNECTIONS = 24;
const EVERY_MS = 5;

/** In milliseconds; and how many reads were not answered as they should be. */
export interface Felt {
  asked: number;
  readP99: number;
  commandP99: number;
  failed: number;
}

/** What a reader asks, in turns. */
const PAGES = ['/api/v1/cases', '/api/v1/cases?sort=-dueOn', '/api/v1/cases/count', '/api/v1/worklists'];
const READER = 'province-inspector';

/** Reads and commands at a steady pace, for as long as something else goes on; whoever is late is late for all that follow. */
export class Foreground {
  #begun = 0;

  private constructor(
    private readonly application: Standalone,
    private readonly prefix: string,
    private readonly cases: number,
    private readonly idle: Connection[],
  ) {}

  /** @param cases that may be begun */
  static async open(application: Standalone, prefix: string, cases: number): Promise<Foreground> {
    await application.receipts(prefix, 1, cases);
    const idle = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => Connection.open(application.url)),
    );
    return new Foreground(application, prefix, cases, idle);
  }

  async during(act: () => Promise<unknown>): Promise<Felt> {
    const walks = Array.from({ length: COMMANDS }, () => this.#another());
    const [reads, commands]: [number[], number[]] = [[], []];
    const faults: unknown[] = [];
    let failed = 0;
    const over = new AbortController();
    const acting = act().finally(() => {
      over.abort();
    });
    // Awaited below, after the last answer.
    acting.catch(() => undefined);
    const read = async (connection: Connection, path: string, due: number): Promise<void> => {
      const token = this.application.tokens[READER] ?? '';
      const { status } = await connection.get(path, `Authorization: Bearer ${token}\r\n`);
      if (status === 200) reads.push(performance.now() - due);
      else failed++;
    };
    const command = async (connection: Connection, walk: Walk, due: number): Promise<void> => {
      await walk.step(connection);
      commands.push(performance.now() - due);
      walks.push(walk.done ? this.#another() : walk);
    };
    const begin = performance.now();
    for (let n = 0; !over.signal.aborted && faults.length === 0;) {
      const due = begin + (n * 1000) / (READS + COMMANDS);
      const connection = due <= performance.now() ? this.idle.pop() : undefined;
      if (!connection) {
        await pause(EVERY_MS);
        continue;
      }
      const walk = n % 2 === 0 ? walks.shift() : undefined;
      const path = PAGES[Math.floor(n / 2) % PAGES.length] ?? '';
      n++;
      (walk ? command(connection, walk, due) : read(connection, path, due))
        .catch((error: unknown) => faults.push(error))
        .finally(() => this.idle.push(connection));
    }
    await acting;
    for (const until = Date.now() + 5000; this.idle.length < CONNECTIONS && Date.now() < until;)
      await pause(EVERY_MS);
    if (faults.length > 0) throw faults[0];
    const asked = reads.length + commands.length;
    return { asked, readP99: quantile(reads, 0.99), commandP99: quantile(commands, 0.99), failed };
  }

  close(): void {
    for (const connection of this.idle) connection.close();
  }

  #another(): Walk {
    if (this.#begun === this.cases) throw new Error('there are no more cases prepared');
    return new Walk(keyOf(this.prefix, 0, this.#begun++), this.application.tokens, today());
  }
}
