import { type EarlyRow, type Merge } from './rows.js';

/**
 * The headings of each column from above to below. A heading that was written across several columns belongs to each of
 * them; one that reaches down over several rows counts once.
 */
export function headingsOf(
  block: readonly EarlyRow[],
  height: number,
  merges: readonly Merge[] | undefined,
): string[][] {
  const first = block[0]?.row ?? 1;
  const rows = Array.from({ length: height }, (_, index) => {
    const cells = block.find(({ row }) => row === first + index)?.cells ?? [];
    return cells.map((cell) =>
      cell
        .split(/[\r\n]/)
        .map((line) => line.trim())
        .join(''),
    );
  });
  const width = Math.max(0, ...rows.map((row) => row.length));
  for (const row of rows) while (row.length < width) row.push('');
  if (merges && height > 1) spread(rows, first - 1, merges);
  else infer(rows);
  return Array.from({ length: width }, (_, column) => {
    const parts = rows.map((row) => row[column] ?? '').filter((part) => part !== '');
    return parts.filter((part, index) => part !== parts[index - 1]);
  });
}

function spread(rows: string[][], first: number, merges: readonly Merge[]): void {
  for (const { top, left, right } of merges) {
    const row = rows[top - first];
    const text = row?.[left];
    if (!row || text === undefined) continue;
    for (let column = left + 1; column <= Math.min(right, row.length - 1); column++) row[column] = text;
  }
}

/** A file that cannot tell what was one cell: an empty heading above another belongs to its neighbour on the left. */
function infer(rows: string[][]): void {
  for (const [above, row] of rows.slice(0, -1).entries()) {
    for (const [column, text] of row.entries()) {
      const isAbove = rows.slice(above + 1).some((lower) => lower[column] !== '');
      if (text === '' && isAbove && column > 0) row[column] = row[column - 1] ?? '';
    }
  }
}
