/** Between rows that are sent as one text. It does not stand in a row's own text. */
export const BETWEEN = '\u001e';

type Write = (value: unknown) => string;

/**
 * Writes rows as PostgreSQL itself writes a value of their type: `(a,"b c",,"{x,y}")`.
 * @param columns their types by name, in the order of the table; lists are of texts
 */
export function recordWriter<R extends object>(columns: { [C in keyof R]: string }): (row: R) => string {
  const names = Object.keys(columns) as (keyof R)[];
  const writers = names.map((name) => writerOf(columns[name]));
  return (row) => {
    // Joined at once: a text that grows piece by piece is a tree of its pieces, and costs more to flatten than to make.
    const fields = writers.map((write, n) => {
      const value = row[names[n] as keyof R];
      return value === null || value === undefined ? '' : write(value);
    });
    return `(${fields.join(',')})`;
  };
}

function writerOf(type: string): Write {
  if (type.startsWith('text[]')) return (value) => listed(value as string[]);
  if (type.startsWith('json')) return (value) => quoted(JSON.stringify(value));
  return (value) => (typeof value === 'string' ? quoted(value) : String(value));
}

/** Ids and the like stand in a list as they are. */
const PLAIN = /^(?!null$)[a-z0-9._:-]+$/i;

const listed = (texts: readonly string[]): string =>
  texts.length === 0 ? '{}' : quoted(`{${texts.map(element).join(',')}}`);

const element = (text: string): string => (PLAIN.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);

const SPECIAL = /["\\\u001e]/;

// In quotes, needed or not: fewer characters are to be looked for.
const quoted = (text: string): string => `"${SPECIAL.test(text) ? doubled(text) : text}"`;

// One after the other: with a pattern it takes several times as long.
const doubled = (text: string): string =>
  text.replaceAll(BETWEEN, ' ').replaceAll('\\', '\\\\').replaceAll('"', '""');
