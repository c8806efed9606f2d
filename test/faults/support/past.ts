import { randomUUID } from 'node:crypto';
import { streamOf } from '../../../libs/cases/commands.js';
import { storable } from '../../../libs/eventing/canonical.js';
import { type NewEvent } from '../../../libs/eventing/event.js';
import { eventId } from '../../../libs/eventing/ids.js';
import { type EventStore } from '../../../libs/eventing/store.js';
import { type PastEvent } from '../../support/cases.js';

/** What happened to a case, put into the log as it stands in the specs. */
export async function happened(log: EventStore, caseId: string, past: readonly PastEvent[]): Promise<void> {
  const events = past.map(({ event: { type, ...data }, actor, at }, revision): NewEvent => {
    const meta = {
      ...{ recordedAt: at, commandId: randomUUID(), requestHash: '', correlationId: randomUUID() },
      ...{ causationId: randomUUID(), actor, entryMode: 'live' },
    };
    const id = eventId(streamOf(caseId), meta.commandId, revision);
    return { id, type, data: storable(data), meta: storable(meta) };
  });
  await log.append(streamOf(caseId), -1, events);
}
