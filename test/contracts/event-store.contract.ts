import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { canonical, leafHash } from '../../libs/eventing/canonical.js';
import { type NewEvent, type StoredEvent } from '../../libs/eventing/event.js';
import {
  Conflict,
  type EventStore,
  type Feed,
  OutcomeUnknown,
  type Position,
} from '../../libs/eventing/store.js';

export interface Opened {
  store: EventStore & Feed;
  close: () => Promise<void>;
}

/** What an adapter can be made to do that a server does not do at will. */
export interface Mishaps {
  /** The next append is written, and its answer never arrives. */
  loseNextAnswer: () => void;
}

const noted = (n: number, text = ''): NewEvent => ({
  id: randomUUID(),
  type: 'Noted',
  data: canonical({ n, text }),
  meta: canonical({ recordedAt: '2026-01-05T01:02:03.004Z', correlationId: 'k', causationId: 'c' }),
});
const fresh = (): string => `case-${randomUUID()}`;

/** Follows until `enough` says so of what was seen, and says where it stopped. */
async function follow(
  store: Feed,
  after: Position | undefined,
  enough: (seen: StoredEvent[]) => boolean,
  streams?: readonly string[],
): Promise<{ seen: StoredEvent[]; position: Position | undefined }> {
  const stop = new AbortController();
  const seen: StoredEvent[] = [];
  let position = after;
  for await (const page of store.follow(after, stop.signal, streams)) {
    seen.push(...page.events);
    position = page.next;
    if (enough(seen)) break;
  }
  stop.abort();
  return { seen, position };
}

const of = (seen: StoredEvent[], stream: string): StoredEvent[] =>
  seen.filter((one) => one.stream === stream);

/** What every log must do, whichever engine keeps it. */
export function eventStoreContract(name: string, open: () => Promise<Opened>, mishaps?: () => Mishaps): void {
  describe(`${name} is an event store:`, () => {
    let store: EventStore & Feed;
    let close: () => Promise<void>;
    beforeAll(async () => ({ store, close } = await open()));
    afterAll(() => close());

    test('a stream that is not there has no events', async () => {
      expect(await store.read(fresh(), 0, 10)).toEqual([]);
    });

    test('events come back as they went in, counted from 0', async () => {
      const stream = fresh();
      const events = [noted(1), noted(2), noted(3)];
      expect(await store.append(stream, -1, events)).toMatchObject({ revision: 2 });
      const expected = events.map((event, revision) =>
        expect.objectContaining({ ...event, stream, revision }),
      );
      expect(await store.read(stream, 0, 10)).toEqual(expected);
    });

    test('a stream is read from a revision on, and no more than asked for', async () => {
      const stream = fresh();
      await store.append(
        stream,
        -1,
        Array.from({ length: 10 }, (_, n) => noted(n)),
      );
      const revisions = async (from: number, limit: number): Promise<number[]> =>
        (await store.read(stream, from, limit)).map(({ revision }) => revision);
      expect(await revisions(4, 3)).toEqual([4, 5, 6]);
      expect(await revisions(8, 100)).toEqual([8, 9]);
      expect(await revisions(10, 100)).toEqual([]);
    });

    test.each([
      ['a stream that must not exist and does', 3, -1],
      ['a revision that is past', 3, 1],
      ['a revision that is yet to come', 3, 7],
      ['a revision of a stream that does not exist', 0, 0],
    ])('%s is a conflict, and nothing is written', async (_, length, expected) => {
      const stream = fresh();
      if (length > 0)
        await store.append(
          stream,
          -1,
          Array.from({ length }, (_, n) => noted(n)),
        );
      await expect(store.append(stream, expected, [noted(9)])).rejects.toThrow(Conflict);
      expect(await store.read(stream, 0, 10)).toHaveLength(length);
    });

    test('the same append again answers as the first time and writes nothing', async () => {
      const stream = fresh();
      const first = [noted(1), noted(2)];
      await store.append(stream, -1, first);
      expect(await store.append(stream, -1, first)).toMatchObject({ revision: 1 });
      const second = [noted(3)];
      await store.append(stream, 1, second);
      expect(await store.append(stream, 1, second)).toMatchObject({ revision: 2 });
      expect(await store.read(stream, 0, 10)).toHaveLength(3);
    });

    test('an id may come again at a later revision: ids are no guard', async () => {
      const stream = fresh();
      const again = noted(1);
      await store.append(stream, -1, [again]);
      expect(await store.append(stream, 0, [again])).toMatchObject({ revision: 1 });
      expect((await store.read(stream, 0, 10)).map(({ id }) => id)).toEqual([again.id, again.id]);
    });

    test('of many who append at one revision, one wins', async () => {
      const stream = fresh();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) => store.append(stream, -1, [noted(n)])),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Conflict);
      }
      expect(await store.read(stream, 0, 30)).toHaveLength(1);
    });

    test('a thousand streams are appended to at once', async () => {
      const streams = Array.from({ length: 1000 }, fresh);
      const revisions = await Promise.all(
        streams.map((stream, n) => store.append(stream, -1, [noted(n), noted(n)])),
      );
      expect(new Set(revisions.map(({ revision }) => revision))).toEqual(new Set([1]));
      const lengths = await Promise.all(
        streams.map(async (stream) => (await store.read(stream, 0, 10)).length),
      );
      expect(new Set(lengths)).toEqual(new Set([2]));
    });

    test.each([
      ['nothing', ''],
      ['Chinese', '危房改造“销号”'],
      ['characters beyond the first plane', '🏚️ 𠮷野家'],
      ['quotes, backslashes and separators', '"\\ \u2028\u2029\u001e\u001f\u007f\t\r\n\\u0041'],
      ['SQL', "'; drop table log.events; --"],
      ['64 KiB', '长'.repeat(21_000)],
    ])('a text of %s comes back as it went in', async (_, text) => {
      const stream = fresh();
      const event = noted(1, text);
      await store.append(stream, -1, [event]);
      const [stored] = await store.read(stream, 0, 1);
      expect(stored).toMatchObject(event);
    });

    test('empty lists and objects come back, and the leaf hash with them', async () => {
      const stream = fresh();
      const event = { ...noted(1), data: canonical({ none: [], nothing: {}, nested: [[], [{}]] }) };
      await store.append(stream, -1, [event]);
      const [stored] = await store.read(stream, 0, 1);
      expect(stored && leafHash(stored)).toEqual(leafHash({ ...event, stream, revision: 0 }));
    });

    test('the log tells each stream in order, and all that was written', async () => {
      const streams = Array.from({ length: 5 }, fresh);
      for (let n = 0; n < 4; n++) {
        await Promise.all(streams.map((stream) => store.append(stream, n - 1, [noted(n)])));
      }
      const last = fresh();
      await store.append(last, -1, [noted(0)]);
      const { seen } = await follow(store, undefined, (events) => of(events, last).length === 1);
      for (const stream of streams)
        expect(of(seen, stream).map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
    });

    test('whoever follows sees what is appended meanwhile', async () => {
      const stream = fresh();
      const following = follow(store, undefined, (events) => of(events, stream).length === 50);
      for (let n = 0; n < 50; n++) await store.append(stream, n - 1, [noted(n)]);
      const { seen } = await following;
      expect(of(seen, stream).map(({ revision }) => revision)).toEqual(
        Array.from({ length: 50 }, (_, n) => n),
      );
    });

    test('whoever comes back goes on where they were: nothing twice, nothing left out', async () => {
      const stream = fresh();
      const total = 2500;
      for (let n = 0; n < total; n += 500) {
        await store.append(
          stream,
          n - 1,
          Array.from({ length: 500 }, (_, k) => noted(n + k)),
        );
      }
      const all: StoredEvent[] = [];
      let position: Position | undefined;
      for (let rest = 0; of(all, stream).length < total; rest++) {
        const part = await follow(store, position, (events) => events.length > 0);
        all.push(...part.seen);
        ({ position } = part);
        expect(rest).toBeLessThan(10_000);
      }
      expect(of(all, stream).map(({ revision }) => revision)).toEqual(
        Array.from({ length: total }, (_, n) => n),
      );
      expect(new Set(all.map((event) => `${event.stream}@${event.revision}`)).size).toBe(all.length);
    });

    test.each([999, 1000, 1001, 2000])(
      'who has read all %i events is told so, and waits for no other',
      async (n) => {
        const stream = fresh();
        await store.append(stream, -1, [noted(0)]);
        const { position } = await follow(store, undefined, (events) => of(events, stream).length === 1);
        for (let from = 0; from < n; from += 500) {
          const some = Array.from({ length: Math.min(500, n - from) }, (_, k) => noted(from + k + 1));
          await store.append(stream, from, some);
        }
        const stop = new AbortController();
        let read = 0;
        for await (const page of store.follow(position, stop.signal)) {
          read += page.events.length;
          if (!page.more && read === n) break;
        }
        stop.abort();
        expect(read).toBe(n);
      },
    );

    describe('who follows streams by the beginnings of their names', () => {
      const [unit, person] = ['unit-', 'person-'].map((kind) => `${kind}${randomUUID()}`) as [string, string];
      // Letters that mean something to patterns mean nothing in a name.
      const alike = `unit_${randomUUID()}`;
      const many = async (stream: string, from: number, n: number): Promise<void> => {
        for (let k = 0; k < n; k++) await store.append(stream, from + k, [noted(from + k + 1)]);
      };

      test.each([
        ['beside the cases', ['unit-', 'person-']],
        ['cases among them', ['unit-', 'person-', 'case-no-such']],
      ])('gets these and no others, in order: %s', async (_, streams) => {
        const others = fresh();
        const [one, other] = [`${unit}-${streams.length}`, `${person}-${streams.length}`];
        await many(one, -1, 2);
        await many(others, -1, 5);
        await many(other, -1, 1);
        await many(`${alike}-${streams.length}`, -1, 1);
        await many(one, 1, 1);
        const { seen } = await follow(store, undefined, (all) => of(all, one).length === 3, streams);
        expect(of(seen, one).map(({ revision }) => revision)).toEqual([0, 1, 2]);
        expect(of(seen, other)).toHaveLength(1);
        expect(seen.filter(({ stream }) => !/^(?:unit|person)-/.test(stream))).toEqual([]);
        const places = seen.map(({ stream, revision }) => `${stream}@${revision}`);
        expect(places.indexOf(`${other}@0`)).toBeLessThan(places.indexOf(`${one}@2`));
      });

      test('sees what is appended meanwhile, and goes on where it was', async () => {
        const stream = `unit-${randomUUID()}`;
        const streams = [stream];
        const following = follow(store, undefined, (all) => all.length === 3, streams);
        await many(stream, -1, 2);
        await many(fresh(), -1, 3);
        await many(stream, 1, 1);
        const { seen, position } = await following;
        expect(seen.map(({ revision }) => revision)).toEqual([0, 1, 2]);
        await many(fresh(), -1, 3);
        await many(stream, 2, 1500);
        const rest = await follow(store, position, (all) => all.length >= 1500, streams);
        expect(rest.seen.map(({ revision }) => revision)).toEqual(
          Array.from({ length: 1500 }, (_, n) => n + 3),
        );
      });
    });

    test('following ends when it is told to, with nothing to come', async () => {
      const stop = new AbortController();
      const ended = (async () => {
        for await (const page of store.follow(undefined, stop.signal)) {
          if (!page.more)
            setTimeout(() => {
              stop.abort();
            }, 20);
        }
        return 'ended';
      })();
      expect(await ended).toBe('ended');
    });

    if (mishaps) {
      test('an answer that is lost leaves the outcome unknown, and the stream decides', async () => {
        const stream = fresh();
        const event = noted(1);
        mishaps().loseNextAnswer();
        await expect(store.append(stream, -1, [event])).rejects.toThrow(OutcomeUnknown);
        expect(await store.read(stream, 0, 10)).toEqual([expect.objectContaining({ id: event.id })]);
        expect(await store.append(stream, -1, [event])).toMatchObject({ revision: 0 });
      });
    }
  });
}
