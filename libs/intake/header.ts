import { FileRefused, type Problem, excerpt, problem } from './problem.js';

/** A file with more columns is no list of problems. */
export const MOST_COLUMNS = 1000;

/**
 * Where each column stands. Other columns than those needed may be there; columns without a name are passed over.
 * @throws FileRefused, row 1, `column-missing`, `column-twice`, `too-many-columns`
 */
export function columnsOf(header: string[], needed: readonly string[]): ReadonlyMap<string, number> {
  if (header.length > MOST_COLUMNS) {
    const message = `The header has ${header.length} columns, ${MOST_COLUMNS} are read.`;
    throw new FileRefused([problem('too-many-columns', message)], 1);
  }
  const columns = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [index, cell] of header.entries()) {
    const name = cell.trim();
    if (columns.has(name))
      problems.push(problem('column-twice', `Column ${name} is there twice.`, name, cell));
    else if (name !== '') columns.set(name, index);
  }
  const there = excerpt([...columns.keys()].join(', '));
  for (const name of needed) {
    if (columns.has(name)) continue;
    problems.push(problem('column-missing', `Column ${name} is missing; there are: ${there}.`, name));
  }
  if (problems.length > 0) throw new FileRefused(problems, 1);
  return columns;
}
