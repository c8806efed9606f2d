import { type Field, type Intake, type Mapping } from './mapping/mapping.js';
import { type TargetPath, type Value } from './mapping/targets.js';
import { FileRefused, problem } from './problem.js';

/** What whoever brings the file says for all of its rows, by field: `source.document`. */
export type Given = Partial<Record<TargetPath, Value>>;

/**
 * The mapping with what was given in the place of what is to be given. Nothing else of a mapping can be replaced.
 * @throws FileRefused `given-missing`
 */
export function withGiven<C extends Intake>(mapping: Mapping<C>, given: Given): Mapping<C> {
  const missing = mapping.fields.filter(
    (field) => 'given' in field && !field.optional && given[field.target] === undefined,
  );
  if (missing.length > 0) throw new FileRefused(missing.map(notGiven));
  const fields = mapping.fields.map((field): Field => {
    const constant = given[field.target];
    return 'given' in field && constant !== undefined ? { target: field.target, constant } : field;
  });
  return { ...mapping, fields };
}

function notGiven(field: Field): ReturnType<typeof problem> {
  const name = 'given' in field ? field.given : field.target;
  return problem('given-missing', `${name} (${field.target}) must be said for the whole file.`, name);
}
