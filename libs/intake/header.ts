import { type Intake, type Mapping } from './mapping/mapping.js';
import { headingsOf } from './headings.js';
import { FileRefused, type Problem, excerpt, problem } from './problem.js';
import { type EarlyRow, type Merge, MOST_COLUMNS } from './rows.js';
import { plain } from './mapping/names.js';

/** Where each column stands. */
export interface Header {
  /** Its first and its last row. */
  first: number;
  last: number;
  /** The name of each column as the file has it; '' where it has none. */
  names: readonly string[];
  /** Of the columns that the mapping reads. */
  at: ReadonlyMap<string, number>;
  /** Columns that the mapping would read and that are not there. */
  missing: readonly string[];
  /** Names of columns that nothing reads. */
  unread: readonly string[];
}

/**
 * Finds the header among the first rows: it begins with the first row under which all columns are found that must be
 * there. Columns without a name are passed over.
 * @throws FileRefused at the likeliest row: `column-missing`, `column-twice`, `too-many-columns`
 */
export function headerOf(
  rows: readonly EarlyRow[],
  mapping: Mapping<Intake>,
  merges?: readonly Merge[],
): Header {
  const wide = rows.find(({ cells }) => cells.length > MOST_COLUMNS);
  if (wide) {
    const message = `The header has ${wide.cells.length} columns, ${MOST_COLUMNS} are read.`;
    throw new FileRefused([problem('too-many-columns', message)], wide.row);
  }
  const { required } = mapping;
  let best: (Header & { found: number }) | undefined;
  for (const { row } of rows) {
    const header = headerAt(row, rows, mapping, merges);
    const found = required.filter((column) => header.at.has(column)).length;
    if (!best || found > best.found) best = { ...header, found };
    if (found === required.length) break;
  }
  if (!best) throw new FileRefused([problem('file-empty', 'The file is empty.')], 1);
  const problems = [...twice(best.names), ...absent(best, required)];
  if (problems.length > 0) throw new FileRefused(problems, best.first);
  return best;
}

function headerAt(
  first: number,
  rows: readonly EarlyRow[],
  { format, columns, synonyms }: Mapping<Intake>,
  merges: readonly Merge[] | undefined,
): Header {
  const last = first + format.headerRows - 1;
  const block = rows.filter(({ row }) => row >= first && row <= last);
  const headings = headingsOf(block, format, merges);
  const places = placesOf(headings, format.joinedBy);
  const at = new Map<string, number>();
  for (const column of columns) {
    const place = [column, ...(synonyms.get(column) ?? [])]
      .map((name) => places.get(plain(name)))
      .find(isPlace);
    if (place !== undefined) at.set(column, place);
  }
  const names = headings.map((parts) => parts.join(format.joinedBy));
  const read = new Set(at.values());
  const unread = names.filter((name, index) => name !== '' && !read.has(index));
  return { first, last, names, at, unread, missing: columns.filter((column) => !at.has(column)) };
}

function isPlace(place: number | undefined): place is number {
  return place !== undefined && place >= 0;
}

/** Where a heading stands, by all of its parts or the last ones; −1 where the last parts alone do not tell. */
function placesOf(headings: readonly (readonly string[])[], joinedBy: string): Map<string, number> {
  const places = new Map<string, number>();
  const keyOf = (parts: readonly string[]): string => plain(parts.join(joinedBy)).replace(/\*$/, '');
  for (const [index, parts] of headings.entries()) {
    for (let from = 1; from < parts.length; from++) {
      const key = keyOf(parts.slice(from));
      places.set(key, places.has(key) ? -1 : index);
    }
  }
  // A whole name counts before the end of another.
  for (const [index, parts] of [...headings.entries()].reverse())
    if (parts.length > 0) places.set(keyOf(parts), index);
  return places;
}

function twice(names: readonly string[]): Problem[] {
  return names
    .filter((name, index) => name !== '' && names.indexOf(name) < index)
    .map((name) => problem('column-twice', `Column ${name} is there twice.`, name, name));
}

function absent({ at, names }: Header, required: readonly string[]): Problem[] {
  const there = excerpt(names.filter((name) => name !== '').join(', '));
  return required
    .filter((name) => !at.has(name))
    .map((name) => problem('column-missing', `Column ${name} is missing; there are: ${there}.`, name));
}
