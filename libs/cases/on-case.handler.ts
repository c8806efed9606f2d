import { CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { dayIn } from '../calendar/working-days.js';
import { type CaseEvent, type Upload } from '../contracts/case-events.js';
import { type CommandReceipt, OnCase } from '../contracts/envelope.js';
import { type Drawers, DrawnBy } from '../contracts/draws.js';
import { UploadsOf } from '../contracts/evidence.js';
import { invalid, Refusal, refuse } from '../contracts/refusal.js';
import { CurrentRegister, type Register, TakeNumber } from '../contracts/register.js';
import { isPersonal } from '../contracts/sealing.js';
import { type Uuid } from '../contracts/values.js';
import { hashOf } from '../eventing/canonical.js';
import { type Actor } from '../eventing/event.js';
import { decide, type Envelope, Handler } from '../eventing/handle.js';
import { caseId as caseIdOf, commandId as commandIdOf } from '../eventing/ids.js';
import { Sealer } from '../sealing/sealer.js';
import { Clock } from './clock.js';
import { rowOf, streamOf } from './commands.js';
import { KeyIndex } from './key-index.js';
import { sealed, withPlaceholders, withStandIns } from './protect.js';
import { type CaseState } from './case-state.js';
import { type AnyCaseRow, type CaseFacts, isAtDesk, sees } from './table.js';

/** Stands for a number while it is not known yet whether one is needed. */
const UNNUMBERED = '';

/** The one write path of cases. */
@CommandHandler(OnCase)
export class OnCaseHandler implements ICommandHandler<OnCase> {
  constructor(
    private readonly handler: Handler<CaseState, CaseEvent, CaseFacts>,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly keys: KeyIndex,
    private readonly sealer: Sealer,
  ) {}

  /** @throws Refusal, Unavailable, OutcomeUnknown */
  async execute({ caseId, body, caller, about }: OnCase): Promise<CommandReceipt> {
    const row = rowOf(body);
    const { decisionBatch, entry } = about;
    const command =
      decisionBatch !== undefined && caseId !== undefined
        ? commandIdOf(decisionBatch, caseId)
        : commandIdOf(caller.person, about.idempotencyKey);
    const id = caseId ?? this.#newCase(row, body, command);
    const { type, ...rest } = withStandIns(body, this.sealer) as { type: string };
    const requestHash = hashOf({
      type,
      caseId: id,
      body: rest,
      ...(entry && { entry: [entry.effectiveOn, entry.document] }),
    });
    const envelope: Envelope<CaseState, CaseEvent, CaseFacts> = {
      stream: streamOf(id),
      ...{ row, requestHash },
      body: withPlaceholders(body),
      commandId: command,
      actor: caller,
      seen: about.seen,
      // Fifty thousand rows of a workbook would push out the cases that people work on.
      passing: caller.via === 'import',
      about: {
        correlationId: about.correlationId,
        ...(about.causationId !== undefined && { causationId: about.causationId }),
        ...(about.traceparent !== undefined && { traceparent: about.traceparent }),
        ...(decisionBatch !== undefined && { decisionBatch }),
        ...(entry && {
          ...{ entryMode: 'backfilled', effectiveOn: entry.effectiveOn, basisDocument: entry.document },
        }),
      },
      facts: (state) => this.#facts(envelope, body, id, state),
    };
    try {
      const { revision, repeated } = await this.handler.handle(envelope);
      return { case: id, revision, receipt: `${id}@${revision}`, repeated };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'case/already-registered')
        refuse(error.code, { case: id });
      throw error;
    }
  }

  #newCase(row: AnyCaseRow, body: object, command: Uuid): Uuid {
    if (!row.origin) throw new Error(`${body.constructor.name} does not begin a case`);
    const { code, document, line, part } = row.origin(body as never);
    return caseIdOf(this.keys.deployment, { source: code, document, line, part }, command);
  }

  async #facts(
    envelope: Envelope<CaseState, CaseEvent, CaseFacts>,
    body: object,
    id: Uuid,
    state: CaseState,
  ): Promise<CaseFacts> {
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const row = envelope.row as AnyCaseRow;
    const draw = row.draw?.(envelope.body as never);
    const learnt = factsAt(
      this.clock,
      register,
      await this.#uploads(row, envelope.body, id, envelope.actor.person),
      await this.#visible(row, envelope.body, envelope.actor, register),
    );
    const { effectiveOn } = envelope.about;
    if (effectiveOn !== undefined && effectiveOn > learnt.today)
      invalid('entry.effectiveOn', 'not-ahead', 'entry.effectiveOn lies ahead');
    const drawnBy =
      draw !== undefined && (await this.queries.execute<DrawnBy, Drawers>(new DrawnBy(draw, id)));
    const facts: CaseFacts = drawnBy ? { ...learnt, drawnBy } : learnt;
    const personal = isPersonal(row.command);
    if (!row.number && !personal) return facts;
    // A number and the keys of holders are the last that is learnt: whoever is refused by the rules uses none up.
    decide(envelope, state, facts);
    const [number, closed] = await Promise.all([
      row.number ? this.#number(envelope, row.number, id, state, facts) : Promise.resolve(facts.number),
      personal ? sealed(body, this.sealer, id, envelope.commandId) : Promise.resolve(envelope.body),
    ]);
    envelope.body = closed;
    return { ...facts, number };
  }

  async #number(
    { row, commandId, about: { decisionBatch } }: Envelope<CaseState, CaseEvent, CaseFacts>,
    { series, owner }: NonNullable<AnyCaseRow['number']>,
    id: Uuid,
    state: CaseState,
    { today }: CaseFacts,
  ): Promise<string> {
    const take = new TakeNumber(series, owner(id, state, decisionBatch ?? commandId), today);
    const [number] = await Promise.all([
      this.queries.execute<TakeNumber, string>(take),
      // A key that begins a case is looked for under all cases: another case under the same key is another stream. It is
      // hardly ever found: then a number is left out, which the register may do.
      row.in.includes('new') && this.keys.claim(commandId, id),
    ]);
    return number;
  }

  async #uploads(row: AnyCaseRow, body: object, id: Uuid, person: string): Promise<Upload[]> {
    const receipts = row.uploads?.(body as never) ?? [];
    if (receipts.length === 0) return [];
    return this.queries.execute<UploadsOf, Upload[]>(new UploadsOf(id, person, receipts));
  }

  async #visible(
    row: AnyCaseRow,
    body: object,
    actor: Actor,
    register: Register,
  ): Promise<CaseFacts['visible']> {
    const targets = row.targets?.(body as never) ?? [];
    const visible = new Map<Uuid, { decides: boolean }>();
    for (const id of targets) {
      const { state } = await this.handler.load(streamOf(id));
      if (state.status === undefined || !sees(state, actor, register)) continue;
      visible.set(id, { decides: isAtDesk('above', state, actor, register) });
    }
    return visible;
  }
}

export function factsAt(
  clock: Clock,
  register: Register,
  uploads: readonly Upload[] = [],
  visible: CaseFacts['visible'] = new Map(),
): CaseFacts {
  const now = clock.now();
  return {
    now,
    simulated: clock.simulated,
    register,
    policy: register.policy.id,
    calendar: register.calendar.id,
    today: dayIn(register.zone, now),
    uploads: new Map(uploads.map((upload) => [upload.receipt, upload])),
    number: UNNUMBERED,
    visible,
  };
}
