import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { open } from 'node:fs/promises';
import { type Uuid } from '../contracts/values.js';
import { NotGenuine, Unusable } from './errors.js';
import { type WrappedKey } from './keys.js';

const BYTES = 32;
/** A wrapped key: by which master key, iv, tag, the key. */
const MARK = 8;
const IV = 12;
const TAG = 16;
const WRAPPED = MARK + IV + TAG + BYTES;
const OTHERS = 0o007;

/** The key over all holders' keys. It shows itself in no text: neither printed nor as JSON. */
export class MasterKey {
  readonly #root: KeyObject;
  readonly #wrapping: KeyObject;
  readonly #mark: Buffer;

  private constructor(bytes: Buffer) {
    this.#root = createSecretKey(bytes);
    this.#wrapping = this.derive('wrap');
    this.#mark = this.derive('mark').export().subarray(0, MARK);
  }

  /**
   * @param text 32 bytes in base64, such as `openssl rand -base64 32` writes them
   * @throws Unusable
   */
  static fromText(text: string): MasterKey {
    const bytes = Buffer.from(text.trim(), 'base64');
    if (bytes.toString('base64') !== text.trim()) throw new Unusable('The master key is not base64.');
    if (bytes.length !== BYTES) {
      throw new Unusable(`The master key has ${bytes.length} bytes: it must have ${BYTES}.`);
    }
    if (new Set(bytes).size === 1) {
      throw new Unusable('The master key is one byte repeated: make a random one.');
    }
    return new MasterKey(bytes);
  }

  /** @throws Unusable also where the file is open to others than its owner and group */
  static async fromFile(path: string): Promise<MasterKey> {
    const file = await open(path, 'r').catch((error: unknown) => {
      const { code = 'no access' } = error as { code?: string };
      throw new Unusable(`The file of the master key cannot be read (${code}).`);
    });
    try {
      const { mode, size } = await file.stat();
      // Windows has no such rights and reports them all.
      if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
        throw new Unusable('The file of the master key is open to everybody: set its mode to 0400.');
      }
      if (size > 1024) throw new Unusable('The file of the master key is too long to hold one.');
      return MasterKey.fromText(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  }

  /** A key for one purpose, from which neither this key nor that of another purpose can be found. */
  derive(purpose: string): KeyObject {
    return createSecretKey(
      Buffer.from(hkdfSync('sha256', this.#root, '', `xiaohao/sealing/${purpose}`, BYTES)),
    );
  }

  /** A new key for a holder, wrapped. */
  newKey(holder: Uuid, version: number): WrappedKey {
    const iv = randomBytes(IV);
    const cipher = createCipheriv('aes-256-gcm', this.#wrapping, iv, { authTagLength: TAG });
    cipher.setAAD(whose(holder, version));
    const key = Buffer.concat([cipher.update(randomBytes(BYTES)), cipher.final()]);
    return { holder, version, bytes: Buffer.concat([this.#mark, iv, cipher.getAuthTag(), key]) };
  }

  /**
   * @throws NotGenuine where the key was changed or is another holder's
   * @throws Unusable where another master key wrapped it
   */
  unwrap({ holder, version, bytes }: WrappedKey): KeyObject {
    if (bytes.length !== WRAPPED) throw new NotGenuine();
    if (!timingSafeEqual(bytes.subarray(0, MARK), this.#mark)) {
      throw new Unusable('The keys were wrapped by another master key: start with that one.');
    }
    const iv = bytes.subarray(MARK, MARK + IV);
    const decipher = createDecipheriv('aes-256-gcm', this.#wrapping, iv, { authTagLength: TAG });
    decipher.setAAD(whose(holder, version));
    decipher.setAuthTag(bytes.subarray(MARK + IV, MARK + IV + TAG));
    try {
      const key = decipher.update(bytes.subarray(MARK + IV + TAG));
      decipher.final();
      return createSecretKey(key);
    } catch {
      throw new NotGenuine();
    }
  }
}

function whose(holder: Uuid, version: number): Buffer {
  return Buffer.from(JSON.stringify(['holder-key', holder, version]));
}
