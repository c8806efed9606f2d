import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  getCiphers,
  getHashes,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { type Algorithm } from '../contracts/sealing.js';
import { Unusable } from './errors.js';

/** What came out of a cipher. */
export interface Box {
  iv: Uint8Array;
  text: Uint8Array;
  tag: Uint8Array;
}

/** One way of sealing. `bound` is what the text is bound to: it is authenticated and not contained. */
interface Suite {
  needs: { cipher: string; hash: string };
  ivBytes: number;
  tagBytes: number;
  close(key: KeyObject, iv: Uint8Array, clear: Uint8Array, bound: Uint8Array): Box;
  /** @returns nothing where it is not genuine */
  open(key: KeyObject, box: Box, bound: Uint8Array): Buffer | undefined;
}

const aes: Suite = {
  needs: { cipher: 'aes-256-gcm', hash: 'sha256' },
  ivBytes: 12,
  tagBytes: 16,

  close(key, iv, clear, bound) {
    const cipher = createCipheriv('aes-256-gcm', aesKey(key), iv, { authTagLength: 16 });
    cipher.setAAD(bound);
    const text = Buffer.concat([cipher.update(clear), cipher.final()]);
    return { iv, text, tag: cipher.getAuthTag() };
  },

  open(key, { iv, text, tag }, bound) {
    const decipher = createDecipheriv('aes-256-gcm', aesKey(key), iv, { authTagLength: 16 });
    decipher.setAAD(bound);
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

/** Encrypt, then authenticate what was encrypted, with keys of their own. */
const sm: Suite = {
  needs: { cipher: 'sm4-ctr', hash: 'sm3' },
  ivBytes: 16,
  tagBytes: 32,

  close(key, iv, clear, bound) {
    const cipher = createCipheriv('sm4-ctr', smKey(key, 'encrypt', 16), iv);
    const text = Buffer.concat([cipher.update(clear), cipher.final()]);
    return { iv, text, tag: smTag(key, iv, text, bound) };
  },

  open(key, { iv, text, tag }, bound) {
    if (!timingSafeEqual(smTag(key, iv, text, bound), tag)) return undefined;
    const decipher = createDecipheriv('sm4-ctr', smKey(key, 'encrypt', 16), iv);
    return Buffer.concat([decipher.update(text), decipher.final()]);
  },
};

export const SUITES: Record<Algorithm, Suite> = { 'AES-256-GCM': aes, 'SM4-CTR-HMAC-SM3': sm };

/**
 * Not every build of OpenSSL has the Chinese algorithms, and one in FIPS mode has fewer still.
 * @throws Unusable
 */
export function assertSupported(
  alg: Algorithm,
  found: { ciphers: readonly string[]; hashes: readonly string[] } = {
    ciphers: getCiphers(),
    hashes: getHashes(),
  },
): void {
  const { cipher, hash } = SUITES[alg].needs;
  const missing = [
    ...(found.ciphers.includes(cipher) ? [] : [cipher]),
    ...(found.hashes.includes(hash) ? [] : [hash]),
  ];
  if (missing.length === 0) return;
  throw new Unusable(`The OpenSSL of this Node.js lacks ${missing.join(' and ')}, which ${alg} needs.`);
}

function aesKey(key: KeyObject): KeyObject {
  return derived('sha256', key, 'AES-256-GCM/encrypt', 32);
}

function smKey(key: KeyObject, use: 'encrypt' | 'authenticate', bytes: number): KeyObject {
  return derived('sm3', key, `SM4-CTR-HMAC-SM3/${use}`, bytes);
}

/** The length of what stands first tells the parts apart; that of the iv is fixed. */
function smTag(key: KeyObject, iv: Uint8Array, text: Uint8Array, bound: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bound.length);
  const mac = createHmac('sm3', smKey(key, 'authenticate', 32));
  return mac.update(length).update(bound).update(iv).update(text).digest();
}

function derived(hash: string, key: KeyObject, use: string, bytes: number): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync(hash, key, '', `xiaohao/sealed/${use}`, bytes)));
}
