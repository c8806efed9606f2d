import { describe, expect, test } from '@jest/globals';
import { createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fresh, noted, withLogs, withNode } from '../../../test/doubles/esdb-node-using.js';
import { canonical, leafHash, NotStorable } from '../../eventing/canonical.js';
import { Conflict, OutcomeUnknown, Unavailable } from '../../eventing/store.js';
import { StreamDeleted } from './outcome.js';

/** Milliseconds that something took. */
async function duration(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

describe('what is stored in EventStoreDB', () => {
  test('has $correlationId and $causationId for the server’s tools, and comes back without them', async () => {
    await withNode(async ({ node, open }) => {
      const stream = fresh();
      const event = noted(1);
      await open().append(stream, -1, [event]);
      const raw = node.log.visible(stream)?.[0];
      const metadata = Buffer.from(raw?.metadata ?? []).toString();
      expect(JSON.parse(metadata)).toEqual({
        ...{ causationId: 'cause', correlationId: 'thread' },
        ...{ $causationId: 'cause', $correlationId: 'thread' },
      });
      expect(raw?.contentType).toBe('application/json');
      const [stored] = await open().read(stream, 0, 1);
      expect(stored).toEqual({ ...event, stream, revision: 0 });
      expect(stored && leafHash(stored)).toEqual(leafHash({ ...event, stream, revision: 0 }));
    });
  });

  test('comes back in canonical order, though the server was given another', async () => {
    await withNode(async ({ open }) => {
      const stream = fresh();
      // JavaScript puts keys that look like numbers first, and in the order of numbers.
      const data = '{"10":1,"9":2,"Z":{"02":{},"1":[]},"__proto__":3,"a":"\\u001f销号🏚️","é":null}';
      expect(canonical(JSON.parse(data))).toBe(data);
      await open().append(stream, -1, [{ ...noted(), data, meta: data }]);
      expect(await open().read(stream, 0, 1)).toMatchObject([{ data, meta: data }]);
    });
  });

  test('has no meta that claims the server’s keys', async () => {
    await withNode(async ({ open }) => {
      const event = { ...noted(), meta: '{"$correlationId":"mine"}' };
      await expect(open().append(fresh(), -1, [event])).rejects.toThrow(NotStorable);
    });
  });

  test('of others is given as it is: bytes as a text that nothing here decodes', async () => {
    await withNode(async ({ node, open }) => {
      const bytes = { data: Buffer.from([0, 255]), metadata: new Uint8Array() };
      const id = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
      node.log.append('other-1', 'any', [
        { id, type: 'x', contentType: 'application/octet-stream', ...bytes },
      ]);
      expect(await open().read('other-1', 0, 1)).toMatchObject([{ data: '"AP8="', meta: '{}' }]);
    });
  });

  test('goes through the unary Append, which has a deadline', async () => {
    await withNode(async ({ node, open }) => {
      await open().append(fresh(), -1, [noted()]);
      expect(node.calls).toMatchObject({ append: 1, batchAppend: 0 });
    });
  });

  test('must not be longer than the server takes at once', async () => {
    await withNode(
      async ({ node, open }) => {
        await expect(open().append(fresh(), -1, [noted(1, 'x'.repeat(2000))])).rejects.toThrow(NotStorable);
        expect(node.log.all).toEqual([]);
      },
      { maxAppendBytes: 1000 },
    );
  });
});

describe('an append to EventStoreDB', () => {
  test('silence: has an unknown outcome after our own deadline, and the next goes on', async () => {
    await withNode(async ({ node, open }) => {
      const log = open({ appendDeadlineMs: 500 });
      const stream = fresh();
      await open().append(stream, -1, [noted()]);
      node.faults.silence();
      const took = await duration(() =>
        expect(log.append(stream, 0, [noted()])).rejects.toThrow(OutcomeUnknown),
      );
      expect(took).toBeLessThan(2500);
      node.faults.speak();
      expect(await log.append(stream, 0, [noted()])).toEqual({ revision: 1 });
    });
  });

  test.each(['lost', 'cut'] as const)(
    'answer %s after the write: has an unknown outcome, and the stream decides',
    async (how) => {
      await withNode(async ({ node, open }) => {
        const log = open({ appendDeadlineMs: 800 });
        const stream = fresh();
        const event = noted();
        node.faults.loseNextAnswer(how);
        await expect(log.append(stream, -1, [event])).rejects.toThrow(OutcomeUnknown);
        expect(await log.read(stream, 0, 10)).toMatchObject([{ id: event.id }]);
        expect(await log.append(stream, -1, [event])).toEqual({ revision: 0 });
        expect(node.log.all).toHaveLength(1);
      });
    },
  );

  test('late answer: counts within the deadline, and is nothing after it', async () => {
    await withNode(async ({ node, open }) => {
      const log = open({ appendDeadlineMs: 600 });
      node.faults.delayNextAnswer(100);
      expect(await log.append(fresh(), -1, [noted()])).toEqual({ revision: 0 });
      const stream = fresh();
      node.faults.delayNextAnswer(900);
      await expect(log.append(stream, -1, [noted()])).rejects.toThrow(OutcomeUnknown);
      await pause(400);
      expect(await log.read(stream, 0, 10)).toHaveLength(1);
    });
  });

  test('not-leader: goes to the leader without being asked again', async () => {
    await withNode(async ({ node, open }) => {
      const log = open();
      const stream = fresh();
      node.faults.notLeaderOnce();
      expect(await log.append(stream, -1, [noted()])).toEqual({ revision: 0 });
      node.faults.notLeaderOnce();
      expect(await log.read(stream, 0, 1)).toHaveLength(1);
      expect(node.calls).toMatchObject({ append: 2, read: 2 });
    });
  });

  test('a node that is not ready: is unavailable, and nothing was written', async () => {
    await withNode(async ({ node, open }) => {
      const log = open();
      node.faults.notReadyOnce();
      await expect(log.append(fresh(), -1, [noted()])).rejects.toThrow(Unavailable);
      expect(node.log.all).toEqual([]);
      expect(await log.append(fresh(), -1, [noted()])).toEqual({ revision: 0 });
    });
  });

  test('a commit that took the server too long: has an unknown outcome', async () => {
    await withNode(async ({ node, open }) => {
      node.faults.timeOutOnce();
      await expect(open().append(fresh(), -1, [noted()])).rejects.toThrow(OutcomeUnknown);
      expect(node.log.all).toHaveLength(1);
    });
  });

  test('a server that is not there: is unavailable at once, and served when it is back', async () => {
    await withNode(async ({ node, open }) => {
      const log = open();
      await node.stop();
      const took = await duration(async () => {
        await expect(log.append('case-1', -1, [noted()])).rejects.toThrow(Unavailable);
        await expect(log.read('case-1', 0, 1)).rejects.toThrow(Unavailable);
      });
      expect(took).toBeLessThan(2500);
      await node.start();
      expect(await log.append('case-1', -1, [noted()])).toEqual({ revision: 0 });
    });
  });

  test('a host that takes the connection and says nothing: is unavailable, for nothing was sent', async () => {
    const sockets: Socket[] = [];
    const hole = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
    const { port } = hole.address() as { port: number };
    await withLogs(`esdb://127.0.0.1:${port}?tls=false`, async (open) => {
      await expect(open({ appendDeadlineMs: 200 }).append('case-1', -1, [noted()])).rejects.toThrow(
        Unavailable,
      );
    });
    for (const socket of sockets) socket.destroy();
    hole.close();
  });

  test('dropped connection: whoever is told "written" finds it, whoever is told "not written" does not', async () => {
    await withNode(async ({ node, open }) => {
      const log = open();
      const outcomes = new Map<string, unknown>();
      for (let round = 0; round < 20; round++) {
        const appends = Array.from({ length: 30 }, async () => {
          const stream = fresh();
          outcomes.set(stream, await log.append(stream, -1, [noted()]).catch((error: unknown) => error));
        });
        const drop = setTimeout(() => {
          node.faults.dropConnections();
        }, round);
        await Promise.all(appends);
        clearTimeout(drop);
      }
      const told = { written: 0, unknown: 0, unavailable: 0 };
      for (const [stream, outcome] of outcomes) {
        const written = node.log.last(stream) === 0n;
        if (outcome instanceof OutcomeUnknown) told.unknown++;
        else if (outcome instanceof Unavailable) {
          told.unavailable++;
          expect(written).toBe(false);
        } else {
          told.written++;
          expect([outcome, written]).toEqual([{ revision: 0 }, true]);
        }
      }
      expect(told.written).toBeGreaterThan(0);
      expect(told.unknown).toBeGreaterThan(0);
    });
  });

  test('after the log was closed: is unavailable', async () => {
    await withNode(async ({ node, open }) => {
      const log = open();
      const last = log.append('case-1', -1, [noted()]);
      await log.close();
      expect(await last).toEqual({ revision: 0 });
      await expect(log.append('case-1', 0, [noted()])).rejects.toThrow(Unavailable);
      await expect(log.read('case-1', 0, 1)).rejects.toThrow(Unavailable);
      await pause(50);
      expect(node.connections).toBe(0);
    });
  });
});

describe('a stream of EventStoreDB', () => {
  test('that the server is silent about is unavailable after our own deadline', async () => {
    await withNode(async ({ node, open }) => {
      node.faults.silence();
      await expect(open({ readDeadlineMs: 200 }).read('case-1', 0, 1)).rejects.toThrow(Unavailable);
      await pause(50);
      expect(node.calls).toMatchObject({ read: 1, cancelled: 1 });
    });
  });

  test('that was tombstoned is neither empty nor to be written', async () => {
    await withNode(async ({ node, open }) => {
      const log = open();
      await log.append('case-1', -1, [noted()]);
      node.log.tombstone('case-1', 'any');
      await expect(log.read('case-1', 0, 1)).rejects.toThrow(StreamDeleted);
      await expect(log.append('case-1', 0, [noted()])).rejects.toThrow(StreamDeleted);
    });
  });

  test('that was deleted is not as if it had never been', async () => {
    await withNode(async ({ node, open }) => {
      const log = open();
      await log.append('case-1', -1, [noted(), noted()]);
      node.log.softDelete('case-1', 'any');
      await expect(log.read('case-1', 0, 10)).rejects.toThrow(StreamDeleted);
      await expect(log.append('case-1', 0, [noted()])).rejects.toThrow(Conflict);
      // The server would let it begin again, at revision 2.
      await expect(log.append('case-1', -1, [noted()])).rejects.toThrow(StreamDeleted);
      await expect(log.read('case-1', 0, 10)).rejects.toThrow(StreamDeleted);
    });
  });

  test('that was never there is empty, also for its metadata', async () => {
    await withNode(async ({ open }) => {
      expect(await open().read('case-1', 0, 10)).toEqual([]);
      expect(await open().read('case-1', 5, 10)).toEqual([]);
      expect(await open().read('case-1', 0, 0)).toEqual([]);
    });
  });
});
