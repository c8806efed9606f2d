import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Inject,
} from '@nestjs/common';
import { CommandBus, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type CaseEvent } from '../contracts/case-events.js';
import { OnCase } from '../contracts/envelope.js';
import { type Carried, ManagerStanding } from '../contracts/health.js';
import { Refusal, type RefusalCode } from '../contracts/refusal.js';
import { type Recorded } from '../eventing/event.js';
import { Handler } from '../eventing/handle.js';
import { commandId } from '../eventing/ids.js';
import { type Due, Outbox } from '../eventing/project-outbox.js';
import { type EventStore, OutcomeUnknown, STORE, Unavailable } from '../eventing/store.js';
import { Sealer } from '../sealing/sealer.js';
import { codeOf, databaseGone } from '../platform/fault.js';
import { type Bell, type Session } from '../platform/session.js';
import { decodeCase } from './case.queries.js';
import { streamOf } from './commands.js';
import { ofItems, reactions } from './manager.js';
import { resealed } from './resealed.js';
import { type CaseState } from './case-state.js';
import { evolve, noCase } from './state.js';
import { type CaseFacts } from './table.js';

/** By which Nest finds the bell that rings when there is something to be answered. */
export const MANAGER_BELL = Symbol('MANAGER_BELL');
/** By which Nest finds how the place of the one that is active is taken. */
export const MANAGER_PLACE = Symbol('MANAGER_PLACE');

/** Only one process manager is active on a database: it holds this lock on a session of its own. */
export const MANAGER_LOCK = 7_815_005;

/** Makes the session that holds the place, and says when it is had and lost. */
export type Place = (had: () => void, lost: () => void) => Session;

const PERSON = 'process-manager';
const PAGE = 500;
/** What is stuck is tried again whenever there is something to do, and at the latest after this, in milliseconds. */
const STUCK_MS = 60_000;

/**
 * Carries what happened in one case to others, in the order of the log. An event is done when its commands are: each has
 * a key made of the event, so whatever was cut short is given again and carried out once.
 */
@Injectable()
export class ManagerWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #log = new Logger('Manager');
  #running: Promise<void> | undefined;
  #place: Session | undefined;
  #active = false;
  #fault: string | undefined;

  constructor(
    private readonly commands: CommandBus,
    private readonly handler: Handler<CaseState, CaseEvent, CaseFacts>,
    @Inject(STORE) private readonly store: EventStore,
    private readonly outbox: Outbox,
    @Inject(MANAGER_BELL) private readonly bell: Bell,
    @Inject(MANAGER_PLACE) private readonly place: Place,
    private readonly sealer: Sealer,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#place?.end();
    await this.#running;
  }

  /** How it stands, and what stopped it last. */
  async standing(): Promise<Carried> {
    const standing = await this.outbox.standing();
    return { ...standing, ...(this.#fault !== undefined && { fault: this.#fault }) };
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      try {
        await this.#takePlace();
        await this.bell.listen();
        // Listening before looking: what is noted meanwhile rings.
        const rung = once(this.bell, 'ring', { signal }).catch(() => undefined);
        await this.outbox.again();
        const stuck = await this.#answerAll();
        this.#fault = undefined;
        wait = 25;
        await Promise.race(stuck ? [rung, pause(STUCK_MS, undefined, { signal })] : [rung]);
      } catch (error) {
        if (this.#stopped()) return;
        this.#fault = error instanceof Error ? error.name : 'unknown';
        // Names and codes only: what an error says may quote what it was given.
        this.#log.error(`${this.#fault} ${codeOf(error)}`);
        await pause(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #takePlace(): Promise<void> {
    if (this.#place) return;
    const place = this.place(
      () => {
        this.#active = true;
        this.bell.emit('ring');
      },
      () => {
        this.#active = false;
      },
    );
    try {
      this.#place = place;
      await place.open();
    } catch (error) {
      this.#place = undefined;
      await place.end();
      throw error;
    }
  }

  /** Whether something was stuck. */
  async #answerAll(): Promise<boolean> {
    let stuck = false;
    while (this.#active && !this.#stopped()) {
      const due = await this.outbox.first();
      if (!due) break;
      try {
        await this.answer(due);
        // Said no more before it is done: who sees nothing waiting sees no fault either.
        this.#fault = undefined;
        await this.outbox.done(due);
      } catch (error) {
        if (passes(error)) throw error;
        const code = error instanceof Refusal ? error.code : error instanceof Error ? error.name : 'unknown';
        this.#log.error(`event ${due.id} is stuck: ${code} ${codeOf(error)}`);
        await this.outbox.stuck(due, code);
        stuck = true;
      }
    }
    return stuck;
  }

  /** @throws Refusal one that was not foreseen; Unavailable, OutcomeUnknown */
  async answer(due: Due): Promise<void> {
    const { recorded, state, past } = await this.#past(due);
    for (const [n, { case: id, body, otherwise }] of reactions(recorded.event, state, past).entries()) {
      const key = `${recorded.id}/${n}`;
      const instead = `${key}/otherwise`;
      // What was settled so is not tried again: it might go through now.
      if (otherwise && (await this.#isGiven(otherwise.case, instead))) continue;
      try {
        await this.#give(id, await resealed(body, this.sealer, recorded.stream, id), key, recorded);
      } catch (error) {
        if (!otherwise || !(error instanceof Refusal) || passes(error)) throw error;
        await this.#give(otherwise.case, otherwise.body(error.code), instead, recorded);
      }
    }
  }

  async #give(id: string, body: object, key: string, { id: causationId, meta }: Recorded): Promise<void> {
    const caller = { person: PERSON, unit: meta.actor.unit, role: 'manager', via: 'manager' as const };
    const about = { idempotencyKey: key, correlationId: meta.correlationId, causationId };
    try {
      await this.commands.execute(new OnCase(id, body, caller, about));
    } catch (error) {
      // The key is made of the event: it was given already, by a version that said it in other words.
      if (!(error instanceof Refusal) || error.code !== 'key/reused') throw error;
    }
  }

  async #isGiven(caseId: string, key: string): Promise<boolean> {
    const { receipts } = await this.handler.load(streamOf(caseId));
    return receipts.has(commandId(PERSON, key));
  }

  /** The event, its case as it stood right after it, and what was said of items until then. */
  async #past({ stream, revision }: Due): Promise<{
    recorded: Recorded<CaseEvent>;
    state: CaseState;
    past: CaseEvent[];
  }> {
    const past: CaseEvent[] = [];
    let state = noCase;
    for (let from = 0; from <= revision;) {
      const page = await this.store.read(stream, from, Math.min(PAGE, revision + 1 - from));
      if (page.length === 0) break;
      for (const stored of page) {
        const recorded = decodeCase(stored);
        state = evolve(state, recorded);
        if (ofItems(recorded.event)) past.push(recorded.event);
        if (recorded.revision === revision) return { recorded, state, past };
      }
      from += page.length;
    }
    throw new Unavailable(`${stream} is not known up to revision ${revision}`);
  }
}

const PASSING: readonly RefusalCode[] = [
  'log/contended',
  'log/unavailable',
  'log/outcome-unknown',
  'service/unavailable',
];

/** Whether it may go through another time without anybody doing anything. */
function passes(error: unknown): boolean {
  if (error instanceof Refusal) return PASSING.includes(error.code);
  return error instanceof Unavailable || error instanceof OutcomeUnknown || databaseGone(error);
}

@QueryHandler(ManagerStanding)
export class ManagerStandingHandler implements IQueryHandler<ManagerStanding> {
  constructor(private readonly worker: ManagerWorker) {}

  /** Where the database does not answer, that is the fault. */
  async execute(): Promise<Carried> {
    return this.worker
      .standing()
      .catch(() => ({ waiting: 0, stuck: 0, fault: 'the database does not answer' }));
  }
}
