import { join } from 'node:path';
import { DiskFiles } from '../../libs/adapters/files/disk-files.js';
import { type Files } from '../../libs/evidence/files.js';
import { type Config } from '../../libs/platform/config.js';

/** Where uploaded files are kept. */
export function filesOf(config: Config): Files {
  return new DiskFiles(join(config.DATA_DIR, 'files'));
}
