import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clamdDouble, HARMFUL } from '../../../test/doubles/clamd.js';
import { clamd } from './scanner.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiaohao-scan-'));
  await writeFile(join(folder, 'good'), Buffer.alloc(300_000, 'x'));
  await writeFile(join(folder, 'bad'), Buffer.concat([Buffer.alloc(200_000, 'x'), Buffer.from(HARMFUL)]));
});
afterAll(() => rm(folder, { recursive: true }));

async function asking(how: Parameters<typeof clamdDouble>[0], file: string, socket = false): Promise<void> {
  const server = clamdDouble(how);
  const path = join(folder, 'clamd');
  await new Promise<void>((resolve) =>
    socket ? server.listen(path, resolve) : server.listen(0, '127.0.0.1', resolve),
  );
  try {
    const address = socket ? path : `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await clamd(address, 500)(join(folder, file));
  } finally {
    server.close();
  }
}

describe('the scanner', () => {
  test.each([false, true])('lets through what it finds nothing in (on a Unix socket: %s)', async (socket) => {
    await asking('well', 'good', socket);
  });

  test('refuses what it finds something in', async () => {
    await expect(asking('well', 'bad')).rejects.toMatchObject({ code: 'evidence/infected' });
  });

  test.each(['silent', 'cut', 'full'] as const)('lets nothing through when it is %s', async (how) => {
    await expect(asking(how, 'good')).rejects.toMatchObject({ code: 'service/unavailable' });
  });

  test('lets nothing through when it is away', async () => {
    await expect(clamd(join(folder, 'nobody'))(join(folder, 'good'))).rejects.toMatchObject({
      code: 'service/unavailable',
    });
  });
});
