import { type AccessDayClosed, accessEvents } from '../../contracts/access.js';
import { refuse } from '../../contracts/refusal.js';
import { type Day } from '../../contracts/values.js';
import { decoder } from '../../eventing/decode.js';
import { type Recorded } from '../../eventing/event.js';
import { type Decided, each, type Facts, Handler, type Row } from '../../eventing/handle.js';
import { type EventStore } from '../../eventing/store.js';
import { type AccessLog, type DayOfLog } from './access-log.js';

/** The one stream of days. */
export const DAYS = 'access-days';
const PAGE = 500;

export interface DaysState extends Decided {
  status: 'begun' | undefined;
  /** The last day that was closed, and the number of its last entry. */
  closed: { day: Day; last: number } | undefined;
}

export const noDays: DaysState = { status: undefined, flags: new Set(), basis: -1, closed: undefined };

/** Puts the root of a day that is over into the log. Given by the clock only. */
export class CloseAccessDay {
  readonly type = 'CloseAccessDay';
  constructor(readonly of: DayOfLog) {}
}

export const closing: Row<DaysState, CloseAccessDay, AccessDayClosed, Facts> = {
  command: CloseAccessDay as new () => CloseAccessDay,
  roles: ['clock'],
  in: ['new', 'begun'],
  decide: ({ of }, { closed }) => {
    if (closed && (of.day <= closed.day || of.last <= closed.last)) refuse('case/status');
    return [{ type: 'AccessDayClosed', ...of }];
  },
};

export function evolveDays(state: DaysState, { event, revision }: Recorded<AccessDayClosed>): DaysState {
  const { day, last } = event;
  return { ...state, status: 'begun', basis: revision, closed: { day, last } };
}

const decode = decoder<AccessDayClosed>(accessEvents);

/** The stream of days that are closed. */
export class AccessDays extends Handler<DaysState, AccessDayClosed, Facts> {
  constructor(store: EventStore) {
    super(store, { initial: noDays, decode, fold: each(evolveDays) }, 1);
  }
}

/** The first closed day whose root is not what stands in the log of accesses: even its newest entries cannot be taken away unseen. */
export async function dayThatDiffers(
  store: Pick<EventStore, 'read'>,
  log: AccessLog,
): Promise<Day | undefined> {
  for (let from = 0; ; from += PAGE) {
    const stored = await store.read(DAYS, from, PAGE);
    for (const { event } of stored.map(decode))
      if ((await log.hashAt(event.last)) !== event.root) return event.day;
    if (stored.length < PAGE) return undefined;
  }
}
