import { caseEvents, type CaseEvent } from '../../contracts/case-events.js';
import { decoder } from '../../eventing/decode.js';
import { type Recorded, type StoredEvent } from '../../eventing/event.js';
import { type EventStore, type Feed } from '../../eventing/store.js';

/** A log that tells nothing for this long has told all, in milliseconds. */
const SILENCE_MS = 10_000;
const PAGE = 500;

export type CaseRecorded = Recorded<CaseEvent>;

const decode = decoder<CaseEvent>(caseEvents);

/** Every event of every case that is in the log now, in the order of the log. @throws Unavailable */
export async function* eventsOfCases(feed: Feed): AsyncGenerator<CaseRecorded> {
  for await (const stored of stores(feed)) yield decode(stored);
}

/** The events of each case, in the order in which the cases began. @throws Unavailable */
export async function* casesOf(log: EventStore & Feed): AsyncGenerator<AsyncGenerator<CaseRecorded>> {
  for await (const { stream, revision } of stores(log)) if (revision === 0) yield eventsIn(log, stream);
}

async function* eventsIn(store: EventStore, stream: string): AsyncGenerator<CaseRecorded> {
  for (let from = 0; ; from += PAGE) {
    const page = await store.read(stream, from, PAGE);
    for (const stored of page) yield decode(stored);
    if (page.length < PAGE) return;
  }
}

async function* stores(feed: Feed): AsyncGenerator<StoredEvent> {
  const enough = new AbortController();
  // An empty log would be waited for without end.
  const silent = setTimeout(() => {
    enough.abort();
  }, SILENCE_MS);
  try {
    for await (const { events, more } of feed.follow(undefined, enough.signal, ['case-'])) {
      silent.refresh();
      yield* events;
      if (!more) return;
    }
  } finally {
    clearTimeout(silent);
    enough.abort();
  }
}
