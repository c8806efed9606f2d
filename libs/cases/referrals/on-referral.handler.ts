import { CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { dayIn } from '../../calendar/working-days.js';
import { type Caller } from '../../contracts/envelope.js';
import {
  OnReferral,
  ReferClue,
  type ReferralEvent,
  referralEvents,
  type ReferralReceipt,
} from '../../contracts/referrals.js';
import { Refusal, refuse } from '../../contracts/refusal.js';
import { CurrentRegister, type Register, TakeNumber } from '../../contracts/register.js';
import { type Uuid } from '../../contracts/values.js';
import { hashOf } from '../../eventing/canonical.js';
import { decoder } from '../../eventing/decode.js';
import { decide, each, type Envelope, Handler } from '../../eventing/handle.js';
import { commandId, referralId } from '../../eventing/ids.js';
import { type EventStore } from '../../eventing/store.js';
import { Sealer } from '../../sealing/sealer.js';
import { VisibleCases } from '../case.queries.js';
import { Clock } from '../clock.js';
import { sealedApart, withPlaceholders, withStandIns } from '../protect.js';
import {
  answering,
  evolveReferral,
  noReferral,
  type ReferralFacts,
  referring,
  type ReferralState,
} from './referral.js';

export const decodeReferral = decoder<ReferralEvent>(referralEvents);

/** Streams of clues: a kind of their own, of which nothing stands in a case. */
export class ReferralStreams extends Handler<ReferralState, ReferralEvent, ReferralFacts> {
  constructor(store: EventStore) {
    super(store, { initial: noReferral, decode: decodeReferral, fold: each(evolveReferral) }, 1000);
  }
}

type OfReferral = Envelope<ReferralState, ReferralEvent, ReferralFacts>;

@CommandHandler(OnReferral)
export class OnReferralHandler implements ICommandHandler<OnReferral> {
  constructor(
    private readonly streams: ReferralStreams,
    private readonly visible: VisibleCases,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  /** @throws Refusal, Unavailable, OutcomeUnknown */
  async execute({ referral, body, caller, about }: OnReferral): Promise<ReferralReceipt> {
    const { idempotencyKey, ...tracing } = about;
    const command = commandId(caller.person, idempotencyKey);
    const clue = body instanceof ReferClue ? body : undefined;
    const id = clue ? referralId(clue.case, command) : (referral ?? refuse('referral/unknown'));
    const { type, ...rest } = withStandIns(body, this.sealer) as { type: string };
    const envelope: OfReferral = {
      stream: `referral-${id}`,
      row: clue ? referring : answering,
      body: withPlaceholders(body),
      commandId: command,
      requestHash: hashOf({ type, caseId: id, body: rest }),
      actor: caller,
      seen: undefined,
      about: tracing,
      facts: (state) => this.#facts(envelope, state, clue, caller, id),
    };
    try {
      const { revision, repeated } = await this.streams.handle(envelope);
      return { referral: id, revision, repeated };
    } catch (error) {
      // The engine speaks of cases; here there is none.
      if (!clue && error instanceof Refusal && error.code === 'case/unknown') refuse('referral/unknown');
      throw error;
    }
  }

  async #facts(
    envelope: OfReferral,
    state: ReferralState,
    clue: ReferClue | undefined,
    caller: Caller,
    id: Uuid,
  ): Promise<ReferralFacts> {
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const now = this.clock.now();
    const about = clue?.case ?? state.about;
    // Whoever may not know of the case, as who was excluded from it, may not know of its clue.
    const seen = about === undefined ? undefined : (await this.visible.get(about, caller)).state;
    const divisions = clue ? (seen?.divisions ?? []) : state.divisions;
    const { simulated } = this.clock;
    const facts = { now, simulated, register, divisions, number: '', policy: register.policy.id };
    if (!clue) return facts;
    // Whoever is refused by the rules uses neither a number nor keys up.
    decide(envelope, state, facts);
    envelope.body = await sealedApart(clue, this.sealer, envelope.stream, envelope.commandId);
    const take = new TakeNumber('referral', id, dayIn(register.zone, now));
    return { ...facts, number: await this.queries.execute<TakeNumber, string>(take) };
  }
}
