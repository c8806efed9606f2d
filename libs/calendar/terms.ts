import { type Deadline, type Term, type TermUnit } from '../contracts/deadline.js';
import { type Day } from '../contracts/values.js';
import { addDays, addWorkingDays, isPublished, type WorkingCalendar } from './working-days.js';

const UNITS: Readonly<Record<string, TermUnit>> = { wd: 'working-days', cd: 'calendar-days', m: 'months' };

/**
 * A term as policies write it: `30wd` working days, `60cd` calendar days, `6m` months; 1 to 999 of them.
 * @throws Error naming the text
 */
export function parseTerm(text: string): Term {
  const [, n, short = ''] = /^([1-9]\d{0,2})(wd|cd|m)$/.exec(text) ?? [];
  const unit = UNITS[short];
  if (!unit) throw new Error(`${JSON.stringify(text)} is no term: such as 30wd, 60cd or 6m`);
  return { n: Number(n), unit };
}

/** The last day of a term that begins with an act: the act's own day is not counted. */
export function endOf(start: Day, { n, unit }: Term, calendar: WorkingCalendar): Day {
  if (unit === 'working-days') return addWorkingDays(start, n, calendar);
  return unit === 'calendar-days' ? addDays(start, n) : addMonths(start, n);
}

/** @param ceiling where the term would end later, it ends on this day */
export function deadline(
  start: Day,
  term: Term,
  calendar: WorkingCalendar,
  basis: string,
  ceiling?: Day,
): Deadline {
  const end = endOf(start, term, calendar);
  const due = ceiling !== undefined && ceiling < end ? ceiling : end;
  const provisional = !isPublished(due, calendar);
  return { n: term.n, unit: term.unit, start, basis, ...(ceiling && { ceiling }), due, provisional };
}

/** The same day of the nth month after, or the last day of a month that is too short for it. */
function addMonths(day: Day, n: number): Day {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  // Day 0 of a month is the last of the one before; `month` counts from 1, so it already names the next.
  const last = new Date(Date.UTC(year, month + n, 0));
  last.setUTCDate(Math.min(date, last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}
