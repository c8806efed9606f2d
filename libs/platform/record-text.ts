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
  if (type.startsWith('json')) return written;
  return (value) => (typeof value === 'string' ? quoted(value) : String(value));
}

/** What stands in a list as it is: ids, words, whatever has none of the signs of lists and rows. */
const PLAIN = /^(?!null$)[^\s{}),"\\\u001e]+$/i;

function listed(texts: readonly string[]): string {
  if (texts.length === 0) return '{}';
  for (const text of texts) if (!PLAIN.test(text)) return quoted(`{${texts.map(element).join()}}`);
  // A comma ends a field, unless it stands in quotes.
  return texts.length > 1 ? `"{${texts.join()}}"` : `{${texts.join()}}`;
}

const element = (text: string): string => (PLAIN.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);

/** JSON has no control characters but escaped: written as a text of JSON once more, only its quotes and backslashes are. */
function written(value: unknown): string {
  const json = JSON.stringify(value);
  return json === '[]' || json === '{}' ? json : JSON.stringify(json);
}

/** What ends a text in a row, and what cannot stand in it at all. */
const SPECIAL = /["\\),\u001e]/;

/** Most texts stand as they are, and nothing is made anew for them; what is empty would be null. */
const quoted = (text: string): string => (text === '' || SPECIAL.test(text) ? `"${doubled(text)}"` : text);

// One after the other: with a pattern it takes several times as long.
const doubled = (text: string): string =>
  text.replaceAll(BETWEEN, ' ').replaceAll('\\', '\\\\').replaceAll('"', '""');
