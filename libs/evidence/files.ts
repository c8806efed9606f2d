import { type Readable } from 'node:stream';

/** Where files are kept, found again by their hash. The port behind which a disk or an object store stands. */
export interface Files {
  /**
   * Keeps what the stream brings; it is safe on the medium when this resolves.
   * @param accept sees the first bytes when all have come; where it throws, nothing is kept
   * @throws TooLarge when more than `limit` bytes come; nothing is kept then
   */
  put(content: Readable, limit: number, accept: (head: Buffer) => void): Promise<Kept>;

  /** The content of a kept file, or null where there is none or it is larger than `most` bytes. */
  read(sha256: string, most: number): Promise<Buffer | null>;
}

export interface Kept {
  /** Hex. */
  sha256: string;
  bytes: number;
}

/** This many bytes are shown to `accept`. */
export const HEAD = 16;

export class TooLarge extends Error {
  constructor(limit: number) {
    super(`more than ${limit} bytes came`);
    this.name = 'TooLarge';
  }
}
