import { fileTypeFromFile } from 'file-type';
import { open } from 'node:fs/promises';
import { refuse } from '../../contracts/refusal.js';
import { boxesOf } from '../sealed/boxes.js';
import { type Arrived } from '../files.js';
import { assertHeic } from '../pictures/heic.js';
import { assertOffice } from './office.js';
import { assertPicture } from '../pictures/pictures.js';

interface Kind {
  /** How the name of such a file ends. */
  extension: string;
  /** How its content begins. */
  begins: (head: Buffer) => boolean;
  /** Looks at the whole. @throws Refusal input/media-type, input/too-large */
  check: (file: Arrived) => Promise<void>;
  /** Whether it is a photo of which pictures can be made. */
  picture?: true;
}

const startsWith = (hex: string) => {
  const start = Buffer.from(hex, 'hex');
  return (head: Buffer): boolean => head.subarray(0, start.length).equals(start);
};
const word = (head: Buffer, from: number): string => head.toString('latin1', from, from + 4);
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/**
 * What may be uploaded. What a file is its content says, from its first byte on: what only begins so further in, as a PDF
 * behind a page of HTML, is none. What stands behind the end of a photo (some cameras write a film there) is neither
 * looked at nor refused: pictures that are shown are made anew and do not have it.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  'image/jpeg': {
    extension: 'jpg',
    begins: startsWith('ffd8ff'),
    check: (file) => assertPicture(file, 'jpeg'),
    picture: true,
  },
  'image/png': {
    extension: 'png',
    begins: startsWith('89504e470d0a1a0a'),
    check: (file) => assertPicture(file, 'png'),
    picture: true,
  },
  'image/webp': {
    extension: 'webp',
    begins: (head) => word(head, 0) === 'RIFF' && word(head, 8) === 'WEBP',
    check: (file) => assertPicture(file, 'webp'),
    picture: true,
  },
  'image/heic': {
    extension: 'heic',
    begins: (head) => word(head, 4) === 'ftyp',
    check: async (file) => {
      const { brands, types } = await boxesOf(file);
      if (!brands.some((brand) => brand === 'heic' || brand === 'heix') || !types.includes('meta')) other();
      await assertHeic(file);
    },
    picture: true,
  },
  'application/pdf': {
    extension: 'pdf',
    begins: (head) => head.toString('latin1', 0, 5) === '%PDF-',
    check: (file) => assertType(file, 'application/pdf'),
  },
  [`${DOCX}.document`]: {
    extension: 'docx',
    begins: startsWith('504b0304'),
    check: (file) => assertOffice(file, `${DOCX}.document.main+xml`),
  },
  [`${XLSX}.sheet`]: {
    extension: 'xlsx',
    begins: startsWith('504b0304'),
    check: (file) => assertOffice(file, `${XLSX}.sheet.main+xml`),
  },
  'video/mp4': {
    extension: 'mp4',
    begins: (head) => word(head, 4) === 'ftyp',
    check: async (file) => {
      await assertType(file, 'video/mp4');
      if (!(await boxesOf(file)).types.includes('moov')) other();
    },
  },
};

const other = (): never => refuse('input/media-type');

/** The kind that was declared, or a refusal. Parameters of the media type say nothing here. @throws Refusal input/media-type */
export function declaredKind(mediaType: string): string {
  const plain = mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
  return Object.hasOwn(KINDS, plain) ? plain : other();
}

/** Whether the file is what it was declared to be. @throws Refusal input/media-type, input/too-large */
export async function assertKind(file: Arrived, mediaType: string): Promise<void> {
  const kind = KINDS[declaredKind(mediaType)];
  if (!kind?.begins(await headOf(file))) other();
  await kind?.check(file);
}

async function assertType(file: Arrived, mediaType: string): Promise<void> {
  const found = await fileTypeFromFile(file.path).catch(() => undefined);
  if (found?.mime !== mediaType) other();
}

async function headOf({ path }: Arrived): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
