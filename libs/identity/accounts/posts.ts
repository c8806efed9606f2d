import { type Caller } from '../../contracts/envelope.js';
import { type Register } from '../../contracts/register.js';
import { type Role } from '../../contracts/roles.js';
import { type PersonId, type UnitId } from '../../contracts/values.js';

/** A post that somebody can act in now: their own, or one of somebody else's that they fill. */
export interface Post {
  unit: UnitId;
  unitName: string;
  role: Role;
  onBehalfOf?: PersonId;
}

/** As of the register's day; their own first. One that is both is their own. */
export function postsOf(register: Register, person: PersonId): Post[] {
  const { appointments = [], delegations = [] } = register.person(person) ?? {};
  const named = (unit: UnitId): string => register.unit(unit)?.name ?? unit;
  const all: Post[] = [
    ...appointments.map(({ unit, role }) => ({ unit, unitName: named(unit), role })),
    ...delegations.map(({ unit, role, from }) => ({ unit, unitName: named(unit), role, onBehalfOf: from })),
  ];
  return all.filter((post, n) => n === all.findIndex((one) => isSame(one, post)));
}

const isSame = (one: Pick<Post, 'unit' | 'role'>, other: Pick<Post, 'unit' | 'role'>): boolean =>
  one.unit === other.unit && one.role === other.role;

/** Who somebody is in a post; nobody where they do not hold it today. */
export function callerIn(
  register: Register,
  { person, unit, role }: { person: PersonId; unit: UnitId; role: Role },
): Caller | undefined {
  const { appointments = [], delegations = [] } = register.person(person) ?? {};
  const post = { unit, role };
  if (appointments.some((one) => isSame(one, post))) return { person, unit, role, via: 'http' };
  const onBehalfOf = delegations.find((one) => isSame(one, post))?.from;
  return onBehalfOf === undefined ? undefined : { person, unit, role, onBehalfOf, via: 'http' };
}
