import { type Entry, openPromise, type Options, type ZipFile } from 'yauzl';
import { codeOf } from './fault.js';

/** Far more than any document needs; pictures are parts too. */
const MOST_PARTS = 10_000;
/** Rows that are all alike shrink to a hundredth; what shrinks further was made to. */
const MOST_RATIO = 250;
/** Below this nothing can grow to harm. */
const SMALL = 4 * 1024 * 1024;

/** What an archive says of itself is not taken. The message goes on from what it is called. */
export class ZipRefused extends Error {
  constructor(
    readonly why: 'too-large' | 'encrypted',
    message: string,
  ) {
    super(message);
    this.name = 'ZipRefused';
  }
}

export interface Zip {
  file: ZipFile;
  /** By their names in small letters, as Office takes them. */
  parts: ReadonlyMap<string, Entry>;
}

/**
 * An archive whose parts do not grow to harm, as they say themselves: nothing is inflated. Whoever opens it closes it.
 * @param mostBytes of all parts
 * @throws ZipRefused, and plain errors of what is no archive (`isAboutZip`)
 */
export async function openZip(path: string, mostBytes: number, options: Options = {}): Promise<Zip> {
  const file = await openPromise(path, { ...options, autoClose: false, lazyEntries: true });
  try {
    return { file, parts: await partsOf(file, mostBytes) };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function partsOf(file: ZipFile, mostBytes: number): Promise<Zip['parts']> {
  if (file.entryCount > MOST_PARTS)
    throw new ZipRefused('too-large', `has ${file.entryCount} parts, ${MOST_PARTS} are read`);
  const parts = new Map<string, Entry>();
  let bytes = 0;
  for await (const part of file.eachEntry()) {
    const { fileName, compressedSize, uncompressedSize } = part;
    if (part.isEncrypted()) throw new ZipRefused('encrypted', 'is protected by a password');
    bytes += uncompressedSize;
    if (bytes > mostBytes) throw new ZipRefused('too-large', 'has parts that are larger than is read');
    if (uncompressedSize > SMALL && uncompressedSize > compressedSize * MOST_RATIO)
      throw new ZipRefused('too-large', `has a part ${fileName} that grows more than ${MOST_RATIO} times`);
    parts.set(fileName.toLowerCase(), part);
  }
  return parts;
}

/** The package throws plain errors of what it reads; anything more special, as of a disk, is not about the file. */
export const isAboutZip = (error: unknown): error is Error =>
  error instanceof Error && error.constructor === Error && /^(?:Z_|$)/.test(codeOf(error));
