import { isDay } from '../../contracts/values.js';
import { type Faults, type Node } from './faults.js';
import { type Kind, type Value } from './targets.js';

export type Keys = ReadonlyMap<unknown, Node>;

const IS: Readonly<Record<Kind, { of: (node: Node) => boolean; said: string }>> = {
  text: { of: isText, said: 'a text (numbers stand in quotes)' },
  texts: {
    of: (node) => Array.isArray(node) && node.length > 0 && node.every(isText),
    said: 'a list of texts',
  },
  day: { of: (node) => typeof node === 'string' && isDay(node), said: 'a day as YYYY-MM-DD' },
  whole: { of: Number.isSafeInteger, said: 'a whole number' },
  flag: { of: (node) => typeof node === 'boolean', said: 'true or false' },
};

function isText(node: Node): boolean {
  return typeof node === 'string' && node.trim() !== '';
}

/** A value of the kind, as a mapping file states it. */
export function valueOf(kind: Kind, node: Node, path: string, faults: Faults): Value {
  if (IS[kind].of(node)) return node as Value;
  faults.add(path, `must be ${IS[kind].said}`);
  return '';
}
