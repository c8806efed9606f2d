import { TextDecoder } from 'node:util';

const BOM = 0xfeff;

/** Whether bytes that come in pieces are text of an encoding. */
export class Trial {
  /** Whether the text begins with a byte order mark. */
  bom = false;
  private readonly decoder: TextDecoder;
  private failed = false;
  private begun = false;

  constructor(private readonly encoding: string) {
    this.decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  feed(chunk: Uint8Array): void {
    if (!this.failed) this.decode(chunk);
  }

  /** To be asked once, after the last piece. */
  passed(): boolean {
    if (!this.failed) this.decode();
    return !this.failed;
  }

  /** What the file is instead, to follow "The file …"; nothing if it is text of the encoding. To be asked once, at the end. */
  against(): string | undefined {
    return this.passed() ? undefined : `is ${this.encoding} with damaged bytes`;
  }

  private decode(chunk?: Uint8Array): void {
    try {
      const text = this.decoder.decode(chunk, { stream: chunk !== undefined });
      if (this.begun || text === '') return;
      this.bom = text.charCodeAt(0) === BOM;
      this.begun = true;
    } catch {
      this.failed = true;
    }
  }
}

export class Utf8Trial extends Trial {
  constructor() {
    super('utf-8');
  }
}

/**
 * Almost any bytes can be read as GB18030, so that decoding without an error proves little. Two things speak against it:
 * UTF-8 of which some bytes are damaged still has mostly good sequences, which Chinese text in GB18030 has not; and in
 * Western text of one byte a character the accented letters stand between plain ones, so that the "second bytes" are
 * ASCII, which they rarely are in Chinese text.
 */
export class Gb18030Trial extends Trial {
  private readonly asUtf8 = new TextDecoder('utf-8');
  private goodUtf8 = 0;
  private badUtf8 = 0;
  private readonly pairs = new Pairs();

  constructor() {
    super('gb18030');
  }

  override feed(chunk: Uint8Array): void {
    super.feed(chunk);
    this.pairs.feed(chunk);
    for (const [character] of this.asUtf8.decode(chunk, { stream: true }).matchAll(/[^\0-\x7f]/gu)) {
      if (character === '\ufffd') this.badUtf8++;
      else this.goodUtf8++;
    }
  }

  override against(): string | undefined {
    if (this.goodUtf8 > this.badUtf8) return 'is UTF-8 with damaged bytes';
    if (!this.passed() || this.pairs.asciiSecond > this.pairs.highSecond)
      return 'is neither UTF-8 nor GB18030 text';
    return undefined;
  }
}

/** Counts the two-byte characters of GB18030 by their second byte. */
class Pairs {
  asciiSecond = 0;
  highSecond = 0;
  private afterLead = false;
  private skip = 0;

  feed(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (this.skip > 0) this.skip--;
      else if (this.afterLead) this.second(byte);
      else this.afterLead = byte > 0x80;
    }
  }

  private second(byte: number): void {
    this.afterLead = false;
    // A digit begins the second half of a character of four bytes.
    if (byte >= 0x30 && byte <= 0x39) this.skip = 2;
    else if (byte < 0x80) this.asciiSecond++;
    else this.highSecond++;
  }
}
