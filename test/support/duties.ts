import { type CaseState } from '../../libs/cases/case-state.js';
import { withDuties as complete } from '../../libs/cases/duties.js';
import { fold } from '../../libs/cases/state.js';
import { type CaseFacts } from '../../libs/cases/table.js';
import { type CaseEvent } from '../../libs/contracts/case-events.js';
import { type Actor, type Recorded } from '../../libs/eventing/event.js';

/** What a decision comes to once its duties are with it. */
export function withDuties(
  events: readonly CaseEvent[],
  before: CaseState,
  facts: CaseFacts,
  actor: Actor,
): CaseEvent[] {
  const recorded = events.map((event) => decided(event, facts, actor));
  return complete(recorded, fold(before, recorded), facts).events.map(({ event }) => event);
}

function decided(event: CaseEvent, { now }: CaseFacts, actor: Actor): Recorded<CaseEvent> {
  const meta = { recordedAt: now, commandId: '', requestHash: '', correlationId: '', causationId: '' };
  return { id: '', stream: '', revision: 0, event, meta: { ...meta, actor, entryMode: 'live' } };
}
