import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config } from '../../libs/platform/config.js';
import { codeOf, StartFault } from '../../libs/platform/fault.js';
import { Unusable } from '../../libs/sealing/errors.js';
import { MasterKey } from '../../libs/sealing/master-key.js';

const OWNER_ONLY = 0o400;

/**
 * The master key that the configuration names. A demo that names none has one made in its data folder.
 * @throws StartFault
 */
export async function masterKeyOf(
  { MASTER_KEY, MASTER_KEY_FILE, DATA_DIR }: Config,
  demo: boolean,
): Promise<MasterKey> {
  if (MASTER_KEY !== undefined && MASTER_KEY_FILE !== undefined) {
    throw new StartFault('MASTER_KEY and MASTER_KEY_FILE are both set: leave one of them out.');
  }
  if (MASTER_KEY === undefined && MASTER_KEY_FILE === undefined && !demo) {
    throw new StartFault(
      'Personal data needs a master key: make one with `openssl rand -base64 32` and set MASTER_KEY_FILE.',
    );
  }
  try {
    if (MASTER_KEY !== undefined) return MasterKey.fromText(MASTER_KEY);
    const file = MASTER_KEY_FILE ?? join(DATA_DIR, 'master.key');
    if (MASTER_KEY_FILE === undefined) await made(file);
    return await MasterKey.fromFile(file);
  } catch (error) {
    if (error instanceof Unusable) throw new StartFault(error.message, { cause: error });
    throw error;
  }
}

/** Writes a new key, where there is none yet. */
async function made(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', OWNER_ONLY);
    await file.writeFile(randomBytes(32).toString('base64'));
    await file.sync();
    await file.close();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
