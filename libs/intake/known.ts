import { type Source } from '../contracts/intake.js';
import { type ImportRow, type ReadRow } from './import-row.js';
import { type Intake } from './mapping/mapping.js';

/** Whether a problem of each source is a case already, in the order of the question. */
export type Known = (sources: readonly Source[]) => Promise<readonly boolean[]>;

/** So many rows are held, and asked about at once. */
export const AT_ONCE = 500;

/**
 * What was split, and the parts of it, are told as known where they are there: our own export has such rows. Rows wait for
 * the answer only where there is something to be asked.
 */
export async function* withKnownParts<C extends Intake>(
  rows: AsyncIterable<ReadRow<C>>,
  known: Known,
): AsyncGenerator<ImportRow<C>> {
  let held: ReadRow<C>[] = [];
  for await (const row of rows) {
    if (held.length === 0 && !sourceOf(row)) {
      yield row;
      continue;
    }
    held.push(row);
    if (held.length < AT_ONCE) continue;
    yield* await answered(held, known);
    held = [];
  }
  yield* await answered(held, known);
}

async function answered<C extends Intake>(
  rows: readonly ReadRow<C>[],
  known: Known,
): Promise<ImportRow<C>[]> {
  const sources = rows.flatMap((row) => sourceOf(row) ?? []);
  const answers = sources.length > 0 ? await known(sources) : [];
  const there = new Set(sources.filter((_, index) => answers[index] === true));
  return rows.map((read) => {
    const { row, line } = read;
    const source = sourceOf(read);
    return source && there.has(source) ? { row, line, known: true } : read;
  });
}

/** Without a document nothing is known to be the same. */
function sourceOf<C extends Intake>(row: ReadRow<C>): Source | undefined {
  return 'refused' in row && row.split?.document !== undefined ? row.split : undefined;
}
