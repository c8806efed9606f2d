import { widthOf } from './width.js';

/** How a piece of a line looks; a plain text looks like nothing in particular. */
const TONES = {
  title: '1;36',
  strong: '1',
  good: '32',
  bad: '31',
  warning: '33',
  cool: '34',
  dim: '2',
} as const;
export type Tone = keyof typeof TONES;

export interface Piece {
  text: string;
  tone: Tone;
}
export type Cell = string | Piece;
export type Line = readonly Cell[];

const INDENT = '  ';
/** Between two columns of a table. */
const GAP = '  ';
/** Columns of a terminal that a running text takes. */
const COLUMNS = 108;

export const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);

/** In columns of a terminal. */
export const wideness = (line: Line): number => widthOf(line.map(textOf).join(''));

export const toned = (tone: Tone, text: string): Piece => ({ text, tone });

/** What a demo says, as it says it; of each part, so many lines as are asked for are kept for a picture. */
export class Page {
  readonly pictured: Line[] = [];
  readonly #coloured = process.stdout.isTTY && (process.env.NO_COLOR ?? '') === '';
  #wanted = 0;

  /** Begins a part. @param pictured how many of its lines belong into a picture */
  part(title: string, sentence: string, pictured = 0): void {
    this.#wanted = pictured > 0 ? pictured + 2 : 0;
    this.#say([]);
    this.#say([toned('title', title), INDENT, toned('strong', sentence)]);
  }

  /** A line that belongs to no part. */
  head(...line: Line): void {
    this.#wanted = 1;
    this.#say(line);
  }

  line(...line: Line): void {
    this.#say([INDENT, ...line]);
  }

  /** Columns as wide as what stands in them. @param right those whose numbers stand below each other */
  table(rows: readonly (readonly (Cell | Line)[])[], right: readonly number[] = []): void {
    const lines = rows.map((row) =>
      row.map((cell) => (Array.isArray(cell) ? (cell as Line) : [cell as Cell])),
    );
    const widths: number[] = [];
    for (const row of lines)
      for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, wideness(cell));
    for (const row of lines)
      this.line(
        ...row.flatMap((cell, n) => {
          const fill = ' '.repeat((widths[n] ?? 0) - wideness(cell));
          const isLast = n === row.length - 1;
          return right.includes(n) ? [fill, ...cell, isLast ? '' : GAP] : [...cell, isLast ? '' : fill + GAP];
        }),
      );
  }

  /** Short things one behind the other, on as many lines as they take. */
  flow(things: readonly string[]): void {
    let line = '';
    for (const thing of things) {
      const longer = line === '' ? thing : `${line} · ${thing}`;
      if (widthOf(longer) > COLUMNS && line !== '') {
        this.line(line);
        line = thing;
      } else line = longer;
    }
    if (line !== '') this.line(line);
  }

  #say(line: Line): void {
    console.log(line.map((cell) => this.#written(cell)).join(''));
    if (this.#wanted > 0) {
      this.#wanted--;
      this.pictured.push(line);
    }
  }

  #written(cell: Cell): string {
    if (typeof cell === 'string' || !this.#coloured) return textOf(cell);
    return `\x1b[${TONES[cell.tone]}m${cell.text}\x1b[0m`;
  }
}
