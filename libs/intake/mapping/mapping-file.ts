import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { codeOf } from '../../platform/fault.js';
import { type CsvFormat } from '../csv/rows.js';
import { Faults, MappingRefused, type Node } from './faults.js';
import { fieldOf } from './field.js';
import { type Field, type Mapping } from './mapping.js';
import { isTarget, targets } from './targets.js';

/** More lines in one row would make a quote that nobody closes expensive, and no form has them. */
const MOST_LINES = 100;

/**
 * Reads a mapping file (YAML 1.2) and checks all of it.
 * @throws MappingRefused with one sentence for each fault, naming file and path
 */
export async function readMapping(file: string): Promise<Mapping> {
  const faults = new Faults(file);
  const mapping = mappingOf(await rootOf(file), faults);
  faults.throwIfAny();
  return mapping;
}

async function rootOf(file: string): Promise<Node> {
  const refused = (why: string): MappingRefused => new MappingRefused([`${file}: ${why}.`]);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refused(`cannot be read: ${codeOf(error)}`);
  });
  const document = parseDocument(text);
  const [wrong] = [...document.errors, ...document.warnings];
  // The lines behind the first one draw the place.
  if (wrong) throw refused((wrong.message.split('\n')[0] ?? '').replace(/:$/, ''));
  try {
    // Maps, not objects: a key may be called anything.
    return document.toJS({ mapAsMap: true }) as Node;
  } catch (error) {
    // Aliases that would grow without end, or that lead nowhere.
    throw refused(error instanceof Error ? error.message : 'cannot be read');
  }
}

function mappingOf(root: Node, faults: Faults): Mapping {
  const keys = faults.keys(root, '', ['mapping', 'format', 'fields']);
  const name = faults.text(keys.get('mapping'), 'mapping');
  const format = formatOf(keys.get('format'), faults);
  const fields = fieldsOf(keys.get('fields'), faults);
  const columns = fields.flatMap((field) => ('columns' in field ? field.columns : (field.when ?? [])));
  return { name, format, fields, columns: [...new Set(columns)] };
}

function formatOf(node: Node, faults: Faults): CsvFormat {
  const keys = faults.keys(node, 'format', ['type', 'delimiter', 'linesPerRow']);
  if (keys.get('type') !== 'csv') faults.add('format.type', 'must be csv');
  const delimiter = keys.get('delimiter') ?? ',';
  const linesPerRow = keys.get('linesPerRow') ?? 1;
  const known = typeof delimiter === 'string' && /^[^"\r\n\ud800-\udfff]$/.test(delimiter);
  if (!known) faults.add('format.delimiter', 'must be one character, no quote and no line break');
  const some = typeof linesPerRow === 'number' && Number.isInteger(linesPerRow);
  const bounded = some && linesPerRow >= 1 && linesPerRow <= MOST_LINES;
  if (!bounded) faults.add('format.linesPerRow', `must be a whole number from 1 to ${MOST_LINES}`);
  return { type: 'csv', delimiter: known ? delimiter : ',', linesPerRow: bounded ? linesPerRow : 1 };
}

function fieldsOf(node: Node, faults: Faults): Field[] {
  const fields: Field[] = [];
  const given = faults.map(node, 'fields');
  for (const [key, value] of given) {
    const path = `fields.${String(key)}`;
    if (typeof key !== 'string' || !isTarget(key)) faults.add(path, 'is no field of RegisterProblem');
    else fields.push(fieldOf(key, value, path, faults));
  }
  for (const [target, { required }] of Object.entries(targets)) {
    if (required && !given.has(target))
      faults.add(`fields.${target}`, 'is missing; no row could be registered without it');
  }
  return fields;
}
