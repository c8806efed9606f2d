import { type Faults, type Node } from './faults.js';
import { type Field, type FromColumns } from './mapping.js';
import { READINGS, readingOf } from './reading.js';
import { isTarget, type Kind, type TargetPath, type Value, targets } from './targets.js';
import { type Keys, valueOf } from './value.js';

const ORIGINS = ['constant', 'given', 'column', 'columns'];
const OF_COLUMNS = ['join', 'optional', 'exact', 'only', 'empty', 'split', 'default', ...READINGS];
const KEYS = [...ORIGINS, 'when', ...OF_COLUMNS];

/** Where the value of a field comes from and how it is read. */
export function fieldOf(target: TargetPath, node: Node, path: string, faults: Faults): Field {
  const keys = faults.keys(node, path, KEYS);
  if (ORIGINS.filter((key) => keys.has(key)).length !== 1) {
    faults.add(path, `must have exactly one of ${ORIGINS.join(', ')}`);
  }
  if (keys.has('constant')) return { target, ...constantOf(targets[target].kind, keys, path, faults) };
  if (keys.has('given')) return { target, ...givenOf(keys, path, faults) };
  return { target, ...fromColumns(targets[target].kind, keys, path, faults) };
}

function constantOf(
  kind: Kind,
  keys: Keys,
  path: string,
  faults: Faults,
): { constant: Value; when?: string } {
  only(keys, ['constant', 'when'], path, faults);
  const constant = valueOf(kind, keys.get('constant'), `${path}.constant`, faults);
  if (!keys.has('when')) return { constant };
  return { constant, when: faults.text(keys.get('when'), `${path}.when`) };
}

function givenOf(keys: Keys, path: string, faults: Faults): { given: string; optional: boolean } {
  only(keys, ['given', 'optional'], path, faults);
  const optional = faults.flag(keys.get('optional'), `${path}.optional`, false);
  return { given: faults.text(keys.get('given'), `${path}.given`), optional };
}

function fromColumns(kind: Kind, keys: Keys, path: string, faults: Faults): FromColumns {
  only(keys, ['column', 'columns', ...OF_COLUMNS], path, faults);
  const columns = keys.has('columns')
    ? faults.texts(keys.get('columns'), `${path}.columns`)
    : [faults.text(keys.get('column'), `${path}.column`)];
  const join = keys.get('join') ?? ' ';
  if (typeof join !== 'string') faults.add(`${path}.join`, 'must be a text');
  if (keys.has('split') && kind !== 'texts') faults.add(`${path}.split`, 'is for fields of several values');
  return {
    columns,
    join: typeof join === 'string' ? join : '',
    optional: faults.flag(keys.get('optional'), `${path}.optional`, false),
    exact: faults.flag(keys.get('exact'), `${path}.exact`, false),
    reading: readingOf(kind, keys, path, faults),
    ...(keys.has('split') && { split: faults.text(keys.get('split'), `${path}.split`) }),
    ...(keys.has('empty') && { empty: valueOf(kind, keys.get('empty'), `${path}.empty`, faults) }),
    ...(keys.has('only') && { only: onlyOf(keys.get('only'), `${path}.only`, faults) }),
  };
}

function onlyOf(node: Node, path: string, faults: Faults): NonNullable<FromColumns['only']> {
  const keys = faults.keys(node, path, ['field', 'is']);
  const field = faults.text(keys.get('field'), `${path}.field`);
  if (isTarget(field))
    return { field, is: valueOf(targets[field].kind, keys.get('is'), `${path}.is`, faults) };
  faults.add(`${path}.field`, 'is no field');
  return { field: 'description', is: '' };
}

function only(keys: Keys, allowed: readonly string[], path: string, faults: Faults): void {
  for (const key of keys.keys()) {
    if (typeof key !== 'string' || allowed.includes(key) || !KEYS.includes(key)) continue;
    if (!ORIGINS.includes(key)) faults.add(`${path}.${key}`, 'does not go with where the value comes from');
  }
}
