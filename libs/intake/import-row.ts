import { type RegisterProblem, type Source } from '../contracts/intake.js';
import { type Intake } from './mapping/mapping.js';
import { type Problem } from './problem.js';

/** The row as a spreadsheet counts it and the physical line on which it begins; in a workbook that is the row. */
interface Where {
  row: number;
  line: number;
}

/** A row that can be registered, with its cells as they stand in the file, by column. */
export type MappedRow<C extends Intake = RegisterProblem> = Where & {
  command: C;
  raw: Record<string, string>;
};
/** A row that cannot, with its cells; none where the row could not even be cut into cells. */
export type RefusedRow = Where & { refused: Problem[]; cells: readonly string[] };
/** A row that is a case already, and could be none by itself. */
export type KnownRow = Where & { known: true };
export type ImportRow<C extends Intake = RegisterProblem> = MappedRow<C> | RefusedRow | KnownRow;

/** A row as it reads by itself. With `split` nothing else is wrong with it than that it says less than a whole problem. */
export type ReadRow<C extends Intake = RegisterProblem> = MappedRow<C> | (RefusedRow & { split?: Source });
