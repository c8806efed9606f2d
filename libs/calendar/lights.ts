import { type Light, type Turns } from '../contracts/deadline.js';
import { type Day } from '../contracts/values.js';
import { addDays, firstWithLeft, type WorkingCalendar, workingDaysBetween } from './working-days.js';

/** What besides the due day decides a light. */
export interface Standing {
  /** Whether the deadline stands still. */
  suspended: boolean;
  /** The first day on which an unfinished stage of the plan is late; it may lie ahead. */
  stageLate?: Day;
  /** How many times the work was sent back. */
  failures: number;
}

/** Why a light is what it is. Days left count after today, up to and with the due day; days over after that. */
export type LightReason =
  | { code: 'working-days-left'; n: number }
  | { code: 'stage-late'; days: number }
  | { code: 'failures'; n: number }
  | { code: 'overdue'; days: number; workingDays: number }
  | { code: 'suspended' };

const BLUE = 5;
const YELLOW = 2;
const FAILURES = 2;
/** Earlier than any day of a case: what is so from there on is so already. */
const ALWAYS: Day = '1900-01-01';

/** The days at which the light turns; kept with the case, so that a day that passes rewrites nothing. */
export function turns(due: Day, calendar: WorkingCalendar, standing: Standing): Turns {
  const { suspended, stageLate, failures } = standing;
  if (suspended) return { blueFrom: null, yellowFrom: null, redFrom: null };
  const days = [firstWithLeft(YELLOW, due, calendar)];
  if (stageLate !== undefined) days.push(stageLate);
  if (failures >= FAILURES) days.push(ALWAYS);
  const yellowFrom = days.reduce((first, day) => (day < first ? day : first));
  return { blueFrom: firstWithLeft(BLUE, due, calendar), yellowFrom, redFrom: addDays(due, 1) };
}

/** The light of a day, from where it turns. */
export function lightFrom(today: Day, { blueFrom, yellowFrom, redFrom }: Turns): Light {
  if (redFrom === null) return 'grey';
  if (today >= redFrom) return 'red';
  if (yellowFrom !== null && today >= yellowFrom) return 'yellow';
  return blueFrom !== null && today >= blueFrom ? 'blue' : 'green';
}

/** The light of a day, and why: of several reasons the one that presses most. */
export function lightAt(
  today: Day,
  due: Day,
  calendar: WorkingCalendar,
  standing: Standing,
): { light: Light; reason: LightReason } {
  const light = lightFrom(today, turns(due, calendar, standing));
  return { light, reason: reasonOf(light, today, due, calendar, standing) };
}

function reasonOf(
  light: Light,
  today: Day,
  due: Day,
  calendar: WorkingCalendar,
  { stageLate, failures }: Standing,
): LightReason {
  if (light === 'grey') return { code: 'suspended' };
  if (light === 'red') {
    const workingDays = workingDaysBetween(due, today, calendar);
    return { code: 'overdue', days: daysBetween(due, today), workingDays };
  }
  const n = workingDaysBetween(today, due, calendar);
  if (light === 'yellow' && n > YELLOW) {
    if (stageLate !== undefined && today >= stageLate) {
      return { code: 'stage-late', days: daysBetween(stageLate, today) + 1 };
    }
    return { code: 'failures', n: failures };
  }
  return { code: 'working-days-left', n };
}

const daysBetween = (from: Day, to: Day): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
