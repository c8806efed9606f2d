/** Where a row stops being CSV. */
export interface BadCell {
  /** Index of the cell, from 0. */
  cell: number;
  /** The text from the beginning of that cell. */
  from: string;
  why: string;
}

const QUOTE = '"';

/**
 * The cells of one row as RFC 4180 writes them: a cell is quoted as a whole, a quote within it doubled. Nothing is
 * guessed: a quote anywhere else is an error.
 * @param text a whole row, line breaks only between quotes
 */
export function cellsOf(text: string, delimiter: string): string[] | BadCell {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = text.startsWith(QUOTE, at);
    const end = quoted ? endOfQuoted(text, at) : endOfPlain(text, at, delimiter);
    const bad = fault(text, at, end, quoted, delimiter);
    if (bad !== undefined) return { cell: cells.length, from: text.slice(at, at + 200), why: bad };
    cells.push(quoted ? text.slice(at + 1, end - 1).replaceAll('""', QUOTE) : text.slice(at, end));
    if (end === text.length) return cells;
    at = end + delimiter.length;
  }
}

function fault(
  text: string,
  at: number,
  end: number,
  quoted: boolean,
  delimiter: string,
): string | undefined {
  if (!quoted)
    return text.slice(at, end).includes(QUOTE) ? 'has a quote in a cell that is not quoted' : undefined;
  if (end === -1) return 'has a quote that is not closed';
  if (end < text.length && !text.startsWith(delimiter, end)) return 'goes on after its closing quote';
  return undefined;
}

function endOfPlain(text: string, at: number, delimiter: string): number {
  const end = text.indexOf(delimiter, at);
  return end === -1 ? text.length : end;
}

/** Behind the closing quote; -1 if there is none. */
function endOfQuoted(text: string, at: number): number {
  for (let from = at + 1; ; from += 2) {
    from = text.indexOf(QUOTE, from);
    if (from === -1) return -1;
    if (!text.startsWith(QUOTE, from + 1)) return from + 1;
  }
}

/** How many quotes: an odd number means that one is still open. */
export function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(QUOTE); at !== -1; at = text.indexOf(QUOTE, at + 1)) count++;
  return count;
}
