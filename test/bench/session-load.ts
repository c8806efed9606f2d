import { Connection } from './connection.js';
import { answering } from './job.js';

/** Clients that ask for the same, one time after the other, each on its own connection. */
export interface Asking {
  url: string;
  path: string;
  /** By what the server knows who asks, with its line end. */
  header: string;
  clients: number;
  warmMs: number;
  ms: number;
}

answering(async ({ url, path, header, clients, warmMs, ms }: Asking) => {
  const connections = await Promise.all(Array.from({ length: clients }, () => Connection.open(url)));
  const begin = performance.now() + warmMs;
  const end = begin + ms;
  let answered = 0;
  const ask = async (connection: Connection): Promise<void> => {
    for (let now = performance.now(); now < end; now = performance.now()) {
      const { status, body } = await connection.get(path, header);
      if (status !== 200) throw new Error(`${path} was refused: ${status} ${body}`);
      if (now >= begin) answered += 1;
    }
  };
  await Promise.all(connections.map(ask));
  for (const connection of connections) connection.close();
  return { perSecond: (answered * 1000) / ms };
});
