import { deepStrictEqual } from 'node:assert';
import { Refusal, type RefusalCode, type RefusalDetails } from '../contracts/refusal.js';
import { storable } from './canonical.js';
import { type Actor, type DomainEvent, type StoredEvent } from './event.js';
import { type AnyRow, decide, type Decided, type Facts, type Kind } from './handle.js';

/** What was done, by whom: an event of the past and its actor. */
export interface Past<E extends DomainEvent> {
  event: E;
  actor: Actor;
  at: string;
}

/** Who commands, and what the decision knows besides the stream. */
export interface Circumstances<F extends Facts> {
  actor: Actor;
  facts: F;
  /** The revision the caller has seen, where one is asked for. */
  seen?: number;
}

/**
 * Given what happened, when somebody commands, then this is decided: specs that read like the regulation. The past is
 * read as the log would give it back, and what is decided is compared as the log would keep it.
 */
export function specification<S extends Decided, E extends DomainEvent, F extends Facts>(
  kind: Kind<S, E>,
  rowOf: (body: object) => AnyRow<S, E, F>,
  codesOf: (body: object) => readonly RefusalCode[],
) {
  return (...past: readonly Past<E>[]) => {
    const state = kind.fold(
      kind.initial,
      past.map((done, revision) => kind.decode(storedOf(done, revision))),
    );
    return {
      state,
      when: (body: object, { actor, facts, seen }: Circumstances<F>) => {
        const outcome = attempt(() => decide({ row: rowOf(body), body, actor, seen }, state, facts));
        if (outcome instanceof Refusal && ![...codesOf(body), 'input/invalid'].includes(outcome.code)) {
          throw new Error(
            `${body.constructor.name} refuses with ${outcome.code}, which its row does not say`,
          );
        }
        return {
          outcome,
          then: (...events: E[]) => {
            if (outcome instanceof Refusal) throw outcome;
            deepStrictEqual(outcome.map(kept), events.map(kept));
          },
          /** @param details those that are given must be told beside the code */
          refused: (code: RefusalCode, details: RefusalDetails = {}) => {
            const told: RefusalDetails = outcome instanceof Refusal ? outcome.details : {};
            const names = Object.keys(details) as (keyof RefusalDetails)[];
            deepStrictEqual(outcome instanceof Refusal ? outcome.code : outcome.map(kept), code);
            deepStrictEqual(Object.fromEntries(names.map((name) => [name, told[name]])), details);
          },
          /** Exactly these fields are wrong. */
          invalid: (...fields: string[]) => {
            deepStrictEqual(
              outcome instanceof Refusal
                ? outcome.details.errors?.map(({ field }) => field)
                : outcome.map(kept),
              fields,
            );
          },
        };
      },
    };
  };
}

function kept({ type, ...data }: DomainEvent): { type: string; data: unknown } {
  return { type, data: JSON.parse(storable(data)) };
}

function storedOf<E extends DomainEvent>(
  { event: { type, ...data }, actor, at }: Past<E>,
  revision: number,
): StoredEvent {
  const meta = {
    recordedAt: at,
    commandId: `command-${revision}`,
    requestHash: '',
    correlationId: '',
    causationId: `command-${revision}`,
    actor,
    entryMode: 'live',
  };
  const id = `event-${revision}`;
  return { id, stream: 'case-1', revision, type, data: storable(data), meta: storable(meta) };
}

function attempt<T>(act: () => T): T | Refusal {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
