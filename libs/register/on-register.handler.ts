import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../contracts/envelope.js';
import { invalid, Refusal } from '../contracts/refusal.js';
import { OnRegister, type RegisterReceipt } from '../contracts/register-commands.js';
import { type RegisterEvent } from '../contracts/register-events.js';
import { personalFields } from '../contracts/sealing.js';
import { hashOf } from '../eventing/canonical.js';
import { decide, Handler, type Receipt } from '../eventing/handle.js';
import { commandId, holderId } from '../eventing/ids.js';
import { type EventStore } from '../eventing/store.js';
import { type IndexKind } from '../contracts/sealing.js';
import { Erased } from '../sealing/errors.js';
import { type Sealer } from '../sealing/sealer.js';
import { RegisterBook } from './book.js';
import { rowOf } from './commands.js';
import { type Docs } from './docs.js';
import { entries, type RegisterFacts, type RegisterState, streamOf } from './table.js';

/** What is told of a command on the register, whoever gives it. */
export interface Order {
  kind: OnRegister['kind'];
  id: string;
  body: object;
  actor: Caller;
  commandId: string;
  about: { correlationId: string; traceparent?: string };
}

/** The one write path of the register. */
export class RegisterWriter {
  readonly #handler: Handler<RegisterState, RegisterEvent, RegisterFacts>;

  constructor(
    store: EventStore,
    private readonly sealer: Sealer,
    private readonly time: () => Pick<RegisterFacts, 'now' | 'simulated'>,
    private readonly today: () => string,
  ) {
    this.#handler = new Handler(store, entries);
  }

  /** @throws Unavailable */
  async load(stream: string): Promise<{ state: RegisterState; revision: number }> {
    return this.#handler.load(stream);
  }

  /** @throws Refusal, Unavailable, OutcomeUnknown */
  async give(
    { kind, id, body, actor, commandId: command, about }: Order,
    docs: () => Docs,
  ): Promise<Receipt> {
    const stream = streamOf(kind, id);
    const { hashed, sealed } = await this.#sealed(stream, body);
    const { type, ...rest } = hashed as { type: string };
    const given = { row: rowOf(body), body: sealed, actor, seen: undefined };
    return this.#handler.handle({
      ...{ stream, about, ...given },
      commandId: command,
      // As of a case: the id of what it is about, whatever that is.
      requestHash: hashOf({ type, caseId: stream, body: rest }),
      facts: async (state) => {
        const facts = { ...this.time(), today: this.today(), id, docs: docs() };
        const number = numberIn(body);
        if (number === undefined) return facts;
        // Taken last: whoever is refused by the rules takes no number.
        decide(given, state, facts);
        const namesake = await this.#namesake(stream, number, facts.docs);
        return { ...facts, ...(namesake && { namesake }) };
      },
    });
  }

  /** Who else has the number. Whoever asks first has it, before it stands in the log. */
  async #namesake(stream: string, number: string, { person }: Docs): Promise<RegisterFacts['namesake']> {
    const holder = await this.sealer.claim('identity-number', number, holderId(stream));
    if (holder === undefined)
      invalid('identityNumber', 'identity-number', 'identityNumber has neither letter nor digit');
    if (holder === holderId(stream)) return undefined;
    const found = [...person.keys()].find((id) => holderId(streamOf('person', id)) === holder);
    return found === undefined ? {} : { person: found };
  }

  /** Personal texts under the key of the one whom the stream is about; hashed as what they can be found by. */
  async #sealed(stream: string, body: object): Promise<{ hashed: object; sealed: object }> {
    const hashed: Record<string, unknown> = { ...body };
    const sealed: Record<string, unknown> = { ...body };
    for (const [field, kind] of personalFields(body.constructor)) {
      const text = sealed[field] as string | undefined;
      if (text === undefined) continue;
      hashed[field] = this.sealer.index.of(kind as IndexKind, text);
      sealed[field] = await this.sealer
        .seal(holderId(stream), text, { stream, field }, kind as IndexKind)
        .catch((error: unknown) => {
          // Of somebody whose name was erased nothing new is written down.
          throw error instanceof Erased ? new Refusal('register/ended') : error;
        });
    }
    return { hashed, sealed };
  }
}

/** The identity number that a command gives a person. */
function numberIn(body: object): string | undefined {
  const [field] = [...personalFields(body.constructor)].find(([, kind]) => kind === 'identity-number') ?? [];
  return field === undefined ? undefined : (body as Record<string, string | undefined>)[field];
}

/** So long an administrator waits until what they said is in effect here, in milliseconds. */
const PATIENCE = 2000;

@CommandHandler(OnRegister)
export class OnRegisterHandler implements ICommandHandler<OnRegister> {
  constructor(
    private readonly writer: RegisterWriter,
    private readonly book: RegisterBook,
  ) {}

  /** @throws Refusal, Unavailable, OutcomeUnknown */
  async execute({ kind, id, body, caller, about }: OnRegister): Promise<RegisterReceipt> {
    const { idempotencyKey, ...tracing } = about;
    const { revision, repeated, stream } = await this.writer.give(
      {
        ...{ kind, id, body, about: tracing },
        actor: caller,
        commandId: commandId(caller.person, idempotencyKey),
      },
      () => this.book.docs,
    );
    await this.book.reached(stream, revision, PATIENCE);
    return { id, revision, repeated };
  }
}
