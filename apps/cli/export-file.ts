import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Api } from './api.js';

/** Writes a file under its name once it is whole: what broke off is not taken for it, and does not stay. */
export async function written(pieces: AsyncIterable<Uint8Array | string>, out: string): Promise<void> {
  const begun = `${out}.part`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(begun));
    await rename(begun, out);
  } catch (error) {
    await rm(begun, { force: true });
    throw error;
  }
}

/** Takes a file out of the running server. @param told of every piece @throws Refused */
export async function saved(
  api: Api,
  path: string,
  out: string,
  told: (piece: Uint8Array) => void = () => undefined,
): Promise<void> {
  const { body } = await api.file(path);
  if (!body) throw new Error(`${path} has no content`);
  await written(listened(body, told), out);
}

async function* listened(
  pieces: AsyncIterable<Uint8Array>,
  told: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    told(piece);
    yield piece;
  }
}
