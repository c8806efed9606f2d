import sharp, { type Sharp } from 'sharp';
import { Refusal, refuse } from '../../contracts/refusal.js';
import { Turns } from '../../platform/turns.js';
import { type Arrived } from '../files.js';
import { type Picture, unpackedHeic } from './heic.js';
import { LIKENESS_HEIGHT, LIKENESS_WIDTH, likenessOf } from './likeness.js';

/** A picture of more is made to use up the memory of whoever looks at it. */
const MOST_PIXELS = 100_000_000;
/** So long may one take, in seconds. */
const PATIENCE = 20;
/** Worked on at the same time: each needs the memory of its pixels. */
const AT_ONCE = 2;
/** Who comes when so many wait comes again later. */
const MOST_WAITING = 200;

/** What pictures are made of a photo: the longer side in pixels, and how good the JPEG is. */
const SIZES = { copy: { side: 2048, quality: 85 }, thumbnail: { side: 320, quality: 75 } } as const;
export type Size = keyof typeof SIZES;

sharp.concurrency(1);
sharp.cache(false);

const opened = (picture: string | Buffer): Sharp =>
  sharp(picture, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true });
const openedPixels = ({ data, width, height }: Picture): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } });

/**
 * A picture of this format whose head can be read and which has no more pixels than are unpacked. Nothing is unpacked.
 * @throws Refusal input/media-type, input/too-large
 */
export async function assertPicture({ path }: Arrived, format: 'jpeg' | 'png' | 'webp'): Promise<void> {
  // Without a limit: the head of one that is too large is read as well, to say what is wrong with it.
  const found = await sharp(path, { limitInputPixels: false, failOn: 'error' })
    .metadata()
    .catch(() => undefined);
  if (found?.format !== format || !found.width || !found.height) return refuse('input/media-type');
  if (found.width * found.height * (found.pages ?? 1) > MOST_PIXELS) refuse('input/too-large');
}

/** By what a photo is known again when it was made smaller or compressed anew; undefined where it cannot be unpacked. */
export async function likenessIn(path: string, mediaType: string): Promise<string | undefined> {
  const grey = await made(path, mediaType, (photo) =>
    photo
      .rotate()
      .flatten({ background: '#ffffff' })
      .greyscale()
      .resize(LIKENESS_WIDTH, LIKENESS_HEIGHT, { fit: 'fill' })
      .raw(),
  );
  return grey && likenessOf(grey);
}

/**
 * A JPEG of the photo, upright, with nothing in it but the picture: neither what the camera wrote nor what somebody put
 * behind its end. undefined where it cannot be unpacked.
 */
export async function pictureOf(photo: Buffer, mediaType: string, size: Size): Promise<Buffer | undefined> {
  const { side, quality } = SIZES[size];
  return made(photo, mediaType, (picture) =>
    picture
      .rotate()
      .flatten({ background: '#ffffff' })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality }),
  );
}

const turns = new Turns(AT_ONCE, MOST_WAITING);
/** HEIC is unpacked whole, and one at a time: what others send does not wait for it. */
const unpacking = new Turns(1, MOST_WAITING);

/** @throws Refusal service/unavailable */
async function made(
  photo: string | Buffer,
  mediaType: string,
  wanted: (photo: Sharp) => Sharp,
): Promise<Buffer | undefined> {
  const make = (picture: Sharp): Promise<Buffer> =>
    turns.take(() => wanted(picture).timeout({ seconds: PATIENCE }).toBuffer());
  try {
    if (mediaType !== 'image/heic') return await make(opened(photo));
    return await unpacking.take(async () => {
      const picture = await unpackedHeic(photo);
      return picture && (await make(openedPixels(picture)));
    });
  } catch (error) {
    // Nothing is made of what cannot be unpacked.
    if (error instanceof Refusal) throw error;
    return undefined;
  }
}
