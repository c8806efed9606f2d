import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { setTimeout as pause } from 'node:timers/promises';
import { dayIn } from '../../calendar/working-days.js';
import { Refusal } from '../../contracts/refusal.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { hashOf } from '../../eventing/canonical.js';
import { type Actor } from '../../eventing/event.js';
import { commandId } from '../../eventing/ids.js';
import { codeOf } from '../../platform/fault.js';
import { SQL, type Sql } from '../../platform/sql.js';
import { AccessDays, CloseAccessDay, closing, DAYS } from './access-days.js';
import { AccessLog, type DayOfLog } from './access-log.js';

const LOCK = 7815023;
/** Looks this often whether a day is over, in milliseconds. */
const LOOK_MS = 60_000;
const ACTOR: Actor = { person: 'clock', unit: '', role: 'clock', via: 'clock' };

/** Closes every day of the log of accesses once it is over, in the time of the machine: nobody moves that of a proof. */
@Injectable()
export class AccessDaysWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #log = new Logger('AccessDays');
  #running: Promise<void> | undefined;

  constructor(
    private readonly days: AccessDays,
    private readonly accesses: AccessLog,
    private readonly queries: QueryBus,
    @Inject(SQL) private readonly sql: Sql,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Closes what is over at an instant (ISO 8601 UTC). Of several processes one does it. */
  async close(now: string): Promise<void> {
    const { zone } = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    await this.sql.begin(async (tx) => {
      const [lock] = await tx<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as mine`;
      if (lock?.mine !== true) return;
      const { closed } = (await this.days.load(DAYS)).state;
      for (const day of await this.accesses.daysAfter(closed?.last ?? 0, dayIn(zone, now), zone))
        await this.#give(day, now);
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.close(new Date().toISOString());
      } catch (error) {
        // The name only: it is tried again with the next look.
        this.#log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
      }
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #give(day: DayOfLog, now: string): Promise<void> {
    const key = `${DAYS}/${day.day}`;
    const body = new CloseAccessDay(day);
    try {
      await this.days.handle({
        ...{ stream: DAYS, row: closing, body, actor: ACTOR, seen: undefined },
        commandId: commandId(ACTOR.person, key),
        requestHash: hashOf({ type: body.type, caseId: DAYS, body: { of: day } }),
        about: { correlationId: key },
        facts: () => Promise.resolve({ now }),
      });
    } catch (error) {
      // Closed meanwhile by another process.
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
