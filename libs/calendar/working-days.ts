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

const time = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

export function addDays(day: Day, n: number): Day {
  return new Date(time(day) + n * MS_A_DAY).toISOString().slice(0, 10);
}

export function isWorkingDay(day: Day, calendar: WorkingCalendar): boolean {
  const weekday = new Date(time(day)).getUTCDay();
  const weekend = weekday === 0 || weekday === 6;
  return weekend ? calendar.moved.has(day) : !calendar.holidays.has(day);
}

/** The nth working day after a day: a deadline of n working days ends at 24:00 of it. */
export function addWorkingDays(day: Day, n: number, calendar: WorkingCalendar): Day {
  let left = n;
  let at = day;
  while (left > 0) {
    at = addDays(at, 1);
    if (isWorkingDay(at, calendar)) left--;
  }
  return at;
}

/** The day that an instant (ISO 8601) falls on in a time zone of the IANA database. */
export function dayIn(zone: string, instant: string): Day {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(zone, format);
  }
  return format.format(new Date(instant));
}

const formats = new Map<string, Intl.DateTimeFormat>();
