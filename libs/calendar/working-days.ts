import { type Day } from '../contracts/values.js';

/** A version of the working days: Monday to Friday, but for the days named. */
export interface WorkingCalendar {
  /** Such as `weekdays@1`. */
  id: string;
  /** Days off between Monday and Friday. */
  holidays: ReadonlySet<Day>;
  /** Saturdays and Sundays that are worked. */
  moved: ReadonlySet<Day>;
}

const MS_A_DAY = 86_400_000;

/** Days since 1 January 1970, which was a Thursday. */
const numberOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / MS_A_DAY;
const dayOf = (number: number): Day => new Date(number * MS_A_DAY).toISOString().slice(0, 10);

export function addDays(day: Day, n: number): Day {
  return dayOf(numberOf(day) + n);
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

function works(number: number, { moved, holidays }: WorkingCalendar): boolean {
  const weekday = (number + 4) % 7;
  const weekend = weekday === 0 || weekday === 6;
  const exceptions = weekend ? moved : holidays;
  // Most calendars name few days, and some none: a day is written out only to be looked up.
  return (exceptions.size > 0 && exceptions.has(dayOf(number))) !== !weekend;
}

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
