import { refuse } from '../../contracts/refusal.js';
import { isAboutZip, openZip, type Zip, ZipRefused } from '../../platform/zip.js';
import { type Arrived } from '../files.js';

/** Of all parts, as they say themselves. */
const MOST_BYTES = 1024 ** 3;
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
    const zip = await openZip(path, MOST_BYTES);
    try {
      const types = await typesOf(zip);
      if (!types.includes(mainType) || PROGRAMS.test(types)) refuse('input/media-type');
    } finally {
      zip.file.close();
    }
  } catch (error) {
    if (error instanceof ZipRefused && error.why === 'too-large') refuse('input/too-large');
    if (error instanceof ZipRefused || isAboutZip(error)) refuse('input/media-type');
    throw error;
  }
}

/** The text of the part that says what all are. */
async function typesOf({ file, parts }: Zip): Promise<string> {
  const found = parts.get(TYPES);
  if (!found || found.uncompressedSize > MOST_TYPES || [...parts.keys()].some((name) => PROGRAMS.test(name)))
    return refuse('input/media-type');
  let text = '';
  for await (const chunk of await file.openReadStreamPromise(found))
    text += (chunk as Buffer).toString('latin1');
  return text;
}
