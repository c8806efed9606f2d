import { lightFrom } from '../../calendar/lights.js';
import { type DutyName, type Light } from '../../contracts/deadline.js';
import { type LedgerRow, type ListedRow } from '../../contracts/ledger.js';
import { type Day } from '../../contracts/values.js';

/** From the one that presses most. */
const PRESSING: readonly Light[] = ['red', 'yellow', 'blue', 'grey', 'green'];

/** A row as it looks on a day: the row itself, as a copy of its hundred columns costs as much as to read it. */
export function lookedAt<R extends LedgerRow>(row: R, today: Day): R & ListedRow {
  const heldDays = Math.max(
    0,
    Math.floor((Date.parse(today) - Date.parse(row.heldSince.slice(0, 10))) / DAY),
  );
  return Object.assign(row, lightOf(row, today), { heldDays });
}

const DAY = 86_400_000;

/** The light of the duty that presses most: the same as the filter `light` finds it by. */
function lightOf(
  { open, duties, flags, redFrom }: LedgerRow,
  today: Day,
): { light: Light | null; lightOf: DutyName | null } {
  if (!open) return { light: null, lightOf: null };
  const lit = Object.entries(duties).map(([name, duty]) => ({
    light: lightFrom(today, duty),
    lightOf: name as DutyName,
    due: duty.due,
  }));
  // A duty that stands still is grey only where no other runs.
  const running = lit.filter(({ light }) => light !== 'grey');
  if (running.length === 0) {
    const still = redFrom === null && flags.includes('suspended');
    return { light: still ? 'grey' : 'green', lightOf: lit[0]?.lightOf ?? null };
  }
  const [most] = running.sort(
    (a, b) => PRESSING.indexOf(a.light) - PRESSING.indexOf(b.light) || (a.due < b.due ? -1 : 1),
  );
  return { light: most?.light ?? null, lightOf: most?.lightOf ?? null };
}
