import { RegisterProblem } from '../../contracts/intake.js';
import { Refusal } from '../../contracts/refusal.js';
import { personalFields } from '../../contracts/sealing.js';
import { partsOf } from '../../contracts/values.js';
import { validated } from '../../platform/validated.js';
import { type Problem, excerpt, problem } from '../problem.js';
import { readDay } from './dates.js';
import { type Field, type FromColumns, type Mapping, type Reading } from './mapping.js';
import { readWhole } from './numbers.js';
import { type TargetPath, type Value } from './targets.js';

/** The cell of a column; columns that the row has not are empty. */
export type Cell = (column: string) => string;

type Body = Record<string, unknown>;

/** A row's cells as a command, checked as the HTTP interface would, or everything that is wrong with them. */
export function mapRow(mapping: Mapping, cell: Cell): RegisterProblem | Problem[] {
  const body: Body = {};
  const problems: Problem[] = [];
  for (const field of mapping.fields) {
    const read = readField(field, cell);
    if (read === undefined) continue;
    if ('problem' in read) problems.push(withoutPerson(read.problem, field));
    else put(body, field.target, read.value);
  }
  return problems.length > 0 ? problems : checked(mapping, cell, body);
}

function readField(field: Field, cell: Cell): { value: Value } | { problem: Problem } | undefined {
  if ('constant' in field) {
    return field.when === undefined || cell(field.when).trim() !== '' ? { value: field.constant } : undefined;
  }
  const text = textOf(field, cell);
  if (text === '') {
    if (field.optional) return undefined;
    return { problem: missing(field) };
  }
  return readText(text, field.reading, nameOf(field));
}

function missing(field: FromColumns): Problem {
  return problem('value-missing', `${nameOf(field)} is empty.`, nameOf(field), '');
}

function textOf({ columns, join }: FromColumns, cell: Cell): string {
  return columns
    .map((column) => cell(column).trim())
    .filter((text) => text !== '')
    .join(join);
}

function nameOf({ columns }: FromColumns): string {
  return columns.join(' + ');
}

function readText(text: string, reading: Reading, column: string): { value: Value } | { problem: Problem } {
  switch (reading.as) {
    case 'text':
      return { value: text };
    case 'texts':
      return { value: [text] };
    case 'lookup': {
      const value = reading.values.get(text);
      if (value !== undefined) return { value };
      const known = excerpt([...reading.values.keys()].join(', '));
      return { problem: problem('value-unknown', `${column} is none of: ${known}.`, column, text) };
    }
    case 'day': {
      const value = readDay(text, reading.format);
      if (value !== undefined) return { value };
      const message = `${column} is no day that exists, as ${reading.format.written}.`;
      return { problem: problem('date-invalid', message, column, text) };
    }
    case 'whole': {
      const value = readWhole(text, reading.scale);
      if (value !== undefined) return { value };
      const message = `${column} is no decimal number with at most ${reading.scale} decimals.`;
      return { problem: problem('number-invalid', message, column, text) };
    }
  }
}

/** Sets `a.b.c`; what lies between is made. */
function put(body: Body, target: TargetPath, value: Value): void {
  const steps = target.split('.');
  const last = steps.pop() ?? target;
  let at = body;
  for (const step of steps) at = (at[step] ??= {}) as Body;
  at[last] = value;
}

function checked(mapping: Mapping, cell: Cell, body: Body): RegisterProblem | Problem[] {
  try {
    return validated(RegisterProblem, body);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'input/invalid') throw error;
    return (error.details.errors ?? []).map(({ field, rule, message }) => {
      const source = sourceOf(mapping, field);
      if (!source) return { reason: rule, message };
      const text = textOf(source, cell);
      if (text === '') return missing(source);
      const found = { column: nameOf(source), value: excerpt(text), reason: rule, message };
      return withoutPerson(found, source);
    });
  }
}

/** What is said of a row goes to logs and manifests: what stands in a column of a person is not repeated there. */
function withoutPerson({ value, ...rest }: Problem, { target }: Field): Problem {
  const steps = target.split('.');
  const last = steps.pop() ?? target;
  const of = steps.reduce<object | undefined>(
    (part, step) => part && partsOf(part).get(step)?.(),
    RegisterProblem,
  );
  const personal = of !== undefined && personalFields(of).has(last);
  return { ...rest, ...(value !== undefined && !personal && { value }) };
}

/** Whose columns made the field, or a part of it: errors of a list name its element, those of a group the group. */
function sourceOf({ fields }: Mapping, path: string): (Field & FromColumns) | undefined {
  const touches = ({ target }: Field): boolean =>
    target === path || path.startsWith(`${target}.`) || target.startsWith(`${path}.`);
  return fields.filter((field) => 'columns' in field).find(touches);
}
