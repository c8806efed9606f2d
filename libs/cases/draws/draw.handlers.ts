import {
  CommandHandler,
  type ICommandHandler,
  type IQueryHandler,
  QueryBus,
  QueryHandler,
} from '@nestjs/cqrs';
import { dayIn } from '../../calendar/working-days.js';
import {
  ClosedIn,
  type Draw,
  type Drawers,
  type DrawEvent,
  drawEvents,
  DrawnBy,
  DrawOf,
  type DrawReceipt,
  OnDraw,
} from '../../contracts/draws.js';
import { refuse } from '../../contracts/refusal.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { type Uuid } from '../../contracts/values.js';
import { hashOf } from '../../eventing/canonical.js';
import { decoder } from '../../eventing/decode.js';
import { each, Handler } from '../../eventing/handle.js';
import { commandId, drawId } from '../../eventing/ids.js';
import { type EventStore } from '../../eventing/store.js';
import { bearers } from '../case-state.js';
import { Clock } from '../clock.js';
import { type DrawFacts, drawing, type DrawState, evolveDraw, noDraw, seesDraw } from './draw.js';

/** Streams of draws. Nothing of them stands in a case before somebody has looked back at it. */
export class Draws extends Handler<DrawState, DrawEvent, DrawFacts> {
  constructor(store: EventStore) {
    super(store, { initial: noDraw, decode: decoder<DrawEvent>(drawEvents), fold: each(evolveDraw) }, 1000);
  }

  async of(draw: Uuid): Promise<DrawState['drawn']> {
    return (await this.load(`draw-${draw}`)).state.drawn;
  }
}

@CommandHandler(OnDraw)
export class OnDrawHandler implements ICommandHandler<OnDraw> {
  constructor(
    private readonly draws: Draws,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal, Unavailable, OutcomeUnknown */
  async execute({ body, caller, about: { idempotencyKey, ...about } }: OnDraw): Promise<DrawReceipt> {
    const command = commandId(caller.person, idempotencyKey);
    const draw = drawId(command);
    const { type, ...rest } = body;
    const { repeated } = await this.draws.handle({
      stream: `draw-${draw}`,
      row: drawing,
      body,
      commandId: command,
      requestHash: hashOf({ type, caseId: draw, body: rest }),
      actor: caller,
      seen: undefined,
      about,
      facts: async () => {
        const [register, candidates] = await Promise.all([
          this.queries.execute<CurrentRegister, Register>(new CurrentRegister()),
          this.queries.execute<ClosedIn, Uuid[]>(new ClosedIn(caller, body.frame)),
        ]);
        const now = this.clock.now();
        const { simulated } = this.clock;
        const today = dayIn(register.zone, now);
        return { now, simulated, register, candidates, today, policy: register.policy.id };
      },
    });
    return { draw, repeated };
  }
}

@QueryHandler(DrawOf)
export class DrawOfHandler implements IQueryHandler<DrawOf> {
  constructor(
    private readonly draws: Draws,
    private readonly queries: QueryBus,
  ) {}

  async execute({ draw, caller }: DrawOf): Promise<Draw> {
    const [drawn, register] = await Promise.all([
      this.draws.of(draw),
      this.queries.execute<CurrentRegister, Register>(new CurrentRegister()),
    ]);
    if (!drawn || !seesDraw(drawn.by.unit, caller, register)) return refuse('draw/unknown');
    const { by, ...shown } = drawn;
    return { ...shown, unit: by.unit };
  }
}

@QueryHandler(DrawnBy)
export class DrawnByHandler implements IQueryHandler<DrawnBy> {
  constructor(private readonly draws: Draws) {}

  async execute({ draw, caseId }: DrawnBy): Promise<Drawers> {
    const drawn = await this.draws.of(draw);
    return drawn?.cases.includes(caseId) === true ? bearers(drawn.by) : null;
  }
}
