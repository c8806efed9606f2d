import { type Caller } from '../contracts/envelope.js';
import { type Division, type Person, type Register, type Unit } from '../contracts/register.js';
import { ADMINISTRATORS } from '../contracts/roles.js';

/** An entry as it is told to somebody. */
export type Shown = Division | Unit | (Omit<Person, 'name'> & { name?: string });

export interface Listed {
  rows: Shown[];
  /** Where the next page begins. */
  after?: string;
}

export function entryShown(
  kind: 'division' | 'unit' | 'person',
  id: string,
  register: Register,
  caller: Caller,
): Shown | undefined {
  if (kind === 'division') return register.division(id);
  if (kind === 'unit') return register.unit(id);
  const person = register.person(id);
  if (!person || mayKnow(person, caller)) return person;
  const { name: _, ...rest } = person;
  return rest;
}

/** What somebody is called is told to administrators and to those of the same unit. */
function mayKnow({ id, appointments, delegations }: Person, { person, unit, role }: Caller): boolean {
  return (
    id === person ||
    (ADMINISTRATORS as readonly string[]).includes(role) ||
    [...appointments, ...delegations].some((post) => post.unit === unit)
  );
}

const sorted = new WeakMap<ReadonlyMap<string, unknown>, string[]>();

/** A page of entries by id, of those that there are today. */
export function listed(
  docs: ReadonlyMap<string, unknown>,
  after: string | undefined,
  limit: number,
  shown: (id: string) => Shown | undefined,
): Listed {
  let ids = sorted.get(docs);
  // Put in order once for each state of the register: there are tens of thousands.
  if (!ids) sorted.set(docs, (ids = [...docs.keys()].sort()));
  const rows: Shown[] = [];
  for (let n = after === undefined ? 0 : behind(ids, after); n < ids.length; n++) {
    const row = shown(ids[n] ?? '');
    if (row && rows.length === limit) return { rows, after: rows.at(-1)?.id ?? '' };
    if (row) rows.push(row);
  }
  return { rows };
}

/** The first place behind an id, there or not. */
function behind(ids: readonly string[], after: string): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
