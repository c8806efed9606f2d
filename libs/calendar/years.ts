import { type Day } from '../contracts/values.js';

const yearOf = (day: Day): number => Number(day.slice(0, 4));
const inYear = (day: Day, year: number): Day => `${String(year).padStart(4, '0')}${day.slice(4)}`;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** The same day so many years later: a time of whole years is over when it begins. Of 29 February, where there is none, 1 March. */
export function yearsAfter(day: Day, years: number): Day {
  const year = yearOf(day) + years;
  return day.endsWith('-02-29') && !isLeap(year) ? inYear('0000-03-01', year) : inYear(day, year);
}

/** The last day of which that is over on this one: `yearsAfter` of every later day lies ahead. */
export function yearsBefore(day: Day, years: number): Day {
  const year = yearOf(day) - years;
  return day.endsWith('-02-29') && !isLeap(year) ? inYear('0000-02-28', year) : inYear(day, year);
}
