import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesContract } from '../../../test/contracts/files.contract.js';
import { DiskFiles } from './disk-files.js';

filesContract('a disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xiaohao-files-'));
  return {
    files: new DiskFiles(folder),
    change: (sha256, content) => writeFile(join(folder, sha256.slice(0, 2), sha256), content),
    close: () => rm(folder, { recursive: true }),
  };
});
