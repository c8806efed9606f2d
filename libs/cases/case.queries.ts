import { Inject, Injectable } from '@nestjs/common';
import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { caseEvents, type CaseEvent } from '../contracts/case-events.js';
import {
  type ActionOffer,
  ActionsOn,
  type Caller,
  HistoryOf,
  type PastEvent,
} from '../contracts/envelope.js';
import { Refusal, refuse } from '../contracts/refusal.js';
import { CurrentRegister, type Register } from '../contracts/register.js';
import { type Uuid } from '../contracts/values.js';
import { leafHash } from '../eventing/canonical.js';
import { decoder } from '../eventing/decode.js';
import { Handler } from '../eventing/handle.js';
import { type StoredEvent } from '../eventing/event.js';
import { type EventStore, STORE } from '../eventing/store.js';
import { Sealer } from '../sealing/sealer.js';
import { Clock } from './clock.js';
import { caseCommands, streamOf } from './commands.js';
import { offersTo } from './offers.js';
import { factsAt } from './on-case.handler.js';
import { Openings } from './openings.js';
import { isAccusation, mayReveal } from './revealing.js';
import { veiled } from './shown.js';
import { type CaseState } from './case-state.js';
import { type CaseFacts, sees } from './table.js';

export const decodeCase = decoder<CaseEvent>(caseEvents);

/** The case as folded now, for somebody who may see it. @throws Refusal case/unknown */
@Injectable()
export class VisibleCases {
  constructor(
    private readonly handler: Handler<CaseState, CaseEvent, CaseFacts>,
    private readonly queries: QueryBus,
  ) {}

  async get(
    caseId: string,
    caller: Caller,
  ): Promise<{ state: CaseState; revision: number; register: Register }> {
    const [{ state, revision }, register] = await Promise.all([
      this.handler.load(streamOf(caseId)),
      this.queries.execute<CurrentRegister, Register>(new CurrentRegister()),
    ]);
    if (state.status === undefined || !sees(state, caller, register)) refuse('case/unknown');
    return { state, revision, register };
  }
}

/** The case as `see` takes it, or nothing where it does not exist for the caller. */
export async function ifVisible<T>(
  visible: VisibleCases,
  caseId: Uuid,
  caller: Caller,
  see: (state: CaseState, register: Register) => T,
): Promise<T | undefined> {
  try {
    const { state, register } = await visible.get(caseId, caller);
    return see(state, register);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'case/unknown') return undefined;
    throw error;
  }
}

/** Whoever vouches for cases: what they have looked at is kept. */
const VOUCHING: ReadonlySet<string> = new Set(
  caseCommands.filter(({ approves }) => approves).flatMap(({ roles }) => roles),
);

@QueryHandler(ActionsOn)
export class ActionsOnHandler implements IQueryHandler<ActionsOn> {
  constructor(
    private readonly visible: VisibleCases,
    private readonly clock: Clock,
    private readonly openings: Openings,
  ) {}

  async execute({ caseId, caller }: ActionsOn): Promise<ActionOffer[]> {
    const { state, revision, register } = await this.visible.get(caseId, caller);
    if (VOUCHING.has(caller.role)) await this.openings.note(caller.person, caseId, revision);
    const facts = factsAt(this.clock, register);
    return offersTo(caller, state, facts);
  }
}

@QueryHandler(HistoryOf)
export class HistoryOfHandler implements IQueryHandler<HistoryOf> {
  constructor(
    private readonly visible: VisibleCases,
    @Inject(STORE) private readonly store: EventStore,
    private readonly sealer: Sealer,
  ) {}

  async execute({ caseId, caller, from, limit }: HistoryOf): Promise<PastEvent[]> {
    const { state, register } = await this.visible.get(caseId, caller);
    const stored = await this.store.read(streamOf(caseId), from, limit);
    const hidden = isAccusation(state) && !mayReveal(state, caller, register);
    const past = async (one: StoredEvent): Promise<PastEvent> => {
      const { id, stream, revision, event, meta } = decodeCase(one);
      const { type, ...bare } = event;
      const data = await veiled(bare, stream, this.sealer, hidden);
      const { person, unit } = meta.actor;
      const names = { name: register.person(person)?.name ?? '', unitName: register.unit(unit)?.name ?? '' };
      const leaf = leafHash(one);
      return {
        ...{ id, type, revision, data, leaf },
        recordedAt: meta.recordedAt,
        ...(meta.effectiveOn !== undefined && {
          entry: { effectiveOn: meta.effectiveOn, document: meta.basisDocument ?? '' },
        }),
        ...(meta.decisionBatch !== undefined && { decisionBatch: meta.decisionBatch }),
        ...(meta.simulated && { simulated: true }),
        actor: { ...meta.actor, ...names },
      };
    };
    return Promise.all(stored.map(past));
  }
}
