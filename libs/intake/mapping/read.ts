import { excerpt, problem, type Problem } from '../problem.js';
import { readDay } from './dates.js';
import { type FromColumns, type Reading } from './mapping.js';
import { type NameKind, type Names } from './names.js';
import { readMoney, readWhole } from './numbers.js';
import { type Value } from './targets.js';

export type Outcome = { value: Value } | { problem: Problem };

/** A text that is not empty, read as the field says; several where it is parted. */
export function readText(
  text: string,
  { reading, split }: FromColumns,
  column: string,
  names: Names,
): Outcome {
  if (split === undefined) return readOne(text, reading, column, names);
  const found: string[] = [];
  for (const part of parted(text, split)) {
    const read = readOne(part, reading, column, names);
    if ('problem' in read) return read;
    found.push(...(read.value as string[]));
  }
  return { value: [...new Set(found)] };
}

function parted(text: string, separators: string): string[] {
  const parts = [''];
  for (const character of text) {
    if (separators.includes(character)) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function readOne(text: string, reading: Reading, column: string, names: Names): Outcome {
  switch (reading.as) {
    case 'text':
      return { value: text };
    case 'texts':
      return { value: [text] };
    case 'lookup': {
      const { values } = reading;
      const value = values.get(text) ?? values.get(narrow(text)) ?? reading.default;
      if (value !== undefined) return { value };
      const known = excerpt([...values.keys()].join(', '));
      return { problem: problem('value-unknown', `${column} is none of: ${known}.`, column, text) };
    }
    case 'named':
      return readName(text, reading, column, names);
    case 'day': {
      const days = reading.formats.map((format) => readDay(narrow(text), format));
      const value = days.find((day) => day !== undefined);
      if (value !== undefined) return { value };
      const written = reading.formats.map((format) => format.written).join(' or ');
      return {
        problem: problem('date-invalid', `${column} is no day that exists, as ${written}.`, column, text),
      };
    }
    case 'whole': {
      const { scale, money } = reading;
      const value = money ? readMoney(narrow(text), scale) : readWhole(narrow(text), scale);
      if (value !== undefined) return { value };
      const message = `${column} is no decimal number with at most ${scale} decimals.`;
      return { problem: problem('number-invalid', message, column, text) };
    }
  }
}

function readName(
  text: string,
  { kind, default: otherwise }: { kind: NameKind; default?: Value },
  column: string,
  names: Names,
): Outcome {
  const named = names(kind, text);
  const [first, second] = named;
  if (second) {
    const candidates = excerpt(named.map(({ id, title }) => `${title} (${id})`).join(', '));
    const message = `${column} names several of the ${kind}: ${candidates}.`;
    return { problem: problem('name-ambiguous', message, column, text) };
  }
  if (first) return { value: [first.id] };
  if (otherwise !== undefined) return { value: otherwise };
  return { problem: problem('name-unknown', `${column} names none of the ${kind}.`, column, text) };
}

/** Full-width digits and letters as the others. */
function narrow(text: string): string {
  return text.normalize('NFKC').trim();
}
