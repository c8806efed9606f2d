import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { setTimeout as pause } from 'node:timers/promises';
import { dayIn } from '../calendar/working-days.js';
import { DueTicks, type Tick } from '../contracts/clock.js';
import { type Caller, OnCase } from '../contracts/envelope.js';
import { type Lag, LedgerLag } from '../contracts/health.js';
import { Refusal } from '../contracts/refusal.js';
import { CurrentRegister, type Register } from '../contracts/register.js';
import { codeOf } from '../platform/fault.js';
import { type Sql } from '../platform/sql.js';
import { type Clock } from './clock.js';
import { streamOf } from './commands.js';
import { commandFor } from './time/ticks.js';

const LOCK = 7_815_006;
/** Looks this often whether another day has begun, in milliseconds. */
const LOOK_MS = 5000;
/**
 * The ledger may have been a moment behind when a day was looked at: so it is looked at twice, and again after so long,
 * in milliseconds.
 */
const AGAIN_MS = 600_000;
const CASES = 200;
const CALLER: Caller = { person: 'clock', unit: '', role: 'clock', via: 'clock' };

/**
 * Says of every case what has come due. Deadlines end with a day, so it has something to do once a day. Each tick is
 * one command under a key of its own: however often it is given, it happens once, and the decision asks again whether
 * it is time.
 */
export class Ticker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #log = new Logger('Clock');
  #running: Promise<void> | undefined;
  #woken = new AbortController();

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly sql: Sql,
  ) {
    clock.onMoved(() => {
      this.#woken.abort();
    });
  }

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let done = { day: '', looks: 0, at: 0 };
    while (!this.#stop.signal.aborted) {
      try {
        const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
        const today = dayIn(register.zone, this.clock.now());
        const { behindMs } = await this.queries.execute<LedgerLag, Lag>(new LedgerLag());
        const due = today !== done.day || done.looks < 2 || Date.now() - done.at > AGAIN_MS;
        if (due && behindMs === 0 && (await this.#alone(() => this.#tick(today, register)))) {
          done = { day: today, looks: today === done.day ? done.looks + 1 : 1, at: Date.now() };
        }
      } catch (error) {
        // The name only: it goes on with the next look.
        this.#log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
      }
      this.#woken = new AbortController();
      const signal = AbortSignal.any([this.#woken.signal, this.#stop.signal]);
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * Of several processes one ticks at a time. In a transaction: a connection that the pool has to open first is never
   * handed out by `reserve`, as types are not asked for.
   */
  async #alone(act: () => Promise<void>): Promise<boolean> {
    return this.sql.begin(async (tx) => {
      const [lock] = await tx<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as mine`;
      if (lock?.mine !== true) return false;
      await act();
      return true;
    });
  }

  async #tick(today: string, register: Register): Promise<void> {
    let after: string | undefined;
    while (!this.#stop.signal.aborted) {
      const ask = new DueTicks(today, register.calendar.until, after, CASES);
      const ticks = await this.queries.execute<DueTicks, Tick[]>(ask);
      const last = ticks.at(-1);
      if (!last) return;
      // One case at a time is decided in order; different ones do not wait for each other.
      const byCase = new Map<string, Tick[]>();
      for (const tick of ticks) byCase.set(tick.caseId, [...(byCase.get(tick.caseId) ?? []), tick]);
      await Promise.all([...byCase].map(([caseId, own]) => this.#giveAll(caseId, own, today)));
      after = last.caseId;
    }
  }

  /** A case of which something goes wrong keeps no other waiting; it is looked at again with the next look. */
  async #giveAll(caseId: string, ticks: readonly Tick[], today: string): Promise<void> {
    try {
      await this.#give(ticks, today);
    } catch (error) {
      // The stream's name only: what an error says may quote what it was given.
      this.#log.error(`${streamOf(caseId)}: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }

  async #give(ticks: readonly Tick[], today: string): Promise<void> {
    for (const { caseId, name, duty } of ticks) {
      const passed = duty.tickOn !== null && duty.tickOn <= today;
      const key = `${caseId}/${name}/${passed ? (duty.tickOn ?? '') : `settled/${duty.due}`}`;
      try {
        const about = { idempotencyKey: key, correlationId: key };
        await this.commands.execute(new OnCase(caseId, commandFor(name, !passed), CALLER, about));
      } catch (error) {
        // Done meanwhile, or not yet: the next look sees what the case has become.
        if (!(error instanceof Refusal)) throw error;
      }
    }
  }
}
