import { deepStrictEqual } from 'node:assert';
import { Refusal, type RefusalCode } from '../contracts/refusal.js';
import { type DomainEvent, type Actor, type Recorded } from './event.js';
import { type Decided, type Facts, type Kind, type AnyRow, decide } from './handle.js';

/** What was done, by whom: an event of the past and its actor. */
export interface Past<E extends DomainEvent> {
  event: E;
  actor: Actor;
  at: string;
}

/** Given what happened, when somebody commands, then this is decided: specs that read like the regulation. */
export function specification<S extends Decided, E extends DomainEvent, F extends Facts>(kind: Kind<S, E>) {
  return (...past: Past<E>[]) => {
    const state = past.reduce(
      (folded, done, revision) => kind.evolve(folded, recordedOf(done, revision)),
      kind.initial,
    );
    return {
      state,
      when: (row: AnyRow<S, E, F>, body: object, actor: Actor, facts: F, seen?: number) => {
        const outcome = attempt(() => decide({ row, body, actor, seen }, state, facts));
        return {
          outcome,
          then: (...events: E[]) => {
            if (outcome instanceof Refusal) throw outcome;
            deepStrictEqual(outcome, events);
          },
          refused: (code: RefusalCode) => {
            deepStrictEqual(outcome instanceof Refusal ? outcome.code : outcome, code);
          },
        };
      },
    };
  };
}

function recordedOf<E extends DomainEvent>({ event, actor, at }: Past<E>, revision: number): Recorded<E> {
  const id = `event-${revision}`;
  const meta = {
    recordedAt: at,
    commandId: `command-${revision}`,
    requestHash: '',
    correlationId: '',
    causationId: '',
    actor,
    entryMode: 'live' as const,
  };
  return { id, stream: 'case-1', revision, event, meta };
}

function attempt<T>(act: () => T): T | Refusal {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
