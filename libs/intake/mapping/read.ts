import { excerpt, problem, type Problem, type Reason } from '../problem.js';
import { readDay } from './dates.js';
import { type FromColumns, type Reading } from './mapping.js';
import { type Names } from './names.js';
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
  const wrong = (reason: Reason, message: string, among?: string): Outcome => ({
    problem: {
      ...problem(reason, `${column} ${message}.`, column, text),
      ...(among !== undefined && { among }),
    },
  });
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
      return wrong('value-unknown', `is none of: ${known}`, known);
    }
    case 'named': {
      const [first, ...others] = names(reading.kind, text);
      if (first && others.length === 0) return { value: [first.id] };
      if (!first && reading.default !== undefined) return { value: reading.default };
      if (!first) return wrong('name-unknown', `names none of the ${reading.kind}`);
      const candidates = excerpt([first, ...others].map(({ id, title }) => `${title} (${id})`).join(', '));
      return wrong('name-ambiguous', `names several of the ${reading.kind}: ${candidates}`, candidates);
    }
    case 'day': {
      const value = reading.formats
        .map((format) => readDay(narrow(text), format))
        .find((day) => day !== undefined);
      if (value !== undefined) return { value };
      const written = reading.formats.map((format) => format.written).join(', ');
      return wrong('date-invalid', `is no day that exists, as ${written}`, written);
    }
    case 'whole': {
      const { scale, money } = reading;
      const value = money ? readMoney(narrow(text), scale) : readWhole(narrow(text), scale);
      if (value !== undefined) return { value };
      return wrong('number-invalid', `is no decimal number with at most ${scale} decimals`);
    }
  }
}

/** Full-width digits and letters as the others. */
function narrow(text: string): string {
  return text.normalize('NFKC').trim();
}
