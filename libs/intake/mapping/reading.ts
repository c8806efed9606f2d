import { dateFormat, type DateFormat } from './dates.js';
import { type Faults, type Node } from './faults.js';
import { type Reading } from './mapping.js';
import { NAME_KINDS } from './names.js';
import { MONEY } from './numbers.js';
import { type Kind, type Value } from './targets.js';
import { type Keys, valueOf } from './value.js';

/** Ways of reading a text, of which a field has one or none. */
export const READINGS = ['values', 'lookup', 'date', 'scale'];

/** What must or may say how a text becomes a value of the kind: one of these, or none where that is enough. */
const READ_BY: Readonly<Record<Kind, { one: readonly string[]; none: boolean }>> = {
  text: { one: ['values'], none: true },
  texts: { one: ['values', 'lookup'], none: true },
  day: { one: ['date'], none: false },
  whole: { one: ['scale', 'values'], none: true },
  flag: { one: ['values'], none: false },
};

export function readingOf(kind: Kind, keys: Keys, path: string, faults: Faults): Reading {
  const { one, none } = READ_BY[kind];
  const given = READINGS.filter((key) => keys.has(key));
  if (given.length > 1 || (given.length === 0 && !none) || given.some((key) => !one.includes(key))) {
    faults.add(
      path,
      `is read by ${one.join(' or ')}${none ? ', or by none' : ''}, not by ${given.join(', ') || 'none'}`,
    );
  }
  if (keys.has('default') && !keys.has('values') && !keys.has('lookup'))
    faults.add(`${path}.default`, 'goes with values or lookup only');
  const otherwise = keys.has('default') && {
    default: valueOf(kind, keys.get('default'), `${path}.default`, faults),
  };
  if (keys.has('values'))
    return {
      as: 'lookup',
      values: valuesOf(kind, keys.get('values'), `${path}.values`, faults),
      ...otherwise,
    };
  if (keys.has('lookup')) return { ...namedOf(keys.get('lookup'), `${path}.lookup`, faults), ...otherwise };
  if (kind === 'day') return { as: 'day', formats: formatsOf(keys.get('date'), `${path}.date`, faults) };
  if (kind === 'whole') return wholeOf(keys.get('scale'), `${path}.scale`, faults);
  return { as: kind === 'texts' ? 'texts' : 'text' };
}

function valuesOf(kind: Kind, node: Node, path: string, faults: Faults): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const [key, value] of faults.map(node, path)) {
    const at = `${path}.${String(key)}`;
    if (typeof key !== 'string')
      faults.add(at, 'must have a text as its key (numbers, true and false stand in quotes)');
    else values.set(key, valueOf(kind, value, at, faults));
  }
  return values;
}

function namedOf(node: Node, path: string, faults: Faults): Reading {
  const kind = NAME_KINDS.find((known) => known === node);
  if (kind) return { as: 'named', kind };
  faults.add(path, `must be one of ${NAME_KINDS.join(', ')}`);
  return { as: 'text' };
}

function formatsOf(node: Node, path: string, faults: Faults): DateFormat[] {
  const written = Array.isArray(node) && node.length > 0 ? node : [node];
  const formats = written.map((one) => dateFormat(typeof one === 'string' ? one : ''));
  if (formats.includes(undefined))
    faults.add(path, 'must name year (YYYY), month (MM or M) and day (DD or D) once each');
  return formats.filter((format) => format !== undefined);
}

const MOST_PLACES = 9;

function wholeOf(node: Node, path: string, faults: Faults): Reading {
  const places = typeof node === 'string' ? MONEY.get(node) : undefined;
  if (places !== undefined) return { as: 'whole', scale: places, money: true };
  const scale = node ?? 0;
  if (typeof scale === 'number' && Number.isInteger(scale) && scale >= 0 && scale <= MOST_PLACES)
    return { as: 'whole', scale, money: false };
  const units = [...MONEY.keys()].join(', ');
  faults.add(path, `must be a whole number of places from 0 to ${MOST_PLACES}, or one of ${units}`);
  return { as: 'whole', scale: 0, money: false };
}
