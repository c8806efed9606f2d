import { type Fragment, type Sql } from '../../platform/sql.js';

/** A piece of a statement as text, with its values in it. */
class Text {
  constructor(readonly text: string) {}
}

/**
 * Takes the place of a client where conditions are put together whose values are all our own: they are written out, and
 * the text is kept. What others give is never written into a statement.
 */
export const written = ((first: TemplateStringsArray | string, ...values: unknown[]): Text =>
  new Text(
    typeof first === 'string'
      ? `"${first.replaceAll('"', '""')}"`
      : first.reduce((all, part, n) => `${all}${literal(values[n - 1])}${part}`),
  )) as unknown as Sql;

export const textOf = (fragment: Fragment): string => (fragment as unknown as Text).text;

/** @throws Error where it is no text, whole number, or list of these */
export function literal(value: unknown): string {
  if (value instanceof Text) return value.text;
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'::text`;
  if (Number.isSafeInteger(value)) return String(value);
  if (!Array.isArray(value)) throw new Error(`there is no way to write ${typeof value}`);
  return `array[${value.map(literal).join(', ')}]::text[]`;
}
