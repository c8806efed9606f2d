import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Clear bytes of a piece. */
const PIECE = 64 * 1024;
const TAG = 16;

/** What was sealed does not open: it was changed, cut off, or put in another order. */
export class NotSealedSo extends Error {
  constructor() {
    super('what was kept is not what was sealed');
    this.name = 'NotSealedSo';
  }
}

/**
 * Seals a stream under a key that is used for nothing else: AES-256-GCM in pieces of 64 KiB, each with its number and
 * whether it is the last one as its nonce. So no piece can be left out, moved or added unseen, and a long file is opened
 * without holding it.
 */
export async function* sealing(clear: AsyncIterable<Buffer>, key: Buffer): AsyncGenerator<Buffer> {
  for await (const { bytes, number, last } of piecesOf(clear, PIECE)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, last), { authTagLength: TAG });
    const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
    yield Buffer.concat([text, cipher.getAuthTag()]);
  }
}

/** The clear of what was sealed so, each piece proven before it is given. @throws NotSealedSo */
export async function* opening(sealed: AsyncIterable<Buffer>, key: Buffer): AsyncGenerator<Buffer> {
  for await (const { bytes, number, last } of piecesOf(sealed, PIECE + TAG)) {
    if (bytes.length < TAG) throw new NotSealedSo();
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, last), { authTagLength: TAG });
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    const clear = decipher.update(bytes.subarray(0, bytes.length - TAG));
    try {
      decipher.final();
    } catch {
      throw new NotSealedSo();
    }
    yield clear;
  }
}

/** Clear bytes of something sealed that is so long. */
export const clearBytes = (sealed: number): number =>
  sealed - TAG * Math.max(1, Math.ceil(sealed / (PIECE + TAG)));

interface Piece {
  bytes: Buffer;
  /** From 0. */
  number: number;
  last: boolean;
}

/** A stream in pieces of one length; the last one may be shorter, and is there even where the stream is empty. */
async function* piecesOf(stream: AsyncIterable<Buffer>, length: number): AsyncGenerator<Piece> {
  let number = 0;
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    // Which piece is the last one is known when more has come.
    while (held.length > length) {
      yield { bytes: held.subarray(0, length), number: number++, last: false };
      held = held.subarray(length);
    }
  }
  yield { bytes: held, number, last: true };
}

function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(last ? 1 : 0, 0);
  nonce.writeUInt32BE(number, 8);
  return nonce;
}
