import { createReadStream } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { refuse } from '../../contracts/refusal.js';

/** So long may the scanner take for a file, in milliseconds. */
const PATIENCE_MS = 60_000;
const CHUNK = 64 * 1024;

/** Looks for something harmful in a file. @throws Refusal evidence/infected, service/unavailable */
export type Scan = (path: string) => Promise<void>;

/** Nobody looks. */
export const noScan: Scan = () => Promise.resolve();

/**
 * A clamd, by its command INSTREAM. When it cannot be asked nothing is kept: a scanner that is away must not let through
 * what it is there for.
 * @param address host:port, or the path of a Unix socket
 */
export function clamd(address: string, patienceMs = PATIENCE_MS): Scan {
  return async (path) => {
    const said = await asked(address, path, patienceMs).catch(() => undefined);
    if (said === 'stream: OK') return;
    // Which signature it was is not told: it would tell whoever tries what to change.
    refuse(said !== undefined && / FOUND$/.test(said) ? 'evidence/infected' : 'service/unavailable');
  };
}

async function asked(address: string, path: string, patienceMs: number): Promise<string> {
  const socket = socketTo(address);
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('the scanner does not answer')));
  const answer = answerOf(socket);
  // Whatever befalls the sending befalls the answer too, and is told there.
  answer.catch(() => undefined);
  try {
    await sent(socket, Buffer.from('zINSTREAM\0'));
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(chunk.length);
      await sent(socket, Buffer.concat([length, chunk]));
    }
    await sent(socket, Buffer.alloc(4));
    return await answer;
  } finally {
    socket.destroy();
  }
}

function socketTo(address: string): Socket {
  const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
  return host === undefined ? connect(address) : connect(Number(port), host);
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    socket.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1');
      const end = said.indexOf('\0');
      if (end >= 0) resolve(said.slice(0, end).trim());
      else if (said.length > 10_000) socket.destroy(new Error('the scanner says too much'));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('the scanner hung up'));
    });
  });
}

function sent(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
