/** Between rows that are sent as one text. It does not stand in a row's own text. */
export const BETWEEN = '\u001e';

type Write = (value: unknown) => string;

/**
 * Writes rows as PostgreSQL itself writes a value of their type: `(a,"b c",,"{x,y}")`.
 * @param columns their types by name, in the order of the table; lists are of texts
 */
export function recordWriter<R extends object>(columns: { [C in keyof R]: string }): (row: R) => string {
  const fields = Object.entries(columns).map(([name, type]): [keyof R, Write] => [
    name as keyof R,
    writerOf(type as string),
  ]);
  return (row) => {
    let text = '(';
    let separator = '';
    for (const [name, write] of fields) {
      const value = row[name];
      text += value === null || value === undefined ? separator : separator + write(value);
      separator = ',';
    }
    return `${text})`;
  };
}

function writerOf(type: string): Write {
  if (type.startsWith('text[]')) return (value) => quoted(`{${(value as string[]).map(element).join(',')}}`);
  if (type.startsWith('json')) return (value) => quoted(JSON.stringify(value));
  return (value) => (typeof value === 'string' ? quoted(value) : String(value));
}

/** Ids and the like stand in a list as they are. */
const PLAIN = /^(?!null$)[a-z0-9._-]+$/i;

const element = (text: string): string => (PLAIN.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);

const SPECIAL = /["\\\u001e]/;

// In quotes, needed or not: fewer characters are to be looked for.
function quoted(text: string): string {
  return `"${SPECIAL.test(text) ? text.replaceAll(BETWEEN, ' ').replace(/["\\]/g, '$&$&') : text}"`;
}
