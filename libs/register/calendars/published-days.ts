import { createRequire } from 'node:module';
import { isWorkingDay, type WorkingCalendar } from '../../calendar/working-days.js';
import { type Day } from '../../contracts/values.js';

/** The day that the notice of every year names last: where it stands, the year is published. */
const NATIONAL_DAY = '-10-01';
const WEEKDAYS: WorkingCalendar = { id: 'weekdays@1', holidays: new Set(), moved: new Set() };

/** What the State Council's yearly notices say of the days from `from` to `until`, both included. */
export interface PublishedDays {
  /** Days off between Monday and Friday, ascending. */
  holidays: Day[];
  /** Saturdays and Sundays that are worked (调休), ascending. */
  moved: Day[];
  from: Day;
  until: Day;
}

/** Read from the package chinese-days: its list only, none of its code runs. */
export function publishedDays(): PublishedDays {
  const { holidays, workdays } = createRequire(import.meta.url)('chinese-days/dist/chinese-days.json') as {
    holidays: Record<Day, string>;
    workdays: Record<Day, string>;
  };
  const off = Object.keys(holidays).sort();
  const years = off.filter((day) => day.endsWith(NATIONAL_DAY)).map((day) => day.slice(0, 'yyyy'.length));
  return {
    holidays: off.filter((day) => isWorkingDay(day, WEEKDAYS)),
    moved: Object.keys(workdays).sort(),
    from: `${years[0] ?? ''}-01-01`,
    until: `${years.at(-1) ?? ''}-12-31`,
  };
}
