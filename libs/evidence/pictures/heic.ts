import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { refuse } from '../../contracts/refusal.js';
import { codeOf } from '../../platform/fault.js';
import { Turns } from '../../platform/turns.js';
import { type Arrived } from '../files.js';

/** The largest that a phone takes, 8,064 × 6,048, is unpacked; what has more is refused. */
const MOST_PIXELS = 50_000_000;
/** In bytes: such a picture needs 350 MiB of it, and its file up to 50. */
const MOST_MEMORY = 512 * 1024 * 1024;
/** So long may one take, in milliseconds. */
const PATIENCE_MS = 20_000;
const HEADS_AT_ONCE = 2;
/** Who comes when so many wait comes again later. */
const MOST_WAITING = 200;
const THREAD = new URL('./heic-thread.main.js', import.meta.url);

/** What a thread is begun with. */
export interface Asked {
  /** The photo, or where it lies. */
  photo: string | Uint8Array;
  /** Or its head only. */
  unpack: boolean;
  mostPixels: number;
  /** In bytes. */
  mostMemory: number;
}

/** What it tells; nothing of a photo that cannot be read. */
export interface Told {
  /** How many it says it has. */
  pixels?: number;
  /** What the camera wrote, from the head of TIFF on. */
  exif?: Uint8Array;
  picture?: Picture | undefined;
}

/** Red, green and blue, row by row, upright. */
export interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
}

/**
 * A HEIC whose head can be read and which has no more pixels than are unpacked. Nothing is unpacked.
 * @throws Refusal input/media-type, input/too-large, service/unavailable
 */
export async function assertHeic({ path }: Arrived): Promise<void> {
  const { pixels } = await headOf(path);
  if (!pixels) return refuse('input/media-type');
  if (pixels > MOST_PIXELS) refuse('input/too-large');
}

export async function exifInHeic(path: string): Promise<Uint8Array | undefined> {
  return (await headOf(path)).exif;
}

const heads = new Turns(HEADS_AT_ONCE, MOST_WAITING);
const headOf = (path: string): Promise<Told> => heads.take(() => looked({ photo: path, unpack: false }));

/** undefined where it cannot be unpacked within these limits. Whoever calls sees to it that it is one at a time. */
export async function unpackedHeic(photo: string | Uint8Array): Promise<Picture | undefined> {
  return (await looked({ photo, unpack: true })).picture;
}

/**
 * In a thread of its own: what is unpacked by code that was written in C is held in by WebAssembly, its memory is given
 * back, and what does not come to an end is ended.
 * @throws where the thread does not come to begin, which is not about the photo
 */
export async function looked(
  asked: Pick<Asked, 'photo' | 'unpack'>,
  { patienceMs, mostMemory, script } = { patienceMs: PATIENCE_MS, mostMemory: MOST_MEMORY, script: THREAD },
): Promise<Told> {
  const workerData: Asked = { ...asked, mostPixels: MOST_PIXELS, mostMemory };
  const thread = new Worker(script, { workerData, resourceLimits: { maxOldGenerationSizeMb: 128 } });
  const over = new AbortController();
  try {
    const told = new Promise<Told>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', (error) => {
        if (codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY') resolve({});
        else reject(error);
      });
      thread.once('exit', () => {
        resolve({});
      });
    });
    const overdue = pause<Told>(patienceMs, {}, { signal: over.signal });
    overdue.catch(() => undefined);
    return await Promise.race([told, overdue]);
  } finally {
    over.abort();
    await thread.terminate();
  }
}
