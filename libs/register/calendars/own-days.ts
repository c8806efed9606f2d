import { Validate, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';
import { layered } from '../../calendar/working-days.js';
import { type CalendarVersion } from '../../contracts/register.js';
import { type Day, type DivisionId, isDay, isId } from '../../contracts/values.js';

/** What a division has of its own on top of the working days that it would have without. */
export interface OwnDays {
  holidays?: Day[];
  moved?: Day[];
}

/** Each division's own days. */
export const AreOwnDays = (): PropertyDecorator => Validate(OwnDaysConstraint);

@ValidatorConstraint({ name: 'ownDays' })
class OwnDaysConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return isObject(value) && Object.entries(value).every(([id, days]) => isId(id) && areOwnDays(days));
  }

  defaultMessage(): string {
    return '$property must say `holidays` and `moved` of each division, in lists of days that exist';
  }
}

function areOwnDays(value: unknown): boolean {
  const lists = isObject(value) ? Object.entries(value) : [];
  return (
    lists.length > 0 &&
    lists.every(
      ([name, days]) =>
        ['holidays', 'moved'].includes(name) &&
        Array.isArray(days) &&
        (days as unknown[]).every((day) => typeof day === 'string' && isDay(day)),
    )
  );
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The working days of any division: its own days go first, then those of the division it lies in, and so on.
 * @param above the division in which one lies
 * @throws Error naming the division whose day is both off and worked
 */
export function calendarsOf(
  base: CalendarVersion,
  own: Readonly<Record<DivisionId, OwnDays>>,
  above: (division: DivisionId) => DivisionId | undefined,
): (division: DivisionId) => CalendarVersion {
  const made = new Map<DivisionId, CalendarVersion>();
  const calendarOf = (division: DivisionId | undefined): CalendarVersion => {
    if (division === undefined) return base;
    const days = Object.hasOwn(own, division) ? own[division] : undefined;
    if (!days) return calendarOf(above(division));
    let calendar = made.get(division);
    if (!calendar) {
      calendar = layered(calendarOf(above(division)), `${base.id}/${division}`, days);
      made.set(division, calendar);
    }
    return calendar;
  };
  for (const division of Object.keys(own)) calendarOf(division);
  return calendarOf;
}
