import { describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { type EsdbNode, startEsdbCluster } from '../../../test/doubles/esdb-node.js';
import { type Proposed } from '../../../test/doubles/esdb-node-log.js';
import { fresh, noted, withLogs, withNode } from '../../../test/doubles/esdb-node-using.js';
import { type Feed, type Page, type Position, Unavailable } from '../../eventing/store.js';

/** Writes past the adapter: quicker, and where a test wants it. */
function fill(node: EsdbNode, stream: string, count: number, text = ''): void {
  const events = Array.from({ length: count }, (_, n): Proposed => {
    const { id, type, data, meta } = noted(n, text);
    return {
      id,
      type,
      contentType: 'application/json',
      data: Buffer.from(data),
      metadata: Buffer.from(meta),
    };
  });
  node.log.append(stream, 'any', events);
}

async function pagesUntil(
  feed: Feed,
  after: Position | undefined,
  enough: (pages: Page[]) => boolean,
): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of feed.follow(after, AbortSignal.timeout(10_000))) {
    pages.push(page);
    if (enough(pages)) break;
  }
  return pages;
}

const revisions = (pages: Page[]): number[] =>
  pages.flatMap(({ events }) => events.map(({ revision }) => revision));
const upTo = (count: number, from = 0): number[] => Array.from({ length: count - from }, (_, n) => from + n);
const last = (pages: Page[]): Page | undefined => pages.at(-1);
const caughtUp = (pages: Page[]): boolean => last(pages)?.more === false;

describe('following EventStoreDB', () => {
  test.each([false, true])(
    'goes on from every page’s position exactly, also in the middle of a transaction (%s)',
    async (sharedCommits) => {
      await withNode(
        async ({ node, open }) => {
          fill(node, 'case-1', 3500);
          const pages = await pagesUntil(open(), undefined, caughtUp);
          expect(revisions(pages)).toEqual(upTo(3500));
          expect(pages.length).toBeGreaterThan(3);
          let seen = 0;
          for (const { events, next } of pages) {
            seen += events.length;
            fill(node, 'case-2', 1);
            const rest = await pagesUntil(open(), next, caughtUp);
            const ofFirst = rest.map((page) => ({
              ...page,
              events: page.events.filter(({ stream }) => stream === 'case-1'),
            }));
            expect(revisions(ofFirst)).toEqual(upTo(3500, seen));
          }
        },
        { sharedCommits },
      );
    },
  );

  test('pages are of at most a thousand events, and the last says that nothing more is there', async () => {
    await withNode(async ({ node, open }) => {
      fill(node, 'case-1', 2500);
      const pages = await pagesUntil(open(), undefined, caughtUp);
      for (const { events } of pages) expect(events.length).toBeLessThanOrEqual(1000);
      expect(pages.slice(0, -1).every(({ more }) => more)).toBe(true);
    });
  });

  test('a server that never says it has caught up is believed when it falls silent', async () => {
    await withNode(
      async ({ node, open }) => {
        fill(node, 'case-1', 10);
        const pages = await pagesUntil(open(), undefined, caughtUp);
        expect(revisions(pages)).toEqual(upTo(10));
      },
      { neverCaughtUp: true },
    );
  });

  test('the server’s own events are left out, and the position moves past them', async () => {
    await withNode(async ({ node, open }) => {
      const end = (): string => `${node.log.all.at(-1)?.commit ?? 0n}/${node.log.all.at(-1)?.prepare ?? 0n}`;
      fill(node, 'case-1', 1);
      node.log.writeSystemEvents(2500);
      const pages = await pagesUntil(open(), undefined, (seen) => {
        if (seen.length === 1) {
          expect(last(seen)).toMatchObject({ next: end(), more: false });
          node.log.writeSystemEvents(1000);
        }
        return seen.length === 2;
      });
      expect(revisions(pages)).toEqual([0]);
      expect(last(pages)).toEqual({ events: [], next: end(), more: false });
      fill(node, 'case-1', 1);
      const rest = await pagesUntil(open(), last(pages)?.next, caughtUp);
      expect(revisions(rest)).toEqual([1]);
    });
  });

  test('early checkpoint: none is given before the events that it stands behind', async () => {
    await withNode(async ({ node, open }) => {
      fill(node, 'case-1', 5000);
      node.faults.earlyCheckpoint(5000);
      const pages: Page[] = [];
      for await (const page of open().follow(undefined, AbortSignal.timeout(10_000))) {
        pages.push(page);
        if (pages.length === 3) break;
        // Meanwhile later events, and the checkpoints behind them, fill the buffer.
        await pause(200);
      }
      for (const [n, { next }] of pages.entries()) {
        const rest = await pagesUntil(open(), next, caughtUp);
        expect(revisions(rest)).toEqual(upTo(5000, revisions(pages.slice(0, n + 1)).length));
      }
    });
  });

  test('an event that the server sends twice is given once', async () => {
    await withNode(async ({ node, open }) => {
      fill(node, 'case-1', 10);
      node.faults.sendTwice(10);
      expect(revisions(await pagesUntil(open(), undefined, caughtUp))).toEqual(upTo(10));
    });
  });

  test('dropped connection: the follower takes it up again, with nothing twice and nothing left out', async () => {
    await withNode(async ({ node, open }) => {
      const drops: unknown[] = [];
      const log = open({ onDrop: (reason) => drops.push(reason) });
      const following = pagesUntil(log, undefined, (pages) => revisions(pages).length >= 3000);
      for (let n = 0; n < 30; n++) {
        fill(node, 'case-1', 100);
        await pause(5);
        if (n % 5 === 0) node.faults.dropConnections();
      }
      expect(revisions(await following)).toEqual(upTo(3000));
      expect(drops.length).toBeGreaterThan(0);
    });
  });

  test('a server that is started anew is followed again', async () => {
    await withNode(async ({ node, open }) => {
      fill(node, 'case-1', 5);
      const following = pagesUntil(open(), undefined, (pages) => revisions(pages).length === 10);
      await pause(50);
      await node.stop();
      await pause(200);
      fill(node, 'case-1', 5);
      await node.start();
      expect(revisions(await following)).toEqual(upTo(10));
    });
  });

  test('whatever happens to server, line and reader, nothing comes twice and nothing is left out', async () => {
    await withNode(
      async ({ node, open }) => {
        const total = 3000;
        const mishaps: (() => unknown)[] = [
          () => {
            fill(node, 'case-1', 100);
          },
          () => {
            fill(node, 'case-1', 100);
          },
          () => {
            node.log.writeSystemEvents(700);
          },
          () => {
            node.faults.earlyCheckpoint(50);
          },
          () => {
            node.faults.dropConnections();
          },
          async () => {
            await node.stop();
            await node.start();
          },
        ];
        const stop = new AbortController();
        const happening = (async () => {
          for (let n = 0; node.log.last('case-1') < total - 1; n = (n * 7 + 5) % 1009) {
            await mishaps[n % mishaps.length]?.();
            await pause(n % 7);
          }
        })();
        const seen: number[] = [];
        let position: Position | undefined;
        while (seen.length < total) {
          let pages = 1 + (seen.length % 4);
          for await (const page of open().follow(position, stop.signal)) {
            seen.push(...revisions([page]));
            position = page.next;
            if (--pages === 0 || seen.length >= total) break;
            await pause(seen.length % 3);
          }
        }
        await happening;
        expect(seen).toEqual(upTo(total));
      },
      { sharedCommits: true },
    );
  });

  test.each([
    ['while the reader waits', 5000, false],
    ['while the reader is busy', 10, true],
  ])('a promise of more is taken back when the line is lost %s', async (_, count, neverCaughtUp) => {
    await withNode(
      async ({ node, open }) => {
        fill(node, 'case-1', count);
        const iterator = open().follow(undefined, AbortSignal.timeout(10_000))[Symbol.asyncIterator]();
        const pages: Page[] = [];
        const take = async (): Promise<Page> => {
          const { value } = (await iterator.next()) as { value: Page };
          pages.push(value);
          return value;
        };
        expect(await take()).toMatchObject({ more: true });
        await node.stop();
        await pause(50);
        while (last(pages)?.more !== false) await take();
        expect(revisions(pages)).toEqual(upTo(revisions(pages).length));
        await iterator.return?.();
      },
      { neverCaughtUp },
    );
  });

  test('silence: a subscription that is not confirmed is asked for again', async () => {
    await withNode(async ({ node, open }) => {
      fill(node, 'case-1', 5);
      node.faults.silence();
      const following = pagesUntil(
        open({ readDeadlineMs: 300 }),
        undefined,
        (pages) => revisions(pages).length === 5,
      );
      await pause(400);
      node.faults.speak();
      expect(revisions(await following)).toEqual(upTo(5));
    });
  });

  test('a slow reader is not sent everything at once', async () => {
    await withNode(async ({ node, open }) => {
      fill(node, 'case-1', 20_000, 'x'.repeat(500));
      for await (const page of open().follow(undefined, AbortSignal.timeout(10_000))) {
        expect(page.events.length).toBeLessThanOrEqual(1000);
        await pause(300);
        break;
      }
      expect(node.calls.eventsSent).toBeLessThan(5000);
    });
  });

  test('who may not read is told so', async () => {
    await withNode(
      async ({ open }) => {
        await expect(pagesUntil(open(), undefined, () => false)).rejects.toThrow(Unavailable);
      },
      { credentials: { username: 'ops', password: 'secret' } },
    );
  });

  test('a position of another store is none', async () => {
    await withNode(async ({ open }) => {
      await expect(pagesUntil(open(), '17', () => false)).rejects.toThrow(TypeError);
    });
  });
});

describe('following EventStoreDB ends at once', () => {
  const following = (feed: Feed, signal: AbortSignal): Promise<number> =>
    (async () => {
      let pages = 0;
      for await (const page of feed.follow(undefined, signal)) pages += Math.sign(page.next.length);
      return pages;
    })();

  test.each([
    ['while nothing comes', () => Promise.resolve()],
    [
      'while the server is silent',
      (node: EsdbNode) => {
        node.faults.silence();
        return Promise.resolve();
      },
    ],
    ['while the server is away', (node: EsdbNode) => node.stop()],
  ])('%s', async (_, before) => {
    await withNode(async ({ node, open }) => {
      await before(node);
      const stop = new AbortController();
      const ended = following(open(), stop.signal);
      await pause(150);
      const start = performance.now();
      stop.abort();
      expect(await ended).toBe(0);
      expect(performance.now() - start).toBeLessThan(1000);
    });
  });

  test('while no node of the cluster can be found', async () => {
    const cluster = await startEsdbCluster(2);
    for (const node of cluster.nodes) node.faults.silence();
    await withLogs(cluster.url, async (open) => {
      const stop = new AbortController();
      const ended = following(open(), stop.signal);
      await pause(50);
      const start = performance.now();
      stop.abort();
      expect(await ended).toBe(0);
      expect(performance.now() - start).toBeLessThan(1000);
    });
    await cluster.stop();
  });

  test('when the log is closed, and no connection is left', async () => {
    await withNode(async ({ node, open }) => {
      const drops: unknown[] = [];
      const log = open({ onDrop: (reason) => drops.push(reason) });
      const ended = following(log, new AbortController().signal);
      await log.append(fresh(), -1, [noted()]);
      await pause(50);
      await log.close();
      expect(await ended).toBeGreaterThan(0);
      await pause(50);
      expect([node.connections, drops.length]).toEqual([0, 0]);
    });
  });

  test('when it is told to while the next page is waited for', async () => {
    await withNode(async ({ open }) => {
      const iterator = open().follow(undefined, new AbortController().signal)[Symbol.asyncIterator]();
      const next = iterator.next();
      await pause(50);
      await iterator.return?.();
      expect(await next).toEqual({ done: true, value: undefined });
    });
  });

  test('when it was told to beforehand', async () => {
    await withNode(async ({ node, open }) => {
      expect(await following(open(), AbortSignal.abort())).toBe(0);
      expect(node.calls.subscribe).toBe(0);
    });
  });
});
