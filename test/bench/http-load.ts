import { Connection } from './connection.js';
import { answering } from './job.js';
import { keyOf } from './lifecycle.js';
import { quantile } from './results.js';
import { Walk } from './walk.js';

/** Clients that give the commands of one case after the other, each on its own connection. */
export interface Load {
  url: string;
  tokens: Record<string, string>;
  today: string;
  /** Begins the key of every case. */
  prefix: string;
  clients: number;
  /** Cases that each client may begin. */
  cases: number;
  warmMs: number;
  ms: number;
}

export interface Loaded {
  perSecond: number;
  /** In milliseconds. */
  p50: number;
  p99: number;
}

answering(async ({ url, tokens, today, prefix, clients, cases, warmMs, ms }: Load) => {
  const connections = await Promise.all(Array.from({ length: clients }, () => Connection.open(url)));
  const begin = performance.now() + warmMs;
  const end = begin + ms;
  const taken: number[] = [];
  const give = async (connection: Connection, client: number): Promise<void> => {
    let now = performance.now();
    for (let n = 0; now < end; n++) {
      if (n === cases) throw new Error('there are no more cases prepared');
      const walk = new Walk(keyOf(prefix, client, n), tokens, today);
      while (!walk.done && now < end) {
        const from = performance.now();
        await walk.step(connection);
        now = performance.now();
        if (from >= begin && now <= end) taken.push(now - from);
      }
    }
  };
  await Promise.all(connections.map(give));
  for (const connection of connections) connection.close();
  const perSecond = (taken.length * 1000) / ms;
  return { perSecond, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) } satisfies Loaded;
});
