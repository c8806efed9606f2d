import { type Day } from '../contracts/values.js';
import { addDays, type WorkingCalendar } from './working-days.js';

/** The next year's days must be there so many days before the last published day. */
const AHEAD = 60;

/** What whoever starts the program should know of its working days: nothing where all of them are settled. */
export function calendarNotice({ id, until }: WorkingCalendar, today: Day): string[] {
  if (until === undefined) return [];
  const said = [`Working days are published up to ${until} (${id}).`];
  if (today > until) {
    said.push('Warning: that day has passed. Terms count Monday to Friday until newer days are published.');
  } else if (addDays(today, AHEAD) >= until) {
    said.push('Warning: that is soon. Terms that end later are provisional: look for newer published days.');
  }
  return said;
}
