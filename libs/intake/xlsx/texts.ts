import { LONGEST_CELL } from '../rows.js';
import { type Archive } from './archive.js';
import { refusal } from './refusal.js';
import { readAll, type Listener } from './xml.js';

const BLOCK_BYTES = 1024 * 1024;
/** Of all shared texts together, in UTF-8: some two and a half million cells of different short texts. */
const MOST_BYTES = 96 * 1024 * 1024;
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

/** The text of `<si>`, `<is>`: of its runs, without how it is pronounced (`<rPh>`). `<v>` and `<f>` are read alike. */
export class TextOf {
  private text = '';
  private inText = false;
  private pronounced = false;

  /** @param names of the elements that hold text */
  constructor(private readonly names: readonly string[] = ['t']) {}

  open(name: string): void {
    if (name === 'rPh') this.pronounced = true;
    this.inText = this.names.includes(name) && !this.pronounced;
  }

  add(text: string): void {
    // One character more shows that it is too long.
    if (this.inText && this.text.length <= LONGEST_CELL) this.text += text.slice(0, LONGEST_CELL + 1);
  }

  close(name: string): void {
    this.inText = false;
    if (name === 'rPh') this.pronounced = false;
  }

  /** What was read, and begins anew. */
  take(): string {
    const { text } = this;
    this.text = '';
    return unescaped(text);
  }
}

/** `_x000D_` stands for what XML could not hold. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(ESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Texts that cells refer to by number, kept as bytes: millions of texts of their own would fill the memory. */
export class SharedTexts {
  private readonly blocks: Buffer[] = [];
  /** Where each begins, counted over all blocks. */
  private starts = new Float64Array(1024);
  private lengths = new Uint32Array(1024);
  private count = 0;
  private end = 0;

  /** @throws FileRefused `workbook-too-large`, and those of `readXml` */
  static async of(archive: Archive, path: string | undefined): Promise<SharedTexts> {
    const texts = new SharedTexts();
    if (path !== undefined) await readAll(archive, path, texts.listener());
    return texts;
  }

  /** @returns nothing for a number that no text has */
  at(index: number): string | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) return undefined;
    const start = this.starts[index] ?? 0;
    const from = start % BLOCK_BYTES;
    return this.blocks[Math.floor(start / BLOCK_BYTES)]?.toString(
      'utf8',
      from,
      from + (this.lengths[index] ?? 0),
    );
  }

  private listener(): Listener {
    const text = new TextOf();
    return {
      open: (name) => {
        text.open(name);
      },
      text: (part) => {
        text.add(part);
      },
      close: (name) => {
        text.close(name);
        if (name === 'si') this.add(text.take());
      },
    };
  }

  private add(text: string): void {
    const bytes = Buffer.byteLength(text);
    // A text lies in one block.
    if ((this.end % BLOCK_BYTES) + bytes > BLOCK_BYTES) this.end = this.blocks.length * BLOCK_BYTES;
    if (this.end + bytes > MOST_BYTES)
      throw refusal(
        'workbook-too-large',
        'The workbook holds more different texts than are read; save it as CSV.',
      );
    const block = (this.blocks[Math.floor(this.end / BLOCK_BYTES)] ??= Buffer.allocUnsafeSlow(BLOCK_BYTES));
    block.write(text, this.end % BLOCK_BYTES);
    if (this.count === this.lengths.length) this.grow();
    this.starts[this.count] = this.end;
    this.lengths[this.count] = bytes;
    this.count++;
    this.end += bytes;
  }

  private grow(): void {
    const [starts, lengths] = [this.starts, this.lengths];
    this.starts = new Float64Array(this.count * 2);
    this.lengths = new Uint32Array(this.count * 2);
    this.starts.set(starts);
    this.lengths.set(lengths);
  }
}
