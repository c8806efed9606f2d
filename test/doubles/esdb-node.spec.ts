import {
  ANY,
  type AppendExpectedRevision,
  type AppendResult,
  EventStoreDBClient,
  jsonEvent,
  type JSONEventData,
  MaxAppendSizeExceededError,
  NO_STREAM,
  NotLeaderError,
  STREAM_EXISTS,
  StreamDeletedError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { type EsdbNode, startEsdbNode } from './esdb-node.js';

let node: EsdbNode;
let client: EventStoreDBClient;
beforeEach(async () => {
  node = await startEsdbNode({ maxAppendBytes: 10_000 });
  client = EventStoreDBClient.connectionString(node.url);
});
afterEach(async () => {
  await client.dispose();
  await node.stop();
});

/** An event that says nothing. */
const some = (type = 'Noted', text = ''): JSONEventData => jsonEvent({ type, data: { text } });

describe.each(['append', 'batchAppend'] as const)(
  'the node answers %s as the real server does:',
  (method) => {
    // Of credentials for one call the client makes a unary call.
    const credentials = method === 'append' ? { credentials: { username: 'ops', password: 'ops' } } : {};
    const append = (
      expectedRevision: AppendExpectedRevision,
      ...events: JSONEventData[]
    ): Promise<AppendResult> => client.appendToStream('s-1', events, { expectedRevision, ...credentials });

    test('the expected revision decides, and the answer says where the stream stands', async () => {
      await expect(append(STREAM_EXISTS, some())).rejects.toThrow(WrongExpectedVersionError);
      const { nextExpectedRevision, position } = await append(NO_STREAM, some(), some());
      expect(nextExpectedRevision).toBe(1n);
      expect(position).toEqual({ commit: node.log.all[1]?.commit, prepare: node.log.all[1]?.prepare });
      const wrong = { actualVersion: 1n, streamName: 's-1' };
      await expect(append(NO_STREAM, some())).rejects.toMatchObject({
        ...wrong,
        expectedVersion: 'no_stream',
      });
      await expect(append(7n, some())).rejects.toMatchObject({ ...wrong, expectedVersion: 7n });
      expect((await append(1n, some())).nextExpectedRevision).toBe(2n);
      expect((await append(STREAM_EXISTS, some())).nextExpectedRevision).toBe(3n);
      expect((await append(ANY, some())).nextExpectedRevision).toBe(4n);
      expect(node.calls[method]).toBeGreaterThan(0);
    });

    test('what is there already is answered again, and not written; in part it is wrong', async () => {
      const [one, two, three] = [some(), some(), some()] as const;
      await append(NO_STREAM, one, two);
      expect((await append(NO_STREAM, one, two)).nextExpectedRevision).toBe(1n);
      expect((await append(NO_STREAM, one)).nextExpectedRevision).toBe(0n);
      expect((await append(ANY, two)).nextExpectedRevision).toBe(1n);
      await expect(append(NO_STREAM, one, two, three)).rejects.toThrow(WrongExpectedVersionError);
      await expect(append(ANY, two, three)).rejects.toThrow(WrongExpectedVersionError);
      expect(node.log.last('s-1')).toBe(1n);
      // The same id where the stream stands now is another event.
      expect((await append(1n, two)).nextExpectedRevision).toBe(2n);
    });

    test('a tombstone is for good, a deletion until the next append', async () => {
      await append(NO_STREAM, some());
      await client.deleteStream('s-1');
      await expect(append(STREAM_EXISTS, some())).rejects.toThrow(StreamDeletedError);
      expect((await append(NO_STREAM, some())).nextExpectedRevision).toBe(1n);
      await client.tombstoneStream('s-1');
      await expect(append(ANY, some())).rejects.toThrow(StreamDeletedError);
      await expect(client.tombstoneStream('s-1')).rejects.toThrow(StreamDeletedError);
      await expect(client.deleteStream('s-2', { expectedRevision: 3n })).rejects.toThrow(
        WrongExpectedVersionError,
      );
    });

    test('too much, too late, not ready', async () => {
      await expect(append(ANY, some('Noted', 'x'.repeat(10_000)))).rejects.toThrow(
        MaxAppendSizeExceededError,
      );
      node.faults.timeOutOnce();
      await expect(append(ANY, some())).rejects.toThrow();
      node.faults.notReadyOnce();
      await expect(append(ANY, some())).rejects.toThrow(
        method === 'append' ? UnavailableError : UnknownError,
      );
      expect(node.log.all).toHaveLength(1);
    });

    test('who asks for the leader is told where it is', async () => {
      node.faults.notLeaderOnce();
      const asked = client.appendToStream('s-1', some(), { requiresLeader: true, ...credentials });
      await expect(asked).rejects.toMatchObject({ leader: { address: '127.0.0.1', port: node.member.port } });
      await expect(asked).rejects.toThrow(NotLeaderError);
    });

    test('silence and lost answers look alike until the log is read', async () => {
      const answered: unknown[] = [];
      const ask = (): void =>
        void append(ANY, some()).then(
          (answer) => answered.push(answer),
          () => undefined,
        );
      await append(NO_STREAM, some());
      node.faults.loseNextAnswer();
      ask();
      await pause(50);
      node.faults.silence();
      ask();
      await pause(50);
      expect(answered).toEqual([]);
      expect(node.log.all).toHaveLength(2);
    });
  },
);
