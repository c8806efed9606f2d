import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newFolder } from '../faults/support/processes.js';
import { photo } from '../support/evidence-files.js';
import { handler, inspector, Journey } from '../support/people.js';
import { startS3, type TestS3 } from '../support/s3.js';
import { startServer, type TestServer } from '../support/server.js';
import { sha256, Tus } from '../support/tus.js';

let s3: TestS3;
let server: TestServer;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  s3 = await startS3();
  const { bucket, endpoint, region, keys } = s3.store;
  env = {
    ...{ FILES: 's3', S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_REGION: region },
    ...{ S3_ACCESS_KEY: keys.accessKeyId, S3_SECRET_KEY: keys.secretAccessKey },
  };
  server = await startServer(env);
  folder = await newFolder();
});
afterAll(async () => {
  await server.stop();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

const cli = (args: string[], given: Record<string, string>): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, ['dist/apps/cli/main.js', ...args], {
    env: { ...process.env, ...given },
  });

test('with an object store evidence comes, is served, backed up, and restored to a disk', async () => {
  const one = await new Journey(server).to('rectifying');
  const content = await photo(1);
  const receipt = await new Tus(server, one, handler).whole(content, 'image/jpeg');
  expect((await one.give(handler, 'attach-evidence', { slot: 'result', receipt })).status).toBe(200);
  const hash = sha256(content);
  const place = join('files', hash.slice(0, 2), hash);
  expect(existsSync(join(server.dataDir, place))).toBe(false);
  const fetched = async (from: TestServer, path: string, more: Record<string, string> = {}) => {
    const headers = { Authorization: `Bearer ${await from.token(...inspector)}`, ...more };
    const answer = await fetch(`${from.url}/api/v1/cases/${one.id}/evidence/${receipt}${path}`, { headers });
    return Buffer.from(await answer.arrayBuffer());
  };
  expect((await fetched(server, '')).equals(content)).toBe(true);
  const part = await fetched(server, '', { Range: 'bytes=1000-1999' });
  expect(part.equals(content.subarray(1000, 2000))).toBe(true);
  const copy = await fetched(server, '/copy');
  expect(copy.equals(await fetched(server, '/copy'))).toBe(true);

  const archive = join(folder, 'backup.tar.gz');
  await cli(['backup', archive], { DATA_DIR: server.dataDir, ...env });
  const restoredTo = join(folder, 'place');
  await mkdir(restoredTo);
  await copyFile(join(server.dataDir, 'master.key'), join(restoredTo, 'master.key'));
  await cli(['restore', archive], { DATA_DIR: restoredTo });
  const restored = await startServer({ DATA_DIR: restoredTo });
  try {
    expect(existsSync(join(restoredTo, place))).toBe(true);
    expect((await fetched(restored, '')).equals(content)).toBe(true);
    // Pictures are not in the archive: they are made anew.
    expect((await fetched(restored, '/copy')).equals(copy)).toBe(true);
  } finally {
    await restored.stop();
  }
}, 180_000);
