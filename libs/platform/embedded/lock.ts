import { stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, StartFault } from '../fault.js';

const PATIENCE_MS = 60_000;
const LOOK_MS = 50;

/**
 * One process at a time prepares, starts or stops the database of a folder. Whoever listens at an address that is the
 * folder's own has the lock: it ends with its process, however that ends, and no number of a dead process is mistaken
 * for a living one's.
 */
export async function exclusively<T>(dataDir: string, act: () => Promise<T>): Promise<T> {
  const { dev, ino } = await stat(dataDir);
  const name = `xiaohao-${dev}-${ino}`;
  // On Linux an address that begins so is no file.
  const address = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
  const until = Date.now() + PATIENCE_MS;
  let lock = await listening(address);
  while (!lock) {
    if (Date.now() > until) {
      throw new StartFault(`Another process has been starting the database in ${dataDir} for a minute.`);
    }
    await pause(LOOK_MS);
    if (process.platform !== 'linux' && (await abandoned(address)))
      await unlink(address).catch(() => undefined);
    lock = await listening(address);
  }
  try {
    return await act();
  } finally {
    lock.close();
  }
}

/** A server at that address, or undefined where there is one already. */
function listening(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      resolve(server);
    });
  });
}

/** Whether a socket's file was left by a process that is gone. */
function abandoned(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error) => {
      resolve(codeOf(error) === 'ECONNREFUSED');
    });
  });
}
