import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiskFiles } from '../../libs/adapters/files/disk-files.js';
import { S3Files } from '../../libs/adapters/s3-files/s3-files.js';
import { type Files } from '../../libs/evidence/files.js';
import { type Config } from '../../libs/platform/config.js';
import { codeOf, StartFault } from '../../libs/platform/fault.js';

/** Where uploaded files are kept. @throws StartFault */
export function filesOf(config: Config): Files {
  const { FILES, S3_BUCKET, S3_ENDPOINT, S3_REGION } = config;
  if (FILES === 's3') {
    const accessKeyId = secretOf(config, 'S3_ACCESS_KEY');
    const secretAccessKey = secretOf(config, 'S3_SECRET_KEY');
    if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
      throw new StartFault('Of S3_ACCESS_KEY and S3_SECRET_KEY one is set: set both, or none.');
    return new S3Files({
      ...{ bucket: S3_BUCKET ?? '', region: S3_REGION },
      ...(S3_ENDPOINT !== undefined && { endpoint: S3_ENDPOINT }),
      ...(accessKeyId !== undefined &&
        secretAccessKey !== undefined && { keys: { accessKeyId, secretAccessKey } }),
    });
  }
  return new DiskFiles(join(config.DATA_DIR, 'files'));
}

function secretOf(config: Config, name: 'S3_ACCESS_KEY' | 'S3_SECRET_KEY'): string | undefined {
  const [text, file] = [config[name], config[`${name}_FILE`]];
  if (text !== undefined && file !== undefined)
    throw new StartFault(`${name} and ${name}_FILE are both set: leave one of them out.`);
  if (file === undefined) return text;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StartFault(`The file of ${name}_FILE cannot be read (${codeOf(error)}).`, { cause: error });
  }
}
