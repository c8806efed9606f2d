import { type Day } from '../contracts/values.js';

/** A version of the working days: Monday to Friday, but for the days named. */
export interface WorkingCalendar {
  /** Such as `weekdays@1`. */
  id: string;
  /** Days off between Monday and Friday. */
  holidays: ReadonlySet<Day>;
  /** Saturdays and Sundays that are worked. */
  moved: ReadonlySet<Day>;
  /** The last published day; what lies beyond may still change. Without it nothing does. */
  until?: Day;
}

const MS_A_DAY = 86_400_000;
/** Days whose text is kept: thirty years. */
const MOST_KEPT = 11_000;

/** Days since 1 January 1970, which was a Thursday. */
const numberOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / MS_A_DAY;
const dayOf = kept((number: number): Day => new Date(number * MS_A_DAY).toISOString().slice(0, 10));

/** Every command works its deadlines out, and all of them fall into a few years: written once, a day is kept. */
function kept(write: (number: number) => Day): (number: number) => Day {
  const days = new Map<number, Day>();
  return (number) => {
    let day = days.get(number);
    if (day === undefined) {
      if (days.size >= MOST_KEPT) days.clear();
      days.set(number, (day = write(number)));
    }
    return day;
  };
}

export function addDays(day: Day, n: number): Day {
  return dayOf(numberOf(day) + n);
}

/** Whether the day's being worked is settled, and not only Monday to Friday until a notice says otherwise. */
export function isPublished(day: Day, { until }: WorkingCalendar): boolean {
  return until === undefined || day <= until;
}

/**
 * A calendar with the days of a division on top of it: what the division says of a day goes first.
 * @throws Error naming a day that is said to be both off and worked
 */
export function layered(
  base: WorkingCalendar,
  id: string,
  { holidays = [], moved = [] }: { holidays?: readonly Day[]; moved?: readonly Day[] },
): WorkingCalendar {
  const off = new Set(holidays);
  const worked = new Set(moved);
  for (const day of off) if (worked.has(day)) throw new Error(`${id} has ${day} off and worked`);
  return {
    ...base,
    id,
    holidays: new Set([...base.holidays, ...off].filter((day) => !worked.has(day))),
    moved: new Set([...base.moved, ...worked].filter((day) => !off.has(day))),
  };
}

export function isWorkingDay(day: Day, calendar: WorkingCalendar): boolean {
  return works(numberOf(day), calendar);
}

/** The nth working day after a day: a deadline of n working days ends at 24:00 of it. */
export function addWorkingDays(day: Day, n: number, calendar: WorkingCalendar): Day {
  let at = numberOf(day);
  for (let left = n; left > 0;) if (works(++at, calendar)) left--;
  return dayOf(at);
}

/** The first day with no more than so many working days left up to and with another: counting back, the day of the next one. */
export function firstWithLeft(most: number, upTo: Day, calendar: WorkingCalendar): Day {
  let at = numberOf(upTo);
  for (let left = most; !works(at, calendar) || left-- > 0;) at--;
  return dayOf(at);
}

/** How many working days lie after a day, up to and with another that is not earlier. */
export function workingDaysBetween(after: Day, upTo: Day, { holidays, moved }: WorkingCalendar): number {
  if (upTo <= after) return 0;
  // Lists ask this for each case, some of them years late: days are not walked through.
  let n = weekdaysTo(numberOf(upTo)) - weekdaysTo(numberOf(after));
  for (const day of holidays) if (day > after && day <= upTo && !isWeekend(numberOf(day))) n--;
  for (const day of moved) if (day > after && day <= upTo && isWeekend(numberOf(day))) n++;
  return n;
}

/** 1 January 1900: no day of the program lies before it, and it was a Monday. */
const MONDAY = -25_567;
const isWeekend = (number: number): boolean => (number - MONDAY) % 7 > 4;

/** Mondays to Fridays from that Monday up to and with a day. */
function weekdaysTo(number: number): number {
  const days = number - MONDAY + 1;
  return Math.floor(days / 7) * 5 + Math.min(days % 7, 5);
}

function works(number: number, calendar: WorkingCalendar): boolean {
  const weekend = isWeekend(number);
  let named = exceptions.get(calendar);
  if (!named)
    exceptions.set(calendar, (named = { off: numbers(calendar.holidays), worked: numbers(calendar.moved) }));
  return weekend ? named.worked.has(number) : !named.off.has(number);
}

/** The days that a version names, as numbers: every deadline walks over days, and a version does not change. */
const exceptions = new WeakMap<WorkingCalendar, { off: ReadonlySet<number>; worked: ReadonlySet<number> }>();
const numbers = (days: ReadonlySet<Day>): ReadonlySet<number> => new Set([...days].map(numberOf));

/** The day that an instant (ISO 8601 UTC) falls on in a time zone of the IANA database. */
export function dayIn(zone: string, instant: string): Day {
  let days = zones.get(zone);
  if (!days) zones.set(zone, (days = new DaysIn(zone)));
  return days.of(instant);
}

const zones = new Map<string, DaysIn>();

/** Days begin on a full minute everywhere: within one, only the first question is worked out. */
class DaysIn {
  readonly #format: Intl.DateTimeFormat;
  #minute = '';
  #day: Day = '';

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    });
  }

  of(instant: string): Day {
    const minute = instant.slice(0, 'yyyy-mm-ddThh:mm'.length);
    if (minute !== this.#minute) {
      this.#day = this.#format.format(new Date(instant));
      this.#minute = minute;
    }
    return this.#day;
  }
}
