import { type Merge } from '../rows.js';
import { type Archive } from './archive.js';
import { columnOf } from './sheet.js';

const MERGE = /<(?:\w+:)?mergeCell\s[^<>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/g;
/** A tag may be cut between two pieces. */
const OVERLAP = 300;
const MOST = 5000;

/**
 * Cells that were made one within the first rows. They are told behind the last row, so the whole part is looked through
 * for their tags; a tag cannot stand within a text. What the part is otherwise is judged when its rows are read.
 */
export async function mergesOf(archive: Archive, path: string, rows: number): Promise<Merge[]> {
  const found = new Map<string, Merge>();
  let tail = '';
  for await (const bytes of archive.part(path)) {
    const text = tail + bytes.toString('latin1');
    for (const [tag, left = '', top, right = '', bottom] of text.matchAll(MERGE)) {
      if (Number(top) > rows || found.size >= MOST) continue;
      const [from, to] = [columnOf(`${left}1`), columnOf(`${right}1`)];
      found.set(tag, { top: Number(top) - 1, bottom: Number(bottom) - 1, left: from, right: to });
    }
    tail = text.slice(-OVERLAP);
  }
  return [...found.values()];
}
