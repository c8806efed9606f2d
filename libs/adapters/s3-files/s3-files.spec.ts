import { describe, expect, test } from '@jest/globals';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesContract } from '../../../test/contracts/files.contract.js';
import { startS3 } from '../../../test/support/s3.js';
import { sha256Of } from '../../evidence/files.js';
import { S3Files } from './s3-files.js';

filesContract('an object store', async () => {
  const { store, close } = await startS3();
  const files = new S3Files(store);
  const { endpoint, region, keys, bucket } = store;
  const beside = new S3Client({ endpoint, region, credentials: keys, forcePathStyle: true });
  return {
    files,
    change: async (sha256, content) => {
      const Key = `files/${sha256.slice(0, 2)}/${sha256}`;
      await beside.send(new PutObjectCommand({ Bucket: bucket, Key, Body: content }));
    },
    close: async () => {
      files.close();
      beside.destroy();
      await close();
    },
  };
});

describe('an object store that is away', () => {
  test('is a fault: neither is anything kept nor is it said to be missing', async () => {
    const { store, close } = await startS3();
    await close();
    const files = new S3Files(store);
    const folder = await mkdtemp(join(tmpdir(), 'xiaohao-s3-'));
    try {
      const content = randomBytes(100);
      const path = join(folder, 'file');
      await writeFile(path, content);
      await expect(files.keep({ path, sha256: sha256Of(content), bytes: 100 })).rejects.toThrow();
      await expect(files.open(sha256Of(content))).rejects.toThrow();
    } finally {
      files.close();
      await rm(folder, { recursive: true });
    }
  });

  test('wrong keys are a fault too', async () => {
    const { store, close } = await startS3();
    const files = new S3Files({ ...store, keys: { accessKeyId: 'wrong', secretAccessKey: 'wrong' } });
    await expect(files.open(sha256Of(randomBytes(9)))).rejects.toThrow();
    files.close();
    await close();
  });
});
