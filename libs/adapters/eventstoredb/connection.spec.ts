import { UnavailableError } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { startEsdbCluster, startEsdbNode } from '../../../test/doubles/esdb-node.js';
import { type Certificates, makeCertificates } from '../../../test/doubles/esdb-node-tls.js';
import { fresh, noted, withLogs, withNode } from '../../../test/doubles/esdb-node-using.js';
import { Unavailable } from '../../eventing/store.js';
import { Connection } from './connection.js';
import { EventStoreDbLog } from './eventstoredb-log.js';

const ops = { username: 'ops', password: 'se:cr@et' };
const as = (url: string, user: string): string => url.replace('://', `://${user}@`);

describe('an address of EventStoreDB', () => {
  test.each([
    ['that is none', 'http://ops:secret@127.0.0.1:2113'],
    ['without a host', 'esdb://ops:secret@'],
    ['with a port that is none', 'esdb://ops:secret@127.0.0.1:secret?tls=false'],
    ['with an option that is not known', 'esdb://ops:secret@127.0.0.1:2113?tlsVerifyCert=false'],
    [
      'with appends that fail without an error',
      'esdb://ops:secret@127.0.0.1:2113?throwOnAppendFailure=false',
    ],
    ['with an authority that is not there', 'esdb://ops:secret@127.0.0.1:2113?tlsCAFile=/nowhere'],
  ])('%s is refused, and the secret in it is not told', (_, url) => {
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const open = (): EventStoreDbLog => new EventStoreDbLog({ url });
    expect(open).toThrow(Error);
    expect(open).not.toThrow(/secret/);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  test('may have every option that the client knows', () => {
    const options =
      'tls=false&node-preference=leader&maxDiscoverAttempts=1&connection_name=x&keepAliveInterval=10000';
    expect(() => new EventStoreDbLog({ url: `esdb+discover://a.example:2113/?${options}` })).not.toThrow();
  });
});

describe('over TLS', () => {
  let tls: Certificates;
  beforeAll(() => {
    tls = makeCertificates();
  });
  afterAll(() => {
    tls.remove();
  });

  test('a node is known by the authority that signed for it', async () => {
    await withNode(
      async ({ node, open }) => {
        const stream = fresh();
        expect(await open().append(stream, -1, [noted()])).toEqual({ revision: 0 });
        expect(await open().read(stream, 0, 10)).toHaveLength(1);
        // Also without credentials the unary Append is taken.
        expect(node.calls).toMatchObject({ append: 1, batchAppend: 0 });
      },
      { tls },
    );
  });

  test('a node that another authority signed for is not spoken to', async () => {
    const node = await startEsdbNode({ tls });
    await withLogs(node.url.replace(/&tlsCAFile.*/, ''), async (open) => {
      await expect(open().append(fresh(), -1, [noted()])).rejects.toThrow(Unavailable);
      expect(node.calls.append).toBe(0);
    });
    await node.stop();
  });

  test('credentials are sent, from the address or beside it', async () => {
    await withNode(
      async ({ node, open }) => {
        const fromUrl = open({ url: as(node.url, 'ops:se%3Acr%40et') });
        for (const log of [fromUrl, open({ credentials: ops })]) {
          const stream = fresh();
          await log.append(stream, -1, [noted()]);
          expect(await log.read(stream, 0, 10)).toHaveLength(1);
          for await (const { events } of log.follow(undefined, AbortSignal.timeout(5000))) {
            expect(events.length).toBeGreaterThan(0);
            break;
          }
        }
      },
      { tls, credentials: ops },
    );
  });

  test.each([
    ['without credentials', undefined],
    ['with wrong credentials', { username: 'ops', password: 'guessed' }],
  ])('%s nothing is written or read', async (_, credentials) => {
    await withNode(
      async ({ node, open }) => {
        const log = open(credentials && { credentials });
        await expect(log.append(fresh(), -1, [noted()])).rejects.toThrow(Unavailable);
        await expect(log.read(fresh(), 0, 1)).rejects.toThrow(Unavailable);
        expect(node.log.all).toEqual([]);
      },
      { tls, credentials: ops },
    );
  });
});

describe('a cluster of EventStoreDB', () => {
  test('is found by a name', async () => {
    await withNode(async ({ node, open }) => {
      const log = open({ url: node.url.replace('esdb://127.0.0.1', 'esdb+discover://localhost') });
      expect(await log.append(fresh(), -1, [noted()])).toEqual({ revision: 0 });
    });
  });

  test('is found by any of its nodes, and its leader is written to', async () => {
    const cluster = await startEsdbCluster(3);
    await withLogs(cluster.url, async (open) => {
      await open().append(fresh(), -1, [noted()]);
      expect(cluster.nodes.map(({ calls }) => calls.append)).toEqual([1, 0, 0]);
    });
    await cluster.stop();
  });

  test('may elect another leader: appends and reads follow it, also when they prefer others', async () => {
    const cluster = await startEsdbCluster(3);
    await withLogs(`${cluster.url}&nodePreference=follower`, async (open) => {
      const log = open();
      const stream = fresh();
      for (const [n, node] of cluster.nodes.entries()) {
        cluster.elect(node);
        expect(await log.append(stream, n - 1, [noted()])).toEqual({ revision: n });
        expect(await log.read(stream, 0, 10)).toHaveLength(n + 1);
      }
    });
    await cluster.stop();
  });

  test('may lose its leader: whoever writes and follows goes on with the next', async () => {
    const cluster = await startEsdbCluster(3);
    await withLogs(cluster.url, async (open) => {
      const log = open();
      const streams = [fresh(), fresh()];
      const seen: string[] = [];
      const following = (async () => {
        for await (const { events } of log.follow(undefined, AbortSignal.timeout(10_000))) {
          seen.push(...events.map(({ stream }) => stream));
          if (seen.length === 2) break;
        }
      })();
      await log.append(streams[0] ?? '', -1, [noted()]);
      await cluster.nodes[0]?.stop();
      cluster.elect(cluster.nodes[1]);
      const again = (): Promise<unknown> => log.append(streams[1] ?? '', -1, [noted()]).catch(again);
      expect(await again()).toEqual({ revision: 0 });
      await following;
      expect(seen).toEqual(streams);
    });
    await cluster.stop();
  });

  test('without a leader is unavailable', async () => {
    const cluster = await startEsdbCluster(2);
    cluster.elect(undefined);
    await withLogs(cluster.url, async (open) => {
      await expect(open().append(fresh(), -1, [noted()])).rejects.toThrow(Unavailable);
    });
    await cluster.stop();
  });

  test('that cannot be found is unavailable within the deadline', async () => {
    const cluster = await startEsdbCluster(2);
    for (const node of cluster.nodes) node.faults.silence();
    await withLogs(cluster.url, async (open) => {
      const log = open({ appendDeadlineMs: 200 });
      await expect(log.append(fresh(), -1, [noted()])).rejects.toThrow(Unavailable);
    });
    await cluster.stop();
  });
});

describe('the client is kept from taking the process down, or holding it up', () => {
  test('when the connection is closed some microtasks after a call began', async () => {
    const node = await startEsdbNode();
    for (let ticks = 0; ticks < 12; ticks++) {
      const connection = new Connection(node.url);
      await connection.ready(1000);
      const inside = connection.client as unknown as { getChannel: () => Promise<{ close: () => void }> };
      const channel = await inside.getChannel();
      const call = connection.client.appendToStream(fresh(), [], { deadline: 500 }).catch(() => 'failed');
      for (let n = 0; n < ticks; n++) await Promise.resolve();
      channel.close();
      await call;
      await connection.close();
    }
    await node.stop();
  });

  test('when a call fails on an old connection while no new one can be found', async () => {
    const nowhere = 'esdb://127.0.0.1:1,127.0.0.1:2?tls=false&maxDiscoverAttempts=3&discoveryInterval=10';
    const connection = new Connection(nowhere);
    const found = connection.ready(1000);
    await Promise.resolve();
    const inside = connection.client as unknown as { handleError: (caller: object, error: Error) => unknown };
    // As the client calls it: it waits for the next connection, and nobody waits for it.
    inside.handleError({ getChannel: () => ({}) }, new UnavailableError());
    await expect(found).rejects.toThrow(Unavailable);
    await pause(10);
  });

  test('when it gives one connection up while it looks for another in vain', async () => {
    const cluster = await startEsdbCluster(2);
    for (const node of cluster.nodes) node.faults.silence();
    const connection = new Connection(`${cluster.url}&maxDiscoverAttempts=1`);
    await expect(connection.ready(50)).rejects.toThrow(Unavailable);
    const inside = connection.client as unknown as { handleError: (caller: object, error: Error) => unknown };
    inside.handleError({ getChannel: () => ({}) }, new UnavailableError());
    const start = performance.now();
    await expect(connection.ready(50)).rejects.toThrow(Unavailable);
    expect(performance.now() - start).toBeLessThan(1000);
    await connection.close();
    await cluster.stop();
  });
});
