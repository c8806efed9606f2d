import { type Division, type Register } from '../contracts/register.js';
import { type Named, type NameKind, type Names, namesOf } from './mapping/names.js';

type Known = Named & { names: string[] };

/** What the divisions, units and categories of a register are called. Each kind is gone through when it is asked for. */
export function registerNames(register: Register): Names {
  const made = new Map<NameKind, Names>();
  const known: Record<NameKind, () => Known[]> = {
    divisions: () => divisionsOf(register),
    units: () => unitsOf(register),
    categories: () =>
      Object.entries(register.policy.categories).map(([id, { title }]) => ({
        id,
        title,
        names: [title, id],
      })),
  };
  return (kind, name) => {
    const names = made.get(kind) ?? namesOf({ [kind]: known[kind]() });
    made.set(kind, names);
    return names(kind, name);
  };
}

function standing(register: Register): Division[] {
  const ids = new Set(register.roots.flatMap((root) => register.within(root)));
  return [...ids].flatMap((id) => register.division(id) ?? []);
}

/** By its own name, and with those it lies in before it; the name of one that was merged leads to what carries it on. */
function divisionsOf(register: Register): Known[] {
  return standing(register).map((division) => {
    const names = [division.name];
    for (let outer = above(division, register); outer; outer = above(outer, register))
      names.push(outer.name + (names.at(-1) ?? ''));
    return { id: present(division, register).id, title: names[1] ?? division.name, names };
  });
}

function unitsOf(register: Register): Known[] {
  return standing(register).flatMap(({ id }) =>
    register.unitsIn(id).map(({ name }) => ({ id, title: name, names: [name] })),
  );
}

function above({ parent }: Division, register: Register): Division | undefined {
  return parent === undefined ? undefined : register.division(parent);
}

function present(division: Division, register: Register): Division {
  const next = division.successor === undefined ? undefined : register.division(division.successor);
  return next ? present(next, register) : division;
}
