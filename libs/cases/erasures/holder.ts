import { isUuid, type Uuid } from '../../contracts/values.js';
import { type StoredEvent } from '../../eventing/event.js';
import { type EventStore } from '../../eventing/store.js';
import { sealedAt, sealedTexts } from '../shown.js';

const PAGE = 500;

/** Something that one erasure takes along. */
export interface Taken {
  revision: number;
  type: string;
  field: string;
}

/** All that ever happened in a stream. */
export async function eventsOf(log: EventStore, stream: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let full = true; full;) {
    const page = await log.read(stream, events.length, PAGE);
    events.push(...page);
    full = page.length === PAGE;
  }
  return events;
}

/** Whose a text or a file is, and everything of the stream that is the same holder's; nobody where nothing sealed stands there. */
export async function holderAt(
  log: EventStore,
  stream: string,
  revision: number,
  field: string,
): Promise<{ holder: Uuid; taken: Taken[] } | undefined> {
  const events = await eventsOf(log, stream);
  const event = events[revision];
  const holder =
    event &&
    (sealedAt(dataOf(event), field)?.holder ??
      filesIn(dataOf(event)).find((one) => one.field === field)?.holder);
  if (holder === undefined) return undefined;
  const taken = events.flatMap((one) =>
    [
      ...sealedTexts(dataOf(one)).map((text) => ({ field: text.field, holder: text.sealed.holder })),
      ...filesIn(dataOf(one)),
    ]
      .filter((found) => found.holder === holder)
      .map((found) => ({ revision: one.revision, type: one.type, field: found.field })),
  );
  return { holder, taken };
}

/** Files with people in them, each with its path: an event names whose key seals the content. */
function filesIn(value: unknown, field = ''): { field: string; holder: Uuid }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { holder, receipt } = value as { holder?: unknown; receipt?: unknown };
  if (isUuid(holder) && isUuid(receipt)) return [{ field, holder }];
  return Object.entries(value).flatMap(([name, part]) =>
    filesIn(part, field === '' ? name : `${field}.${name}`),
  );
}

/** As it is stored: of no kind of stream more need be known. */
export const dataOf = ({ data }: StoredEvent): object => JSON.parse(data) as object;
