import { createHash } from 'node:crypto';
import { type Readable } from 'node:stream';

/** A file that has arrived: whole, and safe on the disk of this machine. */
export interface Arrived {
  path: string;
  /** Hex. */
  sha256: string;
  bytes: number;
}

/**
 * Where files are kept, found again by their hash; the same content is kept once. The port behind which a disk or an object
 * store stands. What is kept comes as a file and not as a stream: it was looked at before, and an object store wants to
 * know length and hash beforehand.
 */
export interface Files {
  /** Keeps the file, and takes it from its path; it is safe on the medium when this resolves. */
  keep(file: Arrived): Promise<void>;

  /** What is kept under the hash, or null. Whoever reads it checks the hash: a medium may have changed it. */
  open(sha256: string): Promise<Opened | null>;

  /** Nothing is kept under the hash any more; that is no fault where nothing was. */
  remove(sha256: string): Promise<void>;
}

export interface Opened {
  bytes: number;
  content: Readable;
}

/** The whole content, or null where there is none, it is larger than `most` bytes, or it is not what was kept. */
export async function readWhole(files: Files, sha256: string, most: number): Promise<Buffer | null> {
  const opened = await files.open(sha256);
  if (!opened) return null;
  if (opened.bytes > most) {
    opened.content.destroy();
    return null;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of opened.content as AsyncIterable<Buffer>) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  return sha256Of(content) === sha256 ? content : null;
}

export class TooLarge extends Error {
  constructor(limit: number) {
    super(`more than ${limit} bytes came`);
    this.name = 'TooLarge';
  }
}

/** Hex. */
export const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
