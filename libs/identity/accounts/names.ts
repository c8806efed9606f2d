import { type Register } from '../../contracts/register.js';

/** A shorter word stands in many that are none; of characters that are words, two are enough. */
const LETTERS = 3;

/** Words of the divisions and units that there are: their names, and their ids piece by piece. */
export function namesOf(register: Register): string[] {
  const names = new Set<string>();
  const add = ({ id, name }: { id: string; name: string }): void => {
    for (const one of [name, ...id.split(/[^\p{L}]+/u), ...name.split(/[^\p{L}]+/u)]) {
      if (one.length >= (/[a-z]/i.test(one) ? LETTERS : 2)) names.add(one);
    }
  };
  for (const root of register.roots) {
    for (const id of register.within(root)) {
      const division = register.division(id);
      if (division) add(division);
      register.unitsIn(id).forEach(add);
    }
  }
  return [...names];
}
