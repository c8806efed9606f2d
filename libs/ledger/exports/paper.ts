import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';
import { PAPER } from '../../contracts/messages/forms.js';

/** The package of the fonts has them beside its code. */
const FONTS = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts');
/** Named by its file, by which the document was opened: under another name it would be read anew whenever it is asked for. */
const PLAIN = join(FONTS, 'NotoSansHans-Regular.otf');
const LEFT = 48;
const TOP = 56;
/** Below it stand where the page comes from and its number. */
const FOOT = 48;
const PAD = 4;
const THUMB = { width: 96, height: 72 };
const LINE = '#777777';

/** What pdfkit has besides what its types say. */
interface Opening {
  openImage: (bytes: Buffer) => PDFKit.Mixins.ImageSrc & { width: number; height: number };
}

/** A sheet of A4, upright, on which tables flow from page to page. Only the glyphs in use go into the file. */
export class Paper {
  readonly document: PDFKit.PDFDocument;
  readonly #width: number;

  constructor(title: string, author: string) {
    this.document = new PDFDocument({
      ...{ size: 'A4', bufferPages: true, info: { Title: title, Author: author }, lang: 'zh-CN' },
      margins: { top: TOP, bottom: FOOT, left: LEFT, right: LEFT },
      font: PLAIN,
    });
    this.document.registerFont('bold', join(FONTS, 'NotoSansHans-Bold.otf'));
    this.#width = this.document.page.width - 2 * LEFT;
  }

  title(text: string, below: string): void {
    this.document.font('bold').fontSize(18).text(text, LEFT, TOP, { width: this.#width, align: 'center' });
    this.document.font(PLAIN).fontSize(10).moveDown(0.4).text(below, { width: this.#width, align: 'right' });
    this.document.moveDown(0.4);
  }

  heading(text: string): void {
    this.#need(60);
    this.document.moveDown(0.6).font('bold').fontSize(11).text(text, LEFT, undefined, { width: this.#width });
    this.document.moveDown(0.3);
  }

  /** Rows of texts in columns of these shares; `bold`: the first row, or the first column of each. */
  table(shares: readonly number[], rows: readonly (readonly string[])[], bold: 'row' | 'columns'): void {
    const sum = shares.reduce((all, share) => all + share, 0);
    const widths = shares.map((share) => (share / sum) * this.#width);
    const [head = []] = rows;
    const fontOf = (heading: boolean) => (heading ? 'bold' : PLAIN);
    const ofPair = (column: number): string => fontOf(column % 2 === 0);
    for (const [index, cells] of rows.flatMap((row, n) => pieces(row).map((piece) => [n, piece] as const))) {
      const font = bold === 'row' ? () => fontOf(index === 0) : ofPair;
      // The headings stand on every page.
      const turned = this.#need(this.#heightOf(widths, cells, font));
      if (turned && bold === 'row' && index > 0) this.#row(widths, head, () => 'bold');
      this.#row(widths, cells, font);
    }
  }

  /** Boxes to sign in, side by side. */
  boxes(titles: readonly string[], below: string): void {
    const [each, height] = [this.#width / titles.length, 84];
    this.#need(height);
    const top = this.document.y;
    for (const [n, title] of titles.entries()) {
      const left = LEFT + n * each;
      this.document.rect(left, top, each, height).lineWidth(0.5).stroke(LINE);
      this.document
        .font('bold')
        .fontSize(9)
        .text(title, left + PAD, top + PAD, { width: each - 2 * PAD });
      const options = { width: each - 2 * PAD, align: 'right' as const };
      this.document
        .font(PLAIN)
        .fontSize(8)
        .text(below, left + PAD, top + height - 16, options);
    }
    this.#at(top + height);
  }

  /** Pictures in a row, each above its name; what is none is left out. */
  pictures(pictures: readonly { bytes: Buffer; name: string }[]): void {
    const room = Math.floor(this.#width / (THUMB.width + 8));
    const opened = pictures.flatMap(({ bytes, name }) => {
      const image = this.#opened(bytes);
      return image ? [{ image, name }] : [];
    });
    for (let from = 0; from < opened.length; from += room) {
      this.#need(THUMB.height + 28);
      const top = this.document.y + 6;
      for (const [n, { image, name }] of opened.slice(from, from + room).entries()) {
        const left = LEFT + n * (THUMB.width + 8);
        this.document.image(image, left, top, { fit: [THUMB.width, THUMB.height] });
        this.document.font(PLAIN).fontSize(7);
        const options = { width: THUMB.width, height: 10, ellipsis: true };
        this.document.text(name, left, top + THUMB.height + 2, options);
      }
      this.#at(top + THUMB.height + 16);
    }
  }

  #opened(bytes: Buffer): PDFKit.Mixins.ImageSrc | undefined {
    try {
      const image = (this.document as unknown as Opening).openImage(bytes);
      return image.width > 0 && image.height > 0 ? image : undefined;
    } catch {
      return undefined;
    }
  }

  /** Ends it: on every page stands where it comes from, and its number. */
  end(mark: string): void {
    const { start, count } = this.document.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.document.switchToPage(page);
      // Below the margin a text would begin another page.
      this.document.page.margins.bottom = 0;
      const { height } = this.document.page;
      const number = `${PAPER.page} ${page - start + 1} ${PAPER.of} ${count} ${PAPER.pages}`;
      this.document.font(PLAIN).fontSize(7).fillColor(LINE);
      this.document.text(mark, LEFT, height - FOOT + 8, {
        width: this.#width - 90,
        height: 24,
        ellipsis: true,
      });
      const right = { width: 84, align: 'right' as const, lineBreak: false };
      this.document.text(number, LEFT + this.#width - 84, height - FOOT + 8, right);
    }
    this.document.end();
  }

  #row(widths: readonly number[], cells: readonly string[], fontOf: (column: number) => string): void {
    const { document } = this;
    const height = this.#heightOf(widths, cells, fontOf);
    this.#need(height);
    const top = document.y;
    let left = LEFT;
    for (const [n, cell] of cells.entries()) {
      const width = widths[n] ?? 0;
      document.rect(left, top, width, height).lineWidth(0.5).stroke(LINE);
      const options = { width: width - 2 * PAD, height: height - PAD, ellipsis: true };
      document
        .font(fontOf(n))
        .fillColor('black')
        .text(cell, left + PAD, top + PAD, options);
      left += width;
    }
    this.#at(top + height);
  }

  #heightOf(widths: readonly number[], cells: readonly string[], fontOf: (column: number) => string): number {
    this.document.fontSize(9);
    const heights = cells.map((cell, n) =>
      this.document.font(fontOf(n)).heightOfString(cell || ' ', { width: (widths[n] ?? 0) - 2 * PAD }),
    );
    return Math.min(Math.max(...heights) + 2 * PAD, this.#most());
  }

  #most(): number {
    return this.document.page.height - TOP - FOOT;
  }

  /** Goes to another page unless there is so much room. @returns whether it has */
  #need(height: number): boolean {
    const turns = this.document.y + height > this.document.page.height - FOOT;
    if (turns) this.document.addPage();
    return turns;
  }

  #at(y: number): void {
    this.document.x = LEFT;
    this.document.y = y;
  }
}

/** Characters of a cell that surely fit on a page, however narrow its column is; a new line is as good as many. */
const FITTING = 500;
const LINE_FEED = 20;

/** A row goes on in further rows where one of its texts is too long for a page. */
function pieces(cells: readonly string[]): string[][] {
  const cut = cells.map(piecesOf);
  const count = Math.max(...cut.map(({ length }) => length));
  return Array.from({ length: count }, (_, n) => cut.map((some) => some[n] ?? ''));
}

function piecesOf(cell: string): string[] {
  const found: string[] = [];
  let [piece, room] = ['', FITTING];
  for (const character of cell) {
    room -= character === '\n' ? LINE_FEED : 1;
    if (room < 0) {
      found.push(piece);
      [piece, room] = ['', FITTING];
    }
    piece += character;
  }
  return [...found, piece];
}
