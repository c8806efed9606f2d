import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answering } from './job.js';

/** Takes files over HTTP and does nothing else than must be: hash them, write them, make them and their names safe. */
answering(async ({ folder }: { folder: string }) => {
  await mkdir(folder, { recursive: true });
  let files = 0;
  const server = createServer((request, response) => {
    kept(request, folder, ++files).then(
      (sha256) => response.writeHead(201).end(sha256),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

async function kept(content: IncomingMessage, folder: string, file: number): Promise<string> {
  const hash = createHash('sha256');
  const path = join(folder, String(file));
  const handle = await open(path, 'w');
  for await (const chunk of content as AsyncIterable<Buffer>) {
    hash.update(chunk);
    await handle.write(chunk);
  }
  await handle.sync();
  await handle.close();
  const sha256 = hash.digest('hex');
  await rename(path, join(folder, sha256));
  const names = await open(folder, 'r');
  await names.sync();
  await names.close();
  return sha256;
}
