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
  const best = likeliestHeader(rows, mapping, merges);
  if (!best) throw new FileRefused([problem('file-empty', 'The file is empty.')], 1);
  const problems = [...twice(best.names), ...absent(best, mapping.required)];
  if (problems.length > 0) throw new FileRefused(problems, best.first);
  return best;
}

/**
 * The first header among the rows that has all columns that must be there, or most of them. A list that asks for several
 * rows may also have its headings in one, as what we write ourselves has.
 */
export function likeliestHeader(
  rows: readonly EarlyRow[],
  mapping: Mapping<Intake>,
  merges?: readonly Merge[],
): Header | undefined {
  const { required, format } = mapping;
  let best: (Header & { found: number }) | undefined;
  for (const { row } of rows) {
    for (const height of new Set([format.headerRows, 1])) {
      const header = headerAt(row, height, rows, mapping, merges);
      const found = required.filter((column) => header.at.has(column)).length;
      if (!best || found > best.found) best = { ...header, found };
      if (found === required.length) return best;
    }
  }
  return best;
}

function headerAt(
  first: number,
  height: number,
  rows: readonly EarlyRow[],
  mapping: Mapping<Intake>,
  merges: readonly Merge[] | undefined,
): Header {
  const { format, columns } = mapping;
  const last = first + height - 1;
  const block = rows.filter(({ row }) => row >= first && row <= last);
  const headings = headingsOf(block, height, merges);
  const at = height === 1 || isHeading(block[0]) ? columnsAt(headings, mapping) : new Map<string, number>();
  const names = headings.map((parts) => parts.join(format.joinedBy));
  const read = new Set(at.values());
  const unread = names.filter((name, index) => name !== '' && !read.has(index));
  return { first, last, names, at, unread, missing: columns.filter((column) => !at.has(column)) };
}

/** A title has a few texts; the first row of a large header has many. */
const FEWEST_HEADINGS = 4;

function isHeading(row: EarlyRow | undefined): boolean {
  return new Set(row?.cells.filter((cell) => cell.trim() !== '')).size >= FEWEST_HEADINGS;
}

/** Where the columns that a mapping reads stand, under their own headings or synonyms. */
export function columnsAt(
  headings: readonly (readonly string[])[],
  { columns, synonyms, format }: Mapping<Intake>,
): Map<string, number> {
  const places = placesOf(headings, format.joinedBy);
  const at = new Map<string, number>();
  for (const column of columns) {
    const names = [column, ...(synonyms.get(column) ?? [])];
    const place = names.map((name) => places.get(plain(name))).find(isPlace);
    if (place !== undefined) at.set(column, place);
  }
  return at;
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
