import { type Uuid } from '../../contracts/values.js';
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

/** Whose a text is, and everything of the stream that is the same holder's; nobody where no sealed text stands there. */
export async function holderAt(
  log: EventStore,
  stream: string,
  revision: number,
  field: string,
): Promise<{ holder: Uuid; taken: Taken[] } | undefined> {
  const events: StoredEvent[] = [];
  for (let full = true; full;) {
    const page = await log.read(stream, events.length, PAGE);
    events.push(...page);
    full = page.length === PAGE;
  }
  const event = events[revision];
  const sealed = event && sealedAt(dataOf(event), field);
  if (!sealed) return undefined;
  const { holder } = sealed;
  const taken = events.flatMap((one) =>
    sealedTexts(dataOf(one))
      .filter((text) => text.sealed.holder === holder)
      .map((text) => ({ revision: one.revision, type: one.type, field: text.field })),
  );
  return { holder, taken };
}

/** As it is stored: of no kind of stream more need be known. */
const dataOf = ({ data }: StoredEvent): object => JSON.parse(data) as object;
