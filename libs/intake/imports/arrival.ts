import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { refuse } from '../../contracts/refusal.js';

/** The largest file. */
export const MAX_IMPORT = 50 * 1024 * 1024;

/** How a file on its way is called: what was left over is deleted at the next start. */
const ARRIVING = '.part';

/**
 * Keeps what the stream brings; it is safe on the disk when this resolves.
 * @throws Refusal input/too-large; nothing is kept then
 */
export async function arrive(content: Readable, file: string): Promise<void> {
  const arriving = file + ARRIVING;
  await mkdir(dirname(file), { recursive: true });
  try {
    await pipeline(content, limited, createWriteStream(arriving, { flags: 'wx', mode: 0o600 }));
    const handle = await open(arriving, 'r');
    await handle.sync().finally(() => handle.close());
    await rename(arriving, file);
  } finally {
    await rm(arriving, { force: true });
  }
}

/** Whoever is cut off while sending hears no reason: so much more is heard out, and not kept. */
const HEARD_OUT = 3 * MAX_IMPORT;

async function* limited(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > HEARD_OUT) break;
    if (bytes <= MAX_IMPORT) yield chunk;
  }
  if (bytes > MAX_IMPORT) refuse('input/too-large');
}
