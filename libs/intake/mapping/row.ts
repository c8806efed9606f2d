import { type Source } from '../../contracts/intake.js';
import { Refusal } from '../../contracts/refusal.js';
import { validated } from '../../platform/validated.js';
import { type Problem, excerpt, problem } from '../problem.js';
import { type Field, type FromColumns, type Intake, type Mapping } from './mapping.js';
import { type Names } from './names.js';
import { shown } from './personal.js';
import { type Outcome, readText } from './read.js';
import { type TargetPath, type Value } from './targets.js';

/** The cells of a row by their column; columns that the row has not are empty. */
export interface Cells {
  text: (column: string) => string;
  /** Why the cell cannot be read, where it cannot. */
  unread: (column: string) => Problem | undefined;
}

type Body = Record<string, unknown>;

/** What a row says of a problem that was split, or of a part of it, where nothing else is wrong: it is no case by itself. */
export class Split {
  constructor(
    readonly source: Source,
    readonly problem: Problem,
  ) {}
}

/** The weight of a whole problem, in thousandths: nothing else is entered. */
const WHOLE = 1000;

/**
 * A row's cells as a command, checked as the HTTP interface would, or everything that is wrong with them.
 * @param body what does not come from cells
 */
export function mapRow<C extends Intake>(
  mapping: Mapping<C>,
  cells: Cells,
  names: Names,
  body: Body = {},
): C | Split | Problem[] {
  const problems: Problem[] = [];
  for (const field of mapping.fields) {
    const read = applies(field, body) ? readField(field, cells, names) : undefined;
    if (read === undefined) continue;
    if ('problem' in read) problems.push(hidden(read.problem, field.target));
    else put(body, field.target, read.value);
  }
  if (problems.length > 0) return problems;
  if (!isSplit(body)) return checked(mapping, cells, body);
  const whole = checked(mapping, cells, { ...body, weight: WHOLE });
  const found = partOf(mapping, cells);
  return Array.isArray(whole) ? [...whole, found] : new Split(whole.source, found);
}

/** A whole keeps of its weight what its parts did not get; it may be nothing. */
function isSplit({ weight }: Body): boolean {
  return typeof weight === 'number' && weight >= 0 && weight < WHOLE;
}

function partOf<C extends Intake>({ fields }: Mapping<C>, cells: Cells): Problem {
  const source = sourceOf(fields, 'weight');
  const message = 'A problem that was split, or a part of it, cannot be entered by itself.';
  return source
    ? problem('split', message, nameOf(source), textOf(source, cells))
    : problem('split', message);
}

/** A problem without what must not be told. */
function hidden(found: Problem, target: TargetPath): Problem {
  return found.value === undefined ? found : { ...found, value: shown(target, found.value) };
}

function applies(field: Field, body: Body): boolean {
  return !('columns' in field) || field.only === undefined || at(body, field.only.field) === field.only.is;
}

function readField(field: Field, cells: Cells, names: Names): Outcome | undefined {
  if ('given' in field) return undefined;
  if ('constant' in field) {
    return field.when === undefined || cells.text(field.when).trim() !== ''
      ? { value: field.constant }
      : undefined;
  }
  const unread = field.columns.map((column) => cells.unread(column)).find((found) => found !== undefined);
  if (unread) return { problem: unread };
  const text = textOf(field, cells);
  if (text !== '') return readText(text, field, nameOf(field), names);
  if (field.empty !== undefined) return { value: field.empty };
  return field.optional ? undefined : { problem: missing(field) };
}

function missing(field: FromColumns): Problem {
  return problem('value-missing', `${nameOf(field)} is empty.`, nameOf(field), '');
}

function textOf({ columns, join, exact }: FromColumns, cells: Cells): string {
  return columns
    .map((column) => (exact ? cells.text(column) : cells.text(column).trim()))
    .filter((text) => text !== '')
    .join(join);
}

function nameOf({ columns }: FromColumns): string {
  return columns.join(' + ');
}

/** Sets `a.b.c`; what lies between is made. */
function put(body: Body, target: TargetPath, value: Value): void {
  const steps = target.split('.');
  const last = steps.pop() ?? target;
  let at = body;
  for (const step of steps) at = (at[step] ??= {}) as Body;
  at[last] = value;
}

function at(body: Body, target: TargetPath): unknown {
  return target.split('.').reduce<unknown>((value, step) => (value as Body | undefined)?.[step], body);
}

function checked<C extends Intake>(mapping: Mapping<C>, cells: Cells, body: Body): C | Problem[] {
  try {
    return validated(mapping.command, body);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'input/invalid') throw error;
    return (error.details.errors ?? []).map(({ field, rule, message }) => {
      const source = sourceOf(mapping.fields, field);
      if (!source) return { reason: rule, message };
      const text = textOf(source, cells);
      if (text === '') return missing(source);
      const value = shown(source.target, excerpt(text));
      return { column: nameOf(source), value, reason: rule, message };
    });
  }
}

/** Whose columns made the field, or a part of it: errors of a list name its element, those of a group the group. */
function sourceOf(
  fields: readonly Field[],
  path: string,
): (FromColumns & { target: TargetPath }) | undefined {
  const touches = ({ target }: Field): boolean =>
    target === path || path.startsWith(`${target}.`) || target.startsWith(`${path}.`);
  return fields.filter((field) => 'columns' in field).find(touches);
}
