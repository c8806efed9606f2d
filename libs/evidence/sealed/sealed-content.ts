import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Algorithm } from '../../contracts/sealing.js';

/** Clear bytes of a piece. */
const PIECE = 64 * 1024;

/** One way of sealing a piece. */
interface Way {
  keyBytes: number;
  tagBytes: number;
  close: (key: Buffer, nonce: Buffer, clear: Buffer) => { text: Buffer; tag: Buffer };
  /** @returns nothing where it is not genuine */
  open: (key: Buffer, nonce: Buffer, text: Buffer, tag: Buffer) => Buffer | undefined;
}

const aes: Way = {
  keyBytes: 32,
  tagBytes: 16,

  close(key, nonce, clear) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    const text = Buffer.concat([cipher.update(clear), cipher.final()]);
    return { text, tag: cipher.getAuthTag() };
  },

  open(key, nonce, text, tag) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    decipher.setAuthTag(tag);
    const clear = decipher.update(text);
    try {
      decipher.final();
      return clear;
    } catch {
      return undefined;
    }
  },
};

/** Encrypted, then authenticated, each with a key of its own: 16 bytes for the one, 32 for the other. */
const sm: Way = {
  keyBytes: 48,
  tagBytes: 32,

  close(key, nonce, clear) {
    const cipher = createCipheriv('sm4-ctr', key.subarray(0, 16), counterOf(nonce));
    const text = Buffer.concat([cipher.update(clear), cipher.final()]);
    return { text, tag: smTag(key, nonce, text) };
  },

  open(key, nonce, text, tag) {
    if (!timingSafeEqual(smTag(key, nonce, text), tag)) return undefined;
    const decipher = createDecipheriv('sm4-ctr', key.subarray(0, 16), counterOf(nonce));
    return Buffer.concat([decipher.update(text), decipher.final()]);
  },
};

const smTag = (key: Buffer, nonce: Buffer, text: Buffer): Buffer =>
  createHmac('sm3', key.subarray(16)).update(nonce).update(text).digest();

/** The nonce, and the number of the block behind it: of those a piece has 4,096. */
const counterOf = (nonce: Buffer): Buffer => Buffer.concat([nonce, Buffer.alloc(4)]);

const WAYS: Record<Algorithm, Way> = { 'AES-256-GCM': aes, 'SM4-CTR-HMAC-SM3': sm };

/** A key for one file. Its length says for good how that file is sealed, whatever later ones are sealed with. */
export const contentKey = (alg: Algorithm): Buffer => randomBytes(WAYS[alg].keyBytes);

function wayOf({ length }: Buffer): Way {
  const way = Object.values(WAYS).find(({ keyBytes }) => keyBytes === length);
  if (!way) throw new Error('a key of a file is of no length that there is');
  return way;
}

/** What was sealed does not open: it was changed, cut off, or put in another order. */
export class NotSealedSo extends Error {
  constructor() {
    super('what was kept is not what was sealed');
    this.name = 'NotSealedSo';
  }
}

/**
 * Seals a stream under a key that is used for nothing else (`contentKey`), in pieces of 64 KiB, each with its number and
 * whether it is the last one as its nonce. So no piece can be left out, moved or added unseen, and a long file is opened
 * without holding it.
 */
export async function* sealing(clear: AsyncIterable<Buffer>, key: Buffer): AsyncGenerator<Buffer> {
  const way = wayOf(key);
  for await (const { bytes, number, last } of piecesOf(clear, PIECE)) {
    const { text, tag } = way.close(key, nonceOf(number, last), bytes);
    yield Buffer.concat([text, tag]);
  }
}

/** The clear of what was sealed so, each piece proven before it is given. @throws NotSealedSo */
export async function* opening(sealed: AsyncIterable<Buffer>, key: Buffer): AsyncGenerator<Buffer> {
  const way = wayOf(key);
  for await (const { bytes, number, last } of piecesOf(sealed, PIECE + way.tagBytes)) {
    const length = bytes.length - way.tagBytes;
    if (length < 0) throw new NotSealedSo();
    const clear = way.open(key, nonceOf(number, last), bytes.subarray(0, length), bytes.subarray(length));
    if (!clear) throw new NotSealedSo();
    yield clear;
  }
}

/** Clear bytes of something that is so long, sealed under this key. */
export function clearBytes(sealed: number, key: Buffer): number {
  const { tagBytes } = wayOf(key);
  return sealed - tagBytes * Math.max(1, Math.ceil(sealed / (PIECE + tagBytes)));
}

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
