import { openZip, type Zip } from '../../platform/zip.js';
import { refusal } from './refusal.js';

/** Of all parts, as they say themselves. */
const MOST_BYTES = 2 * 1024 ** 3;

/** The parts of a workbook. What it says of its sizes is looked at before anything is inflated. */
export class Archive {
  private constructor(private readonly zip: Zip) {}

  /** @throws FileRefused `workbook-damaged`, `workbook-too-large`, `workbook-encrypted` */
  static async open(file: string): Promise<Archive> {
    try {
      return new Archive(await openZip(file, MOST_BYTES, { validateEntrySizes: false }));
    } catch (error) {
      throw refusal(error);
    }
  }

  close(): void {
    this.zip.file.close();
  }

  has(path: string): boolean {
    return this.zip.parts.has(path.toLowerCase());
  }

  /**
   * What a part holds, piece by piece. What is inflated is counted: no part becomes larger than it said.
   * @throws FileRefused `workbook-damaged`, `workbook-too-large`
   */
  async *part(path: string): AsyncGenerator<Buffer> {
    const entry = this.zip.parts.get(path.toLowerCase());
    if (!entry) throw refusal('workbook-damaged', `The workbook has no part ${path}.`);
    let left = entry.uncompressedSize;
    try {
      for await (const chunk of await this.zip.file.openReadStreamPromise(entry)) {
        const bytes = chunk as Buffer;
        left -= bytes.length;
        if (left < 0) throw refusal('workbook-too-large', `The part ${path} is larger than it says.`);
        yield bytes;
      }
    } catch (error) {
      throw refusal(error);
    }
    if (left > 0) throw refusal('workbook-damaged', `The part ${path} is cut off.`);
  }
}
