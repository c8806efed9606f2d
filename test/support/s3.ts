import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The part of s3rver that is used: it has no types. */
interface Server {
  run: () => Promise<{ port: number }>;
  close: () => Promise<void>;
}
const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => Server;

export interface TestS3 {
  store: {
    bucket: string;
    region: string;
    endpoint: string;
    keys: { accessKeyId: string; secretAccessKey: string };
  };
  close: () => Promise<void>;
}

/** A server that speaks S3, with a bucket of its own on a folder of its own. */
export async function startS3(): Promise<TestS3> {
  const directory = await mkdtemp(join(tmpdir(), 'xiaohao-s3rver-'));
  const bucket = 'evidence';
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory },
    configureBuckets: [{ name: bucket }],
  });
  const { port } = await server.run();
  return {
    store: {
      ...{ bucket, region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` },
      // As s3rver knows them.
      keys: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    },
    close: async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
