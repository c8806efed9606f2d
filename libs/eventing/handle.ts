import { LRUCache } from 'lru-cache';
import { Refusal, refuse, type RefusalCode } from '../contracts/refusal.js';
import { assertSize, storable } from './canonical.js';
import { type Decode } from './decode.js';
import { type Actor, type DomainEvent, type Meta, type NewEvent, type Recorded } from './event.js';
import { eventId } from './ids.js';
import { Conflict, type EventStore, OutcomeUnknown } from './store.js';

/** What every decided state says of itself, so that the order of checks can be the engine's. */
export interface Decided {
  /** undefined: the stream does not exist yet. */
  status: string | undefined;
  flags: ReadonlySet<string>;
  /** Revision of the last material event: a command that saw an older one is stale. */
  basis: number;
}

/** What a decision knows besides the stream. Moments old at most; events name the versions. */
export interface Facts {
  /** ISO 8601 UTC, milliseconds. */
  now: string;
  /** Versions of rules the decision rests on, for the event's meta. */
  policy?: string;
  calendar?: string;
  /** The time is not the real one. */
  simulated?: boolean;
}

/** With what a kind of stream refuses where a stream is missing, there already or past it, or the role is another. */
export interface Said {
  unknown: RefusalCode;
  begun: RefusalCode;
  role: RefusalCode;
  status: RefusalCode;
}

const OF_A_CASE: Said = {
  unknown: 'case/unknown',
  begun: 'case/already-registered',
  role: 'case/role',
  status: 'case/status',
};

/** One command of a kind of stream. */
export interface Row<S extends Decided, C extends object, E extends DomainEvent, F extends Facts> {
  command: new () => C;
  roles: readonly string[];
  /** Statuses in which it may happen; absent = refused. `new`: it begins the stream. */
  in: readonly (NonNullable<S['status']> | 'new')[];
  /** Flags under which it may still happen; any other flag that is up refuses it. */
  flags?: readonly string[];
  /** As a case says it, where nothing is given. */
  says?: Said;
  /** Refuses who may not know of the stream (404): before anything else is said of it. */
  sees?: (state: S, actor: Actor, facts: F) => void;
  /** Refuses who is not at the right desk (403). */
  reach?: (state: S, actor: Actor, facts: F) => void;
  /** Refuses what the state and the person forbid, whatever the command says. */
  may?: (state: S, actor: Actor, facts: F) => void;
  decide: (command: C, state: S, facts: F, actor: Actor) => E[];
}

/** A row whose command is not known by type: the body was validated as the class that the row names. */
export interface AnyRow<S extends Decided, E extends DomainEvent, F extends Facts> extends Omit<
  Row<S, never, E, F>,
  'command'
> {
  command: new () => object;
}

/** A kind of stream: how its state comes from its events. */
export interface Kind<S extends Decided, E extends DomainEvent, F extends Facts = Facts> {
  initial: S;
  decode: Decode<E>;
  /** The state after more events of the stream. */
  fold: (state: S, events: readonly Recorded<E>[]) => S;
  /** What every decision brings with it, whatever the command. May change `after`, which nobody else has. */
  complete?: (events: readonly Recorded<E>[], after: S, facts: F) => Completed<S, E>;
}

/** What a decision comes to: its events, and the state after them. */
export interface Completed<S, E extends DomainEvent> {
  events: readonly Recorded<E>[];
  after: S;
}

/** A command on its way: validated, and told apart from every other by its id. */
export interface Envelope<S extends Decided, E extends DomainEvent, F extends Facts> {
  stream: string;
  row: AnyRow<S, E, F>;
  body: object;
  commandId: string;
  requestHash: string;
  actor: Actor;
  /** The revision the caller has seen, or undefined where none was asked for. */
  seen: number | undefined;
  about: Pick<Meta, 'correlationId'> &
    Partial<Omit<Meta, 'recordedAt' | 'commandId' | 'requestHash' | 'actor'>>;
  facts: (state: S) => Promise<F>;
  /** One of very many streams that nobody asks for soon: it is not kept. */
  passing?: boolean;
}

/** A command that is in the log. */
interface Done {
  requestHash: string;
  revision: number;
  recordedAt: string;
}

/** A stream as folded up to a revision, and the commands that are in it. */
export interface Loaded<S> {
  state: S;
  revision: number;
  recordedAt: string;
  /** Whether it was recorded in a time that was not the real one. */
  simulated: boolean;
  receipts: Map<string, Done>;
}

export interface Receipt {
  stream: string;
  revision: number;
  /** Whether this command had been carried out before. */
  repeated: boolean;
}

const PAGE = 500;
const ATTEMPTS = 3;

/** Decides commands on one kind of stream. Folded streams are kept, and checked against the log by every append. */
export class Handler<S extends Decided, E extends DomainEvent, F extends Facts> {
  readonly #kept: LRUCache<string, Loaded<S>>;

  constructor(
    private readonly store: EventStore,
    private readonly kind: Kind<S, E, F>,
    kept = 20_000,
  ) {
    this.#kept = new LRUCache({ max: kept });
  }

  /**
   * Load, recognise, fold, learn the facts, check, decide, append. A refusal leaves no trace.
   * @throws Refusal, Unavailable, OutcomeUnknown
   */
  async handle(envelope: Envelope<S, E, F>): Promise<Receipt> {
    const { stream } = envelope;
    let loaded = this.#kept.get(stream) ?? (await this.load(stream));
    let unknown: OutcomeUnknown | undefined;
    let mine: string | undefined;
    try {
      for (let attempt = 1; ;) {
        const done = loaded.receipts.get(envelope.commandId);
        if (done) return again(envelope, done, mine);
        let decision: Completed<S, E>;
        try {
          const facts = await envelope.facts(loaded.state);
          decision = this.#complete(
            record(envelope, decide(envelope, loaded.state, facts, loaded.revision), facts, loaded),
            loaded.state,
            facts,
          );
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          // What was kept may be older than the log: nobody is refused on account of that.
          const fresh = await this.load(stream, loaded);
          if (fresh.revision === loaded.revision || attempt++ >= ATTEMPTS) throw error;
          loaded = fresh;
          continue;
        }
        const expected = loaded.revision;
        const { events, after } = decision;
        const sentAt = events[0]?.meta.recordedAt;
        try {
          const { revision, fresh } = await this.store.append(stream, expected, asStored(events));
          if (fresh === true) {
            if (envelope.passing !== true) this.#keep(told(loaded, events, after), stream);
            return { stream, revision, repeated: false };
          }
          // It is there; whether it is this very request, the stream tells.
          unknown = new OutcomeUnknown('it was written, and could not be read back');
          mine = sentAt;
        } catch (error) {
          if (error instanceof OutcomeUnknown) {
            unknown = error;
            mine = sentAt;
          } else if (!(error instanceof Conflict)) throw error;
        }
        loaded = await this.load(stream, loaded);
        // Where the stream has gone on without it, it can no longer come: an append names its place.
        if (loaded.revision > expected && !loaded.receipts.has(envelope.commandId)) unknown = undefined;
        if (attempt++ >= ATTEMPTS && !loaded.receipts.has(envelope.commandId))
          throw new Refusal('log/contended');
      }
    } catch (error) {
      const settled = error instanceof Refusal && error.code === 'key/reused';
      throw unknown !== undefined && !settled ? unknown : error;
    }
  }

  /** The stream as it stands in the log now; only what came after what is known of it is read. */
  async load(stream: string, known = this.#kept.get(stream)): Promise<Loaded<S>> {
    let loaded: Loaded<S> = known ?? {
      state: this.kind.initial,
      revision: -1,
      recordedAt: '',
      simulated: false,
      receipts: new Map(),
    };
    for (;;) {
      const page = await this.store.read(stream, loaded.revision + 1, PAGE);
      if (page.length > 0) {
        const events = page.map(this.kind.decode);
        loaded = told(loaded, events, this.kind.fold(loaded.state, events));
      }
      if (page.length < PAGE) break;
    }
    if (loaded.revision >= 0) this.#keep(loaded, stream);
    return loaded;
  }

  #complete(events: readonly Recorded<E>[], before: S, facts: F): Completed<S, E> {
    const after = this.kind.fold(before, events);
    return this.kind.complete?.(events, after, facts) ?? { events, after };
  }

  #keep(loaded: Loaded<S>, stream: string): void {
    const kept = this.#kept.peek(stream);
    if (!kept || kept.revision < loaded.revision) this.#kept.set(stream, loaded);
  }
}

/** What is known of a stream once more of its events are known, and the state after them. */
function told<S>(from: Loaded<S>, events: readonly Recorded[], state: S): Loaded<S> {
  let { revision, recordedAt, simulated } = from;
  // One map for all that was ever folded of the stream: a receipt known early does no harm.
  const { receipts } = from;
  for (const recorded of events) {
    if (recorded.revision !== revision + 1) {
      throw new Error(
        `${recorded.stream} has a hole: ${revision + 1} is missing, ${recorded.revision} is there`,
      );
    }
    ({ revision } = recorded);
    const { meta } = recorded;
    simulated = meta.simulated === true || (simulated && meta.recordedAt === recordedAt);
    ({ recordedAt } = meta);
    receipts.set(meta.commandId, { requestHash: meta.requestHash, revision, recordedAt });
  }
  return { state, revision, recordedAt, simulated, receipts };
}

/** A fold of what changes a state one event at a time. */
export const each =
  <S, R>(evolve: (state: S, recorded: R) => S) =>
  (state: S, events: readonly R[]): S =>
    events.reduce(evolve, state);

/** @param mine when this very request was recorded, if it may have reached the log */
function again(
  { stream, requestHash }: { stream: string; requestHash: string },
  done: Done,
  mine: string | undefined,
): Receipt {
  if (done.requestHash !== requestHash) refuse('key/reused');
  return { stream, revision: done.revision, repeated: done.recordedAt !== mine };
}

/** The checks in their fixed order, then the decision. Pure. */
export function decide<S extends Decided, E extends DomainEvent, F extends Facts>(
  { row, body, actor, seen }: Pick<Envelope<S, E, F>, 'row' | 'body' | 'actor' | 'seen'>,
  state: S,
  facts: F,
  revision = Infinity,
): E[] {
  permit(row, state, actor, facts, () => {
    // What is yet to come was not seen by anybody.
    if (seen !== undefined && (seen < state.basis || seen > revision))
      refuse('case/stale', { basis: state.basis });
  });
  return row.decide(body as never, state, facts, actor);
}

/** Whether it may be seen, role, then `stale`, then status and flags, then `may`: everything that can be said before the body is known. */
export function permit<S extends Decided, E extends DomainEvent, F extends Facts>(
  row: AnyRow<S, E, F>,
  state: S,
  actor: Actor,
  facts: F,
  stale: () => void = () => undefined,
): void {
  const begins = row.in.includes('new');
  const { unknown, begun, role, status } = row.says ?? OF_A_CASE;
  if (!begins && state.status === undefined) refuse(unknown);
  row.sees?.(state, actor, facts);
  if (!row.roles.includes(actor.role)) refuse(role);
  row.reach?.(state, actor, facts);
  stale();
  if (begins && state.status !== undefined && !row.in.includes(state.status)) refuse(begun);
  if (!row.in.includes(state.status ?? 'new')) refuse(status);
  for (const flag of state.flags) {
    if (!row.flags?.includes(flag)) refuse(`case/flag-${flag}` as 'case/flag-returnPending');
  }
  row.may?.(state, actor, facts);
}

function record<S extends Decided, E extends DomainEvent, F extends Facts>(
  envelope: Envelope<S, E, F>,
  events: readonly E[],
  facts: F,
  after: Loaded<S>,
): Recorded<E>[] {
  if (events.length === 0) throw new Error(`${envelope.row.command.name} decided nothing`);
  const { stream, commandId, requestHash, actor, about } = envelope;
  // A stream's time does not go back: what follows on a time that was not the real one is not in the real one either.
  const goesOn = facts.now > after.recordedAt;
  const recordedAt = goesOn ? facts.now : after.recordedAt;
  const simulated = facts.simulated === true || (!goesOn && after.simulated);
  const meta: Meta = {
    entryMode: 'live',
    causationId: commandId,
    ...about,
    recordedAt,
    commandId,
    requestHash,
    actor,
    ...(facts.policy !== undefined && { policy: facts.policy }),
    ...(facts.calendar !== undefined && { calendar: facts.calendar }),
    ...(simulated && { simulated }),
  };
  return events.map((event, n) => ({
    id: eventId(stream, commandId, n),
    stream,
    revision: after.revision + 1 + n,
    event,
    meta,
  }));
}

function asStored<E extends DomainEvent>(recorded: readonly Recorded<E>[]): NewEvent[] {
  const meta = storable(recorded[0]?.meta ?? {});
  return recorded.map(({ id, event: { type, ...data } }) => {
    const stored = { id, type, data: storable(data), meta };
    assertSize(stored);
    return stored;
  });
}
