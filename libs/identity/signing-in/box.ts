import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const IV = 12;
const TAG = 16;

/** Encrypted under a key by AES-256-GCM, bound to whose it is. */
export function closed(key: KeyObject, secret: Uint8Array, whose: string): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG });
  cipher.setAAD(Buffer.from(whose));
  const text = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** @throws Error where it was changed, or is another's */
export function opened(key: KeyObject, box: Buffer, whose: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, IV), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(whose));
  decipher.setAuthTag(box.subarray(IV, IV + TAG));
  return Buffer.concat([decipher.update(box.subarray(IV + TAG)), decipher.final()]);
}
