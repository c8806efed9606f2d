import { isDay } from '../../contracts/values.js';
import { dateFormat } from './dates.js';
import { type Faults, type Node } from './faults.js';
import { type Field, type Reading } from './mapping.js';
import { type Kind, type TargetPath, type Value, targets } from './targets.js';

type Keys = ReadonlyMap<unknown, Node>;

const ORIGINS = ['constant', 'column', 'columns'];
const READINGS = ['values', 'date', 'scale'];
const KEYS = [...ORIGINS, 'when', 'join', 'optional', ...READINGS];

/** Where the value of a field comes from and how it is read. */
export function fieldOf(target: TargetPath, node: Node, path: string, faults: Faults): Field {
  const keys = faults.keys(node, path, KEYS);
  const { kind } = targets[target];
  if (ORIGINS.filter((key) => keys.has(key)).length !== 1) {
    faults.add(path, `must have exactly one of ${ORIGINS.join(', ')}`);
  }
  return keys.has('constant')
    ? constantOf(target, kind, keys, path, faults)
    : columnsOf(target, kind, keys, path, faults);
}

function constantOf(target: TargetPath, kind: Kind, keys: Keys, path: string, faults: Faults): Field {
  only(keys, ['constant', 'when'], path, faults);
  const constant = valueOf(kind, keys.get('constant'), `${path}.constant`, faults);
  if (!keys.has('when')) return { target, constant };
  return { target, constant, when: faults.text(keys.get('when'), `${path}.when`) };
}

function columnsOf(target: TargetPath, kind: Kind, keys: Keys, path: string, faults: Faults): Field {
  only(keys, ['column', 'columns', 'join', 'optional', ...READINGS], path, faults);
  const columns = keys.has('columns')
    ? faults.texts(keys.get('columns'), `${path}.columns`)
    : [faults.text(keys.get('column'), `${path}.column`)];
  const join = keys.get('join') ?? ' ';
  if (typeof join !== 'string') faults.add(`${path}.join`, 'must be a text');
  const optional = keys.get('optional') ?? false;
  if (typeof optional !== 'boolean') faults.add(`${path}.optional`, 'must be true or false');
  const reading = readingOf(kind, keys, path, faults);
  return {
    target,
    columns,
    join: typeof join === 'string' ? join : '',
    optional: optional === true,
    reading,
  };
}

/** What must or may say how a text becomes a value of the kind: one of these, or none where that is enough. */
const READ_BY: Readonly<Record<Kind, { one: readonly string[]; none: boolean }>> = {
  text: { one: ['values'], none: true },
  texts: { one: ['values'], none: true },
  day: { one: ['date'], none: false },
  whole: { one: ['scale', 'values'], none: true },
  flag: { one: ['values'], none: false },
};

function readingOf(kind: Kind, keys: Keys, path: string, faults: Faults): Reading {
  const { one, none } = READ_BY[kind];
  const given = READINGS.filter((key) => keys.has(key));
  if (given.length > 1 || (given.length === 0 && !none) || given.some((key) => !one.includes(key))) {
    faults.add(
      path,
      `is read by ${one.join(' or ')}${none ? ', or by none' : ''}, not by ${given.join(', ') || 'none'}`,
    );
  }
  if (keys.has('values'))
    return { as: 'lookup', values: valuesOf(kind, keys.get('values'), `${path}.values`, faults) };
  if (kind === 'day') return dayOf(keys.get('date'), `${path}.date`, faults);
  if (kind === 'whole')
    return { as: 'whole', scale: scaleOf(keys.get('scale') ?? 0, `${path}.scale`, faults) };
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

function dayOf(node: Node, path: string, faults: Faults): Reading {
  const format = dateFormat(typeof node === 'string' ? node : '');
  if (format) return { as: 'day', format };
  faults.add(path, 'must name year (YYYY), month (MM or M) and day (DD or D) once each');
  return { as: 'text' };
}

const MOST_PLACES = 9;

function scaleOf(node: Node, path: string, faults: Faults): number {
  if (typeof node === 'number' && Number.isInteger(node) && node >= 0 && node <= MOST_PLACES) return node;
  faults.add(path, `must be a whole number of places from 0 to ${MOST_PLACES}`);
  return 0;
}

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

function valueOf(kind: Kind, node: Node, path: string, faults: Faults): Value {
  if (IS[kind].of(node)) return node as Value;
  faults.add(path, `must be ${IS[kind].said}`);
  return '';
}

function only(keys: Keys, allowed: readonly string[], path: string, faults: Faults): void {
  for (const key of keys.keys()) {
    if (typeof key !== 'string' || allowed.includes(key) || !KEYS.includes(key)) continue;
    if (!ORIGINS.includes(key)) faults.add(`${path}.${key}`, 'does not go with where the value comes from');
  }
}
