import { EXPORT_COLUMNS } from '../../contracts/exports.js';
import { type ListedRow } from '../../contracts/ledger.js';
import { type SheetCell } from '../../platform/xlsx/sheet.js';
import { CELLS } from './cells.js';
import { problemOf, type ProblemRow } from './problem-row.js';
import { type Words } from './words.js';

/** Headings, and what stands under them of a row. */
export interface Table {
  header: readonly string[];
  cells: (row: ListedRow) => SheetCell[];
}

/**
 * The ledger as people read it, and behind it what an import needs. A heading that both have is the import's: what it says
 * is read back as it was.
 */
export function ledgerTable(words: Words, problem: ProblemRow): Table {
  const own = EXPORT_COLUMNS.map((name) => ({ heading: words.catalogue.columns[name], cell: CELLS[name] }));
  const shown = own.map(({ heading, cell }) => ({ cell, at: problem.headings.indexOf(heading) }));
  const taken = new Set(shown.map(({ at }) => at));
  const more = problem.headings.map((heading, at) => ({ heading, at })).filter(({ at }) => !taken.has(at));
  return {
    header: [...own, ...more].map(({ heading }) => heading),
    cells: (row) => {
      const again = problem.cells(problemOf(row));
      return [
        ...shown.map(({ cell, at }) => (at < 0 ? cell(row, words) : again[at])),
        ...more.map(({ at }) => again[at]),
      ];
    },
  };
}
