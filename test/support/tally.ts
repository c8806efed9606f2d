import { AsyncLocalStorage } from 'node:async_hooks';
import { type EventStore, type Feed } from '../../libs/eventing/store.js';
import { type Sql } from '../../libs/platform/sql.js';

/** What one command asked of the database. */
export interface Asked {
  /** Statements through a pool, as they are written. */
  statements: string[];
  /** Pages read from the log, by their stream. */
  reads: string[];
  /** Appends, by their stream. */
  appends: string[];
}

/** Counts for whoever began it: what the workers do meanwhile is not counted. */
export class Tally {
  readonly #of = new AsyncLocalStorage<Asked>();

  async during(act: () => Promise<unknown>): Promise<Asked> {
    const asked: Asked = { statements: [], reads: [], appends: [] };
    await this.#of.run(asked, act);
    return asked;
  }

  /** The same pool. A piece of a statement counts as one: rather one too many than one too few. */
  of(sql: Sql): Sql {
    const note = (text: unknown): void => void this.#of.getStore()?.statements.push(String(text).trim());
    return new Proxy(sql, {
      apply: (target, self, given: unknown[]) => {
        if (Array.isArray(given[0]) && 'raw' in given[0]) note(given[0].join('?'));
        return Reflect.apply(target, self, given) as unknown;
      },
      get: (target, name) => {
        if (name === 'begin' || name === 'unsafe') note(name);
        return Reflect.get(target, name) as unknown;
      },
    });
  }

  /** The same log. */
  ofLog(log: EventStore & Feed): EventStore & Feed {
    return {
      read: (stream, from, limit) => {
        this.#of.getStore()?.reads.push(stream);
        return log.read(stream, from, limit);
      },
      append: (stream, expected, events) => {
        this.#of.getStore()?.appends.push(stream);
        return log.append(stream, expected, events);
      },
      follow: (after, signal, streams) => log.follow(after, signal, streams),
      ...(log.leaves !== undefined && { leaves: log.leaves }),
    };
  }
}
