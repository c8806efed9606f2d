import { quotesIn } from '../../platform/csv/cells.js';
import { LONGEST_ROW, type Line } from './lines.js';

/** Lines that were read but may yet turn out to be rows of their own. */
export class Ahead {
  private readonly read: { line: Line; quotes: number }[] = [];

  constructor(private readonly lines: AsyncIterator<Line>) {}

  /** The next line and, while a quote is open, those behind it, at most `most` lines. Empty at the end. */
  async row(most: number): Promise<Line[]> {
    const taken: Line[] = [];
    let open = false;
    let length = 0;
    do {
      const next = await this.at(taken.length);
      if (!next) break;
      length += next.line.text.length + next.line.end.length;
      if (taken.length > 0 && (next.line.tooLong || length > LONGEST_ROW)) break;
      taken.push(next.line);
      open = open !== (next.quotes % 2 === 1);
    } while (open && taken.length < most);
    return taken;
  }

  /** Takes lines away for good. */
  drop(count: number): void {
    this.read.splice(0, count);
  }

  private async at(index: number): Promise<{ line: Line; quotes: number } | undefined> {
    const there = this.read[index];
    if (there) return there;
    const next = await this.lines.next();
    if (next.done === true) return undefined;
    const counted = { line: next.value, quotes: quotesIn(next.value.text) };
    this.read.push(counted);
    return counted;
  }
}
