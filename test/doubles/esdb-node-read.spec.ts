import {
  type AllStreamSubscription,
  BACKWARDS,
  END,
  EventStoreDBClient,
  eventTypeFilter,
  type Filter,
  jsonEvent,
  type JSONEventData,
  type ReadStreamOptions,
  StreamDeletedError,
  StreamNotFoundError,
  streamNameFilter,
  UnavailableError,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type EsdbNode, startEsdbNode } from './esdb-node.js';

let node: EsdbNode;
let client: EventStoreDBClient;
beforeEach(async () => {
  node = await startEsdbNode();
  client = EventStoreDBClient.connectionString(node.url);
});
afterEach(async () => {
  await client.dispose();
  await node.stop();
});

/** An event that says nothing. */
const some = (type = 'Noted'): JSONEventData => jsonEvent({ type, data: {} });

describe('the node is read as the real server is:', () => {
  const read = async (stream: string, options?: ReadStreamOptions): Promise<number[]> => {
    const revisions: number[] = [];
    for await (const { event } of client.readStream(stream, options)) revisions.push(Number(event?.revision));
    return revisions;
  };

  test('forwards, backwards, from a revision, so many', async () => {
    await client.appendToStream(
      's-1',
      Array.from({ length: 100 }, () => some()),
    );
    expect(await read('s-1', { fromRevision: 97n })).toEqual([97, 98, 99]);
    expect(await read('s-1', { fromRevision: 5n, maxCount: 2 })).toEqual([5, 6]);
    expect(await read('s-1', { fromRevision: 200n })).toEqual([]);
    expect(await read('s-1', { direction: BACKWARDS, fromRevision: END, maxCount: 2 })).toEqual([99, 98]);
    expect(await read('s-1', { direction: BACKWARDS, fromRevision: 1n })).toEqual([1, 0]);
    await expect(read('s-2')).rejects.toThrow(StreamNotFoundError);
  });

  test('deleted streams are not found, tombstoned ones are deleted, begun again they have no beginning', async () => {
    for (const stream of ['s-1', 's-2']) await client.appendToStream(stream, [some(), some()]);
    await client.deleteStream('s-1');
    await client.tombstoneStream('s-2');
    await expect(read('s-1')).rejects.toThrow(StreamNotFoundError);
    await expect(read('s-2')).rejects.toThrow(StreamDeletedError);
    await client.appendToStream('s-1', some());
    expect(await read('s-1')).toEqual([2]);
    const { metadata } = await client.getStreamMetadata('s-1');
    expect(metadata).toMatchObject({ truncateBefore: 2 });
  });

  test('the whole log from a position: that one is included', async () => {
    await client.appendToStream('s-1', [some('A'), some('B'), some('C')]);
    const { commit = 0n, prepare = 0n } = node.log.all[1] ?? {};
    const types: string[] = [];
    for await (const { event } of client.readAll({ fromPosition: { commit, prepare } }))
      types.push(event?.type ?? '');
    expect(types).toEqual(['B', 'C']);
  });
});

describe('the node is subscribed to as the real server is:', () => {
  const listen = async (
    subscription: AllStreamSubscription,
    until: (told: string[]) => boolean,
  ): Promise<string[]> => {
    const told: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const tell = (what: string): void => {
        told.push(what);
        if (until(told)) resolve();
      };
      subscription.on('error', reject);
      subscription.on('caughtUp', () => {
        tell('caughtUp');
      });
      subscription.on('fellBehind', () => {
        tell('fellBehind');
      });
      subscription.on('data', ({ event }) => {
        tell(event?.type ?? '');
      });
    });
    await subscription.unsubscribe();
    return told;
  };
  const types = (filter?: Filter): Promise<string[]> =>
    listen(client.subscribeToAll(filter && { filter }), (told) => told.includes('caughtUp'));

  test.each([
    ['a prefix of types', eventTypeFilter({ prefixes: ['A', 'C'] }), ['A1', 'A2', 'C1']],
    ['a pattern of types', eventTypeFilter({ regex: '1$' }), ['A1', 'B1', 'C1']],
    ['a prefix of streams', streamNameFilter({ prefixes: ['t-'] }), ['A2', 'C1']],
    ['a pattern of streams', streamNameFilter({ regex: '^s' }), ['A1', 'B1']],
  ])('filtered by %s', async (_, filter, expected) => {
    await client.appendToStream('s-1', [some('A1'), some('B1')]);
    await client.appendToStream('t-1', [some('A2'), some('C1')]);
    expect(await types(filter)).toEqual([...expected, 'caughtUp']);
    expect(await types()).toEqual(['A1', 'B1', 'A2', 'C1', 'caughtUp']);
  });

  test('checkpoints come after so many windows of events, wanted or not, and where it has caught up', async () => {
    await client.appendToStream(
      's-1',
      Array.from({ length: 25 }, () => some('A')),
    );
    const places: bigint[] = [];
    const checkpointReached = (_: unknown, { commit }: { commit: bigint }): void => void places.push(commit);
    const window = { maxSearchWindow: 5, checkpointInterval: 2, checkpointReached };
    await types(eventTypeFilter({ prefixes: ['B'], ...window }));
    expect(places).toEqual([9, 19, 24].map((n) => node.log.all[n]?.commit));
  });

  test('early checkpoint: the client tells of it before the event behind which it stands was read', async () => {
    await client.appendToStream(
      's-1',
      Array.from({ length: 10 }, () => some()),
    );
    node.faults.earlyCheckpoint(10);
    let checkpoints = 0;
    const subscription = client.subscribeToAll({
      filter: eventTypeFilter({
        regex: '.',
        checkpointReached: () => {
          checkpoints++;
        },
      }),
    });
    await pause(100);
    expect(checkpoints).toBe(10);
    expect(subscription.readableLength).toBe(10);
    await subscription.unsubscribe();
  });

  test('what is written later comes too, and who is far behind is told so', async () => {
    await client.appendToStream('s-1', some('A'));
    const told = await listen(client.subscribeToAll(), (seen) => {
      if (seen.length === 2) {
        const event = {
          contentType: 'application/json',
          data: Buffer.from('{}'),
          metadata: new Uint8Array(),
        };
        node.log.append(
          's-1',
          'any',
          Array.from({ length: 300 }, () => ({ id: randomUUID(), type: 'B', ...event })),
        );
      }
      return seen.filter((what) => what === 'caughtUp').length === 2;
    });
    expect(told.filter((what) => what !== 'B')).toEqual(['A', 'caughtUp', 'fellBehind', 'caughtUp']);
    expect(told.filter((what) => what === 'B')).toHaveLength(300);
  });

  test('dropped connections end it with an error', async () => {
    const listening = listen(client.subscribeToAll(), () => false);
    await pause(50);
    node.faults.dropConnections();
    await expect(listening).rejects.toThrow(UnavailableError);
  });
});
