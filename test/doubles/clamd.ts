import { createServer, type Server, type Socket } from 'node:net';

/** What it takes for harmful. */
export const HARMFUL = 'X5O!P%@AP';

/** As clamd speaks on its socket: reads a stream in chunks and says what it found in it. */
export function clamdDouble(how: 'well' | 'silent' | 'cut' | 'full'): Server {
  return createServer((socket: Socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      if (how === 'cut') socket.destroy();
      if (how === 'full') socket.end('INSTREAM size limit exceeded. ERROR\0');
      if (how !== 'well' || bytes.toString('latin1', 0, 10) !== 'zINSTREAM\0') return;
      const chunks: Buffer[] = [];
      for (let at = 10; at + 4 <= bytes.length;) {
        const length = bytes.readUInt32BE(at);
        if (length === 0) {
          const found = Buffer.concat(chunks).toString('latin1').includes(HARMFUL);
          socket.end(`stream: ${found ? 'Eicar-Signature FOUND' : 'OK'}\0`);
        }
        chunks.push(bytes.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
    });
  });
}
