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
    let text = '';
    for (const [name, write] of fields) {
      const value = row[name];
      text += value === null || value === undefined ? ',' : `,${write(value)}`;
    }
    return `(${text.slice(1)})`;
  };
}

function writerOf(type: string): Write {
  if (type.startsWith('text[]')) return (value) => quoted(`{${(value as string[]).map(element).join(',')}}`);
  if (type.startsWith('json')) return (value) => quoted(JSON.stringify(value));
  return (value) => (typeof value === 'string' ? quoted(value) : String(value));
}

const element = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const MUST_QUOTE = /[(),"\\\s\u001e]/;

function quoted(text: string): string {
  if (text !== '' && !MUST_QUOTE.test(text)) return text;
  return `"${text.replaceAll(BETWEEN, ' ').replace(/["\\]/g, '$&$&')}"`;
}
