import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { Refusal, refuse } from '../contracts/refusal.js';
import { codeOf } from '../platform/fault.js';
import { type Arrived } from './files.js';

const MOST_ENTRIES = 10_000;
/** Of all entries, as they say themselves. */
const MOST_BYTES = 1024 ** 3;
/** Rows that are all alike shrink to a hundredth; what shrinks further was made to. */
const MOST_RATIO = 250;
/** Below this nothing can grow to harm. */
const SMALL = 4 * 1024 * 1024;
/** Of the part that lists the kinds of all parts. */
const MOST_TYPES = 1024 * 1024;
const TYPES = '[content_types].xml';
/** Programs that run when the document is opened. */
const PROGRAMS = /macroEnabled|vbaProject/i;

/**
 * A document of Office that says it is of this kind, has no programs in it and does not grow to harm when somebody opens
 * it. Nothing but the list of its parts is inflated here.
 * @throws Refusal input/media-type, input/too-large
 */
export async function assertOffice({ path }: Arrived, mainType: string): Promise<void> {
  try {
    const zip = await openPromise(path, { autoClose: false, lazyEntries: true });
    try {
      const types = await typesOf(zip);
      if (!types.includes(mainType) || PROGRAMS.test(types)) refuse('input/media-type');
    } finally {
      zip.close();
    }
  } catch (error) {
    if (error instanceof Refusal || !isAboutTheFile(error)) throw error;
    refuse('input/media-type');
  }
}

/** The package throws plain errors of what it reads; anything more special is not about the file. */
const isAboutTheFile = (error: unknown): boolean =>
  error instanceof Error && error.constructor === Error && /^(?:Z_|$)/.test(codeOf(error));

/** The text of the part that says what all are; what all say of their sizes is looked at before. */
async function typesOf(zip: ZipFile): Promise<string> {
  if (zip.entryCount > MOST_ENTRIES) refuse('input/too-large');
  let [bytes, found]: [number, Entry | undefined] = [0, undefined];
  for await (const entry of zip.eachEntry()) {
    const { fileName, compressedSize, uncompressedSize } = entry;
    bytes += uncompressedSize;
    const grows = uncompressedSize > SMALL && uncompressedSize > compressedSize * MOST_RATIO;
    if (bytes > MOST_BYTES || grows) refuse('input/too-large');
    if (entry.isEncrypted() || /vbaProject/i.test(fileName)) refuse('input/media-type');
    if (fileName.toLowerCase() === TYPES) found = entry;
  }
  if (!found || found.uncompressedSize > MOST_TYPES) return refuse('input/media-type');
  let text = '';
  for await (const chunk of await zip.openReadStreamPromise(found))
    text += (chunk as Buffer).toString('latin1');
  return text;
}
