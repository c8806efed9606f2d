import { type OnApplicationShutdown } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LRUCache } from 'lru-cache';
import { type Access, NoteRefusal } from '../../contracts/access.js';
import { AccessLog } from './access-log.js';

/** What is refused again within so long is counted, in milliseconds. */
const WINDOW_MS = 60_000;
const MOST = 10_000;

interface Counted {
  access: Access;
  times: number;
}

/**
 * Enters refusals into the log of accesses: the first at once, and what follows of the same kind within a minute as one
 * entry with how often it was. Whoever asks for the same thing a thousand times fills no log with it.
 */
@CommandHandler(NoteRefusal)
export class NoteRefusalHandler implements ICommandHandler<NoteRefusal>, OnApplicationShutdown {
  readonly #counted: LRUCache<string, Counted>;
  readonly #entering = new Set<Promise<unknown>>();

  constructor(private readonly log: AccessLog) {
    this.#counted = new LRUCache({
      ...{ max: MOST, ttl: WINDOW_MS, ttlAutopurge: true, noUpdateTTL: true },
      dispose: (counted) => {
        this.#enter(counted);
      },
    });
  }

  async execute({ access }: NoteRefusal): Promise<void> {
    const { person, unit, role, caseId, route, code } = access;
    const key = JSON.stringify([person, unit, role, caseId, route, code]);
    const counted = this.#counted.get(key);
    if (counted) counted.times++;
    else {
      this.#counted.set(key, { access, times: 0 });
      await this.log.note(access);
    }
  }

  /** What was counted is entered before the end. */
  async onApplicationShutdown(): Promise<void> {
    this.#counted.clear();
    await Promise.allSettled(this.#entering);
  }

  #enter({ access, times }: Counted): void {
    if (times === 0) return;
    const entering = this.log.note({ ...access, times }).finally(() => this.#entering.delete(entering));
    // The database may be away: the first of them was entered, and said so where it was not.
    entering.catch(() => undefined);
    this.#entering.add(entering);
  }
}
