import { type FileHandle, open } from 'node:fs/promises';
import { refuse } from '../../contracts/refusal.js';
import { type Arrived } from '../files.js';

/** Far more than any camera writes. */
const MOST_BOXES = 10_000;
const MOST_BRANDS = 64;

export interface Boxes {
  /** What the file says that it can be read as. */
  brands: string[];
  /** Of the boxes at the top, in order. */
  types: string[];
}

/**
 * The boxes at the top of an ISO base media file (HEIC, MP4). They must fill it exactly: nothing stands before, between
 * or behind them.
 * @throws Refusal input/media-type
 */
export async function boxesOf({ path, bytes }: Arrived): Promise<Boxes> {
  const handle = await open(path, 'r');
  try {
    const found: Boxes = { brands: [], types: [] };
    let at = 0;
    while (at < bytes) {
      const { type, size, head } = await boxAt(handle, at, bytes);
      if (found.types.length >= MOST_BOXES || (at === 0) !== (type === 'ftyp')) refuse('input/media-type');
      if (type === 'ftyp') found.brands = await brandsOf(handle, at + head, size - head);
      found.types.push(type);
      at += size;
    }
    return found;
  } finally {
    await handle.close();
  }
}

interface Box {
  type: string;
  /** In bytes, with its head. */
  size: number;
  head: number;
}

async function boxAt(handle: FileHandle, at: number, end: number): Promise<Box> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, at);
  if (bytesRead < 8) refuse('input/media-type');
  const said = buffer.readUInt32BE(0);
  const type = buffer.toString('latin1', 4, 8);
  // 1: the size stands behind the type; 0: up to the end.
  const head = said === 1 ? 16 : 8;
  if (bytesRead < head) refuse('input/media-type');
  const size = said === 1 ? Number(buffer.readBigUInt64BE(8)) : said === 0 ? end - at : said;
  if (size < head || at + size > end) refuse('input/media-type');
  return { type, size, head };
}

async function brandsOf(handle: FileHandle, at: number, length: number): Promise<string[]> {
  const wanted = Math.min(length, MOST_BRANDS * 4);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, at);
  const brands: string[] = [];
  for (let from = 0; from + 4 <= bytesRead; from += 4) brands.push(buffer.toString('latin1', from, from + 4));
  // The second word is no brand but the version of the first.
  return brands.filter((_, n) => n !== 1);
}
