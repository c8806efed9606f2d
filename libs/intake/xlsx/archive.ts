import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { refusal } from './refusal.js';

/** Far more than any form needs; pictures are entries too. */
const MOST_ENTRIES = 10_000;
/** Of all entries, as they say themselves. */
const MOST_BYTES = 2 * 1024 ** 3;
/** Rows that are all alike shrink to a hundredth; what shrinks further was made to. */
const MOST_RATIO = 250;
/** Below this nothing can grow to harm. */
const SMALL = 4 * 1024 * 1024;

/** The parts of a workbook. What it says of its sizes is looked at before anything is inflated. */
export class Archive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws FileRefused `workbook-damaged`, `workbook-too-large`, `workbook-encrypted` */
  static async open(file: string): Promise<Archive> {
    const zip = await openPromise(file, {
      autoClose: false,
      lazyEntries: true,
      validateEntrySizes: false,
    }).catch((error: unknown) => {
      throw refusal(error);
    });
    try {
      return new Archive(zip, await entriesOf(zip));
    } catch (error) {
      zip.close();
      throw refusal(error);
    }
  }

  close(): void {
    this.zip.close();
  }

  has(path: string): boolean {
    return this.entries.has(path.toLowerCase());
  }

  /**
   * What a part holds, piece by piece. What is inflated is counted: no part becomes larger than it said.
   * @throws FileRefused `workbook-damaged`, `workbook-too-large`
   */
  async *part(path: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(path.toLowerCase());
    if (!entry) throw refusal('workbook-damaged', `The workbook has no part ${path}.`);
    let left = entry.uncompressedSize;
    try {
      for await (const chunk of await this.zip.openReadStreamPromise(entry)) {
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

async function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES)
    throw refusal(
      'workbook-too-large',
      `The workbook has ${zip.entryCount} parts, ${MOST_ENTRIES} are read.`,
    );
  const entries = new Map<string, Entry>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    bytes += entry.uncompressedSize;
    if (bytes > MOST_BYTES)
      throw refusal('workbook-too-large', 'The parts of the workbook are larger than is read.');
    checkEntry(entry);
    entries.set(entry.fileName.toLowerCase(), entry);
  }
  return entries;
}

function checkEntry(entry: Entry): void {
  const { fileName, compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw refusal('workbook-encrypted', 'The workbook is protected by a password.');
  if (uncompressedSize > SMALL && uncompressedSize > compressedSize * MOST_RATIO)
    throw refusal('workbook-too-large', `The part ${fileName} grows more than ${MOST_RATIO} times.`);
}
