import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { codeOf } from '../../platform/fault.js';
import { AdoptCase, RegisterProblem } from '../../contracts/intake.js';
import { Faults, MappingRefused, type Node } from './faults.js';
import { fieldOf } from './field.js';
import { formatOf } from './format.js';
import { type Field, type Intake, type Mapping } from './mapping.js';
import { plain } from './names.js';
import { isTarget, targets } from './targets.js';

const COMMANDS = { register: RegisterProblem, adopt: AdoptCase };

/**
 * Reads a mapping file (YAML 1.2) and checks all of it.
 * @throws MappingRefused with one sentence for each fault, naming file and path; also where its rows are to be adopted
 */
export async function readMapping(file: string): Promise<Mapping> {
  const mapping = await readAnyMapping(file);
  if (registers(mapping)) return mapping;
  throw new MappingRefused([`${file}: as must be register: here rows are entered, not adopted.`]);
}

/** The same of a mapping whose rows may also be adopted. */
export async function readAnyMapping(file: string): Promise<Mapping<Intake>> {
  const faults = new Faults(file);
  const mapping = mappingOf(await rootOf(file), faults);
  faults.throwIfAny();
  return mapping;
}

export function registers(mapping: Mapping<Intake>): mapping is Mapping {
  return mapping.command === RegisterProblem;
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

function mappingOf(root: Node, faults: Faults): Mapping<Intake> {
  const keys = faults.keys(root, '', ['mapping', 'as', 'format', 'synonyms', 'fields']);
  const name = faults.text(keys.get('mapping'), 'mapping');
  const as = keys.get('as') ?? 'register';
  const known = as === 'register' || as === 'adopt';
  if (!known) faults.add('as', 'must be register or adopt');
  const format = formatOf(keys.get('format'), faults);
  const fields = fieldsOf(keys.get('fields'), as === 'adopt', faults);
  const columns = [...new Set(fields.flatMap(columnsOf))];
  const needed = fields.flatMap((field) => ('columns' in field && isNeeded(field) ? field.columns : []));
  const synonyms = synonymsOf(keys.get('synonyms'), columns, faults);
  const command = COMMANDS[known ? as : 'register'];
  return { name, command, format, synonyms, fields, columns, required: [...new Set(needed)] };
}

function columnsOf(field: Field): readonly string[] {
  if ('columns' in field) return field.columns;
  return 'constant' in field && field.when !== undefined ? [field.when] : [];
}

function isNeeded({ optional, empty }: { optional: boolean; empty?: unknown }): boolean {
  return !optional && empty === undefined;
}

function fieldsOf(node: Node, adopts: boolean, faults: Faults): Field[] {
  const fields: Field[] = [];
  const given = faults.map(node, 'fields');
  const command = adopts ? AdoptCase.name : RegisterProblem.name;
  for (const [key, value] of given) {
    const path = `fields.${String(key)}`;
    const known = typeof key === 'string' && isTarget(key) && (adopts || !targets[key].adopted);
    if (known) fields.push(fieldOf(key, value, path, faults));
    else faults.add(path, `is no field of ${command}`);
  }
  for (const [target, { required, adopted }] of Object.entries(targets)) {
    if (required && (adopts || !adopted) && !given.has(target))
      faults.add(`fields.${target}`, 'is missing; no row could be registered without it');
  }
  return fields;
}

/** Other headings of columns. One heading belongs to one column, or nobody knew which is meant. */
function synonymsOf(node: Node, columns: readonly string[], faults: Faults): Map<string, string[]> {
  const synonyms = new Map<string, string[]>();
  const meant = new Map(columns.map((column) => [plain(column), column]));
  for (const [key, value] of node === undefined ? [] : faults.map(node, 'synonyms')) {
    const path = `synonyms.${String(key)}`;
    if (typeof key !== 'string' || !columns.includes(key)) {
      faults.add(path, 'is no column that is read');
      continue;
    }
    const headings = faults.texts(value, path);
    for (const heading of headings) {
      const other = meant.get(plain(heading));
      if (other !== undefined) faults.add(path, `has ${heading}, which is ${other} already`);
      meant.set(plain(heading), key);
    }
    synonyms.set(key, headings);
  }
  return synonyms;
}
