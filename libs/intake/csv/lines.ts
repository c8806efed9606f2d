/** The longest row that is read, in characters (UTF-16 units), line breaks within it included. */
export const LONGEST_ROW = 1024 * 1024;

const KEPT_OF_TOO_LONG = 200;
const LINE_END = /\r\n|\r|\n/g;

/** A physical line. */
export interface Line {
  /** Counted from 1. */
  number: number;
  /** Without its end; only its beginning when it is too long. */
  text: string;
  /** How it ended: LF, CR, CRLF, or nothing for the last one. */
  end: string;
  /** Longer than `LONGEST_ROW`: the rest was thrown away. */
  tooLong: boolean;
}

/** Cuts a text that comes in pieces into lines. Never holds more than a piece and `LONGEST_ROW` characters. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  const open = new OpenLine();
  // A CR at the end of a piece may be half of a CRLF.
  let heldCr = '';
  for await (const piece of pieces) {
    const text = heldCr + piece;
    heldCr = text.endsWith('\r') ? '\r' : '';
    const usable = heldCr === '' ? text : text.slice(0, -1);
    let from = 0;
    for (const match of usable.matchAll(LINE_END)) {
      open.add(usable.slice(from, match.index));
      yield open.close(match[0]);
      from = match.index + match[0].length;
    }
    open.add(usable.slice(from));
  }
  if (heldCr !== '' || !open.empty) yield open.close(heldCr);
}

/** The line whose end was not seen yet. */
class OpenLine {
  private number = 1;
  private text = '';
  private tooLong = false;

  get empty(): boolean {
    return this.text === '';
  }

  add(text: string): void {
    if (this.tooLong) return;
    this.text += text;
    if (this.text.length <= LONGEST_ROW) return;
    this.tooLong = true;
    this.text = this.text.slice(0, KEPT_OF_TOO_LONG);
  }

  close(end: string): Line {
    const line = { number: this.number, text: this.text, end, tooLong: this.tooLong };
    this.number++;
    this.text = '';
    this.tooLong = false;
    return line;
  }
}
