import { isId } from '../../contracts/values.js';

export type Loose = Record<string, unknown>;

const LONGEST_TITLE = 200;

export const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws Error naming the path */
export function asObject(path: string, value: unknown): Loose {
  if (value === undefined) throw new Error(`${path} is missing`);
  if (!isObject(value)) throw new Error(`${path} must have names and values, not ${shown(value)}`);
  return value;
}

/**
 * An object with these fields and no others. One that ends in a question mark may be missing.
 * @throws Error naming the path and the field
 */
export function fieldsOf(path: string, value: unknown, ...fields: string[]): Loose {
  const object = asObject(path, value);
  const known = fields.map((field) => field.replace('?', ''));
  for (const name of Object.keys(object)) {
    if (!known.includes(name))
      throw new Error(`${path} has ${shown(name)}, which is none of ${known.join(', ')}`);
  }
  for (const field of fields) {
    if (!field.endsWith('?') && object[field] === undefined) throw new Error(`${path} needs ${field}`);
  }
  return object;
}

/** What stands under ids that commands name. */
export function byId(path: string, value: unknown): [id: string, value: unknown][] {
  const entries = Object.entries(asObject(path, value));
  for (const [id] of entries) checkId(path, id);
  return entries;
}

export function checkId(path: string, id: unknown): asserts id is string {
  // A name that every object has would be found in every list of rules.
  if (!isId(id) || id in Object.prototype) {
    throw new Error(`${path}: ${shown(id)} is no id that a command could name`);
  }
}

export function checkTitle(path: string, title: unknown): void {
  if (typeof title !== 'string' || title.trim() === '' || title.length > LONGEST_TITLE) {
    throw new Error(`${path} needs a title, a text of at most ${LONGEST_TITLE} characters`);
  }
}

export function checkFlags(path: string, value: Loose, ...names: string[]): void {
  for (const name of names) {
    if (value[name] !== undefined && typeof value[name] !== 'boolean') {
      throw new Error(`${path}.${name} is true or false, not ${shown(value[name])}`);
    }
  }
}

export const isCount = (value: unknown, least: number, most = 1000): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

export const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);

export const mapped = <T>(from: Loose, of: (value: unknown, name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, of(value, name)]));
