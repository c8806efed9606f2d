import { type RegisterKind } from '../contracts/register-events.js';
import { persons } from './people/people.js';
import { divisions, units } from './places.js';
import { batches, calendars, policies, sources } from './policy/rules.js';
import { type AnyRegisterRow } from './table.js';

/** Every command on the register. */
export const registerCommands: readonly AnyRegisterRow[] = [
  ...divisions,
  ...units,
  ...persons,
  ...policies,
  ...calendars,
  ...sources,
  ...batches,
];

/** Those with an address of their own: routes and OpenAPI are made from them. */
export const addressed: readonly AnyRegisterRow[] = registerCommands.filter(({ byDraft }) => !byDraft);

/** Each kind as its address has it. */
export const ADDRESSES: Readonly<Record<RegisterKind, string>> = {
  division: 'divisions',
  unit: 'units',
  person: 'persons',
  policy: 'policies',
  calendar: 'calendars',
  source: 'sources',
  batch: 'batches',
};

/** `AppointPerson` → `appoint-person`. */
export const pathOf = ({ command }: AnyRegisterRow): string =>
  command.name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();

export function rowAt(kind: string, path: string): AnyRegisterRow | undefined {
  return addressed.find((row) => ADDRESSES[row.kind] === kind && pathOf(row) === path);
}

const byClass = new Map<unknown, AnyRegisterRow>(registerCommands.map((row) => [row.command, row]));

export function rowOf(body: object): AnyRegisterRow {
  const row = byClass.get(body.constructor);
  if (!row) throw new Error(`${body.constructor.name} is no command on the register`);
  return row;
}
