import { setTimeout as pause } from 'node:timers/promises';
import { type Page, type Position, Unavailable } from '../../eventing/store.js';
import { type Inflow } from './inflow.js';
import { isPassing } from './outcome.js';

/** Milliseconds after which "more is there" is taken back when nothing has come. */
const QUIET = 100;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;

export interface Source {
  /** @throws Unavailable */
  open: (after: Position | undefined, signal: AbortSignal) => Promise<Inflow>;
  /** Told each time the line was lost and is taken up again. */
  onDrop: (reason: Error | undefined) => void;
}

/**
 * The whole log in pages, over as many subscriptions as it takes: each goes on behind the last event or checkpoint
 * that was given. Stopping ends a page that is still waited for, which a generator's own `return` would not.
 */
export function following(
  source: Source,
  after: Position | undefined,
  signals: AbortSignal[],
): AsyncIterable<Page> {
  return {
    [Symbol.asyncIterator]() {
      const stop = new AbortController();
      const pages = pagesOf(source, after, AbortSignal.any([...signals, stop.signal]));
      return {
        next: () => pages.next(),
        return: () => {
          stop.abort();
          return pages.return(undefined);
        },
      };
    },
  };
}

/** What was given last. */
interface Given {
  position: Position | undefined;
  /** Whether more was promised. */
  more: boolean;
}

async function* pagesOf(
  source: Source,
  after: Position | undefined,
  signal: AbortSignal,
): AsyncGenerator<Page, undefined, undefined> {
  const given: Given = { position: after, more: false };
  for (let failures = 0; !signal.aborted; failures++) {
    const before = given.position;
    const reason = yield* untilDropped(source, given, signal);
    if (isStopped(signal)) break;
    source.onDrop(reason);
    if (given.more && given.position !== undefined) yield { events: [], next: given.position, more: false };
    given.more = false;
    if (given.position !== before) failures = 0;
    const ms = Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE);
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** The pages of one subscription; returns why it ended. */
async function* untilDropped(
  source: Source,
  given: Given,
  signal: AbortSignal,
): AsyncGenerator<Page, Error | undefined, undefined> {
  let inflow: Inflow;
  try {
    inflow = await source.open(given.position, signal);
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
  try {
    while (!inflow.over) {
      const page = await pageOf(inflow, given);
      if (isStopped(signal)) return undefined;
      if (!page) continue;
      given.position = page.next;
      given.more = page.more;
      yield page;
    }
  } finally {
    inflow.close();
  }
  const { failure } = inflow;
  if (failure === undefined || isPassing(failure)) return failure;
  throw new Unavailable(`EventStoreDB refuses to be followed: ${failure.message}`, { cause: failure });
}

function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The next page, or nothing where there is nothing to say. */
async function pageOf(inflow: Inflow, given: Given): Promise<Page | undefined> {
  const { events, reached, quiet } = await inflow.take(given.more ? QUIET : undefined);
  // Older servers never say that they have caught up: their silence says it.
  if (quiet) inflow.live = true;
  const more = !inflow.over && (inflow.pending || !inflow.live);
  const next = reached ?? given.position;
  if (next === undefined || (reached === undefined && (more || !given.more))) return undefined;
  return { events, next, more };
}
