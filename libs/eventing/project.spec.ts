import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createLogDatabase, type TestDatabase } from '../../test/support/database.js';
import { PostgresLog } from '../adapters/postgres-log/postgres-log.js';
import { decoder } from './decode.js';
import { type NewEvent, type StoredEvent } from './event.js';
import { Gap, prepare, type Progress, project, type Projection, Superseded } from './project.js';
import { type Feed, Hole, type Page } from './store.js';

type SavingsEvent = { type: 'Saved'; amount: number } | { type: 'Spent'; amount: number };

interface Savings {
  stream: string;
  revision: number;
  total: number;
}

/** A projection as small as can be: what was saved in each stream. */
function savings(schema: string): Projection<Savings, SavingsEvent> {
  return {
    schema,
    decode: decoder<SavingsEvent>({ Saved: true, Spent: true }),
    wants: (stream) => stream.startsWith('box-'),
    load: async (sql, streams) => {
      const rows = await sql<Savings[]>`select * from ${sql(schema)}.savings where stream = any(${streams})`;
      return new Map(rows.map((row) => [row.stream, { ...row }]));
    },
    change: (row, { stream, revision, event }) => {
      if (event.amount < 0) throw new RangeError('less than nothing');
      const change = event.type === 'Saved' ? event.amount : -event.amount;
      return { stream, revision, total: (row?.total ?? 0) + change };
    },
    save: async (tx, rows) => {
      await tx`insert into ${tx(schema)}.savings select * from
        json_to_recordset(${JSON.stringify(rows)}::text::json) r(stream text, revision int, total bigint)
        on conflict (stream) do update set revision = excluded.revision, total = excluded.total`;
    },
  };
}

let database: TestDatabase;
let log: PostgresLog;
beforeAll(async () => {
  database = await createLogDatabase();
  log = new PostgresLog(database.app);
});
afterAll(async () => {
  await log.close();
  await database.drop();
});

let schemas = 0;
async function newSchema(): Promise<string> {
  const schema = `savings_${++schemas}`;
  await database.sql`create schema ${database.sql(schema)}`;
  await database.sql`create table ${database.sql(schema)}.savings (
    stream text primary key, revision int not null, total bigint not null)`;
  await prepare(database.sql, schema);
  return schema;
}

const found = (schema: string): Promise<Savings[]> =>
  database.sql<Savings[]>`select * from ${database.sql(schema)}.savings order by stream`;

async function checkpoint(schema: string): Promise<{ position: string | null; ordinal: number }> {
  const [row] = await database.sql<{ position: string | null; ordinal: number }[]>`
    select position, ordinal from ${database.sql(schema)}.checkpoint`;
  return { position: row?.position ?? null, ordinal: row?.ordinal ?? -1 };
}

const event = (type: string, amount: number): NewEvent => ({
  id: randomUUID(),
  type,
  data: JSON.stringify({ amount }),
  meta: '{}',
});
const saved = (amount: number): NewEvent => event('Saved', amount);
const at = (stream: string, revision: number, amount = 1, type = 'Saved'): StoredEvent => ({
  ...event(type, amount),
  stream,
  revision,
});

interface TestFeed extends Feed {
  /** Where each follower began. */
  began: (string | undefined)[];
}

/** Gives these pages, each behind what was there before, and ends. */
function feedOf(...pages: StoredEvent[][]): TestFeed {
  const began: TestFeed['began'] = [];
  return {
    began,
    async *follow(after): AsyncGenerator<Page> {
      began.push(after);
      let position = 0;
      for (const [n, events] of pages.entries()) {
        position += events.length;
        if (position <= Number(after ?? '0')) continue;
        yield { events: await Promise.resolve(events), next: String(position), more: n < pages.length - 1 };
      }
    },
  };
}

const never = new AbortController().signal;

/** Follows the log until the ordinal is reached. */
async function upTo(schema: string, ordinal: number, feed: Feed = log): Promise<Progress[]> {
  const enough = new AbortController();
  const progress: Progress[] = [];
  await project(savings(schema), feed, database.sql, enough.signal, (told) => {
    progress.push(told);
    if (told.ordinal >= ordinal) enough.abort();
  });
  return progress;
}

describe('a projection follows the log', () => {
  test('and keeps a row for each stream that it wants', async () => {
    const schema = await newSchema();
    const before = (await upTo(schema, 0, feedOf())).length;
    await log.append('box-a', -1, [saved(5), event('Spent', 2)]);
    await log.append('other-1', -1, [saved(100)]);
    await log.append('box-b', -1, [saved(7)]);
    const progress = await upTo(schema, 4);
    expect(await found(schema)).toEqual([
      { stream: 'box-a', revision: 1, total: 3 },
      { stream: 'box-b', revision: 0, total: 7 },
    ]);
    expect(await checkpoint(schema)).toEqual({ position: '4', ordinal: 4 });
    expect(before).toBe(0);
    expect(progress.at(-1)).toMatchObject({ ordinal: 4, caughtUp: true, halted: 0 });
  });

  test('goes on where it was, and counts nothing twice', async () => {
    const schema = await newSchema();
    const feed = feedOf([at('box-a', 0, 1)], [at('box-a', 1, 2), at('box-b', 0, 4)]);
    await project(savings(schema), feedOf([at('box-a', 0, 1)]), database.sql, never);
    await project(savings(schema), feed, database.sql, never);
    await project(savings(schema), feed, database.sql, never);
    expect(feed.began).toEqual(['1', '3']);
    expect(await found(schema)).toEqual([
      { stream: 'box-a', revision: 1, total: 3 },
      { stream: 'box-b', revision: 0, total: 4 },
    ]);
  });

  test('ends when it is told to, with nothing to come', async () => {
    const schema = await newSchema();
    const stop = new AbortController();
    const following = project(savings(schema), log, database.sql, stop.signal, () => {
      stop.abort();
    });
    await expect(following).resolves.toBeUndefined();
  });
});

describe('a batch', () => {
  const pages = (count: number): StoredEvent[][] =>
    Array.from({ length: count }, (_, page) =>
      Array.from({ length: 1000 }, (_, n) => at(`box-${n % 10}`, page * 100 + Math.floor(n / 10))),
    );

  test('is all that is there already, and at most 20,000 events', async () => {
    const schema = await newSchema();
    const progress: number[] = [];
    await project(savings(schema), feedOf(...pages(120)), database.sql, never, ({ ordinal }) =>
      progress.push(ordinal),
    );
    expect(progress).toEqual([20_000, 40_000, 60_000, 80_000, 100_000, 120_000]);
    expect((await found(schema)).map(({ revision, total }) => [revision, total])).toEqual(
      Array.from({ length: 10 }, () => [11_999, 12_000]),
    );
  });

  test('is folded while the one before is being written, on the rows that are being written', async () => {
    const schema = await newSchema();
    const plain = savings(schema);
    const seen: (Savings | undefined)[] = [];
    let folded: () => void = () => undefined;
    const foldedOn = new Promise<void>((resolve) => (folded = resolve));
    const loaded: string[][] = [];
    const watched: Projection<Savings, SavingsEvent> = {
      ...plain,
      load: async (sql, streams) => {
        loaded.push(streams);
        return plain.load(sql, streams);
      },
      change: (row, recorded, ordinal) => {
        if (ordinal === 20_001) {
          seen.push(row && { ...row });
          folded();
        }
        return plain.change(row, recorded, ordinal);
      },
      save: async (tx, rows) => {
        // The first is not written before the second is being folded.
        await foldedOn;
        await plain.save(tx, rows);
      },
    };
    await project(watched, feedOf(...pages(60)), database.sql, never);
    expect(seen).toEqual([{ stream: 'box-0', revision: 1999, total: 2000 }]);
    expect(loaded).toHaveLength(1);
    expect((await found(schema)).map(({ total }) => total)).toEqual(Array.from({ length: 10 }, () => 6000));
  });

  test('is made ready while the one before is being written, and nothing is folded meanwhile', async () => {
    const schema = await newSchema();
    const plain = savings(schema);
    let written: () => void = () => undefined;
    const firstWritten = new Promise<void>((resolve) => (written = resolve));
    let [batches, preparing, disturbed] = [0, false, 0];
    const watched: Projection<Savings, SavingsEvent> = {
      ...plain,
      change: (row, recorded, ordinal) => {
        if (preparing) disturbed++;
        return plain.change(row, recorded, ordinal);
      },
      saving: async (rows) => {
        preparing = true;
        if (++batches === 2) await firstWritten;
        const copies = rows.map((row) => ({ ...row }));
        preparing = false;
        return async (tx) => {
          await plain.save(tx, copies);
          written();
        };
      },
    };
    await project(watched, feedOf(...pages(60)), database.sql, never);
    expect([batches, disturbed]).toEqual([3, 0]);
    expect((await found(schema)).map(({ total }) => total)).toEqual(Array.from({ length: 10 }, () => 6000));
  });

  test('that cannot be written leaves rows and checkpoint as they were, and the next start goes on', async () => {
    const schema = await newSchema();
    const { ordinal } = await checkpoint(schema);
    await log.append('box-f', -1, [saved(1), saved(1), saved(1)]);
    const [end] = await database.sql<{ n: number }[]>`select count(*) as n from log.events`;
    const failing = savings(schema);
    const breaking: Projection<Savings, SavingsEvent> = {
      ...failing,
      save: async (tx, rows) => {
        await failing.save(tx, rows);
        throw new Error('the disk is full');
      },
    };
    // The log is one that waits for what is to come: it is left at once.
    await expect(project(breaking, log, database.sql, never)).rejects.toThrow('the disk is full');
    expect(await found(schema)).toEqual([]);
    expect(await checkpoint(schema)).toEqual({ position: null, ordinal });
    await upTo(schema, end?.n ?? 0);
    expect(await found(schema)).toContainEqual({ stream: 'box-f', revision: 2, total: 3 });
  });

  test('of two workers is written by one; the other is told that it is superseded', async () => {
    const schema = await newSchema();
    const [end] = await database.sql<{ n: number }[]>`select count(*) as n from log.events`;
    await upTo(schema, end?.n ?? 0);
    const stop = new AbortController();
    const wins: Progress[] = [];
    let following = 0;
    const counted: Feed = {
      follow: (after, signal) => {
        following++;
        return log.follow(after, signal);
      },
    };
    const workers = [1, 2].map(() =>
      project(savings(schema), counted, database.sql, stop.signal, (told) => wins.push(told)),
    );
    // Both stand at the same checkpoint before there is anything to win.
    while (following < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const superseded = Promise.any(
      workers.map((worker) =>
        worker.then(
          () => Promise.reject(new Error('it ended')),
          (error: unknown) => error,
        ),
      ),
    );
    const stream = `box-${randomUUID()}`;
    await log.append(stream, -1, [saved(1), saved(1)]);
    expect(await superseded).toBeInstanceOf(Superseded);
    await log.append(stream, 1, [saved(1)]);
    const stopped = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (wins.at(-1)?.ordinal !== (end?.n ?? 0) + 3) return;
        clearInterval(look);
        stop.abort();
        resolve();
      }, 10);
    });
    await stopped;
    const ends = await Promise.allSettled(workers);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await found(schema)).toContainEqual({ stream, revision: 2, total: 3 });
    expect(await checkpoint(schema)).toMatchObject({ ordinal: (end?.n ?? 0) + 3 });
  });
});

describe('what a feed must not do', () => {
  test('a revision that is missing stops the projection, and nothing of the batch is written', async () => {
    const schema = await newSchema();
    const feed = feedOf([at('box-a', 0), at('box-a', 1), at('box-a', 3)]);
    await expect(project(savings(schema), feed, database.sql, never)).rejects.toThrow(Gap);
    expect(await found(schema)).toEqual([]);
    expect(await checkpoint(schema)).toEqual({ position: null, ordinal: 0 });
  });

  test('a stream that does not begin at its beginning stops the projection', async () => {
    const schema = await newSchema();
    await expect(project(savings(schema), feedOf([at('box-a', 1)]), database.sql, never)).rejects.toThrow(
      Gap,
    );
  });

  test('what comes again is passed over', async () => {
    const schema = await newSchema();
    const page = [at('box-a', 0), at('box-a', 1), at('box-a', 1), at('box-a', 0), at('box-a', 2)];
    await project(savings(schema), feedOf(page), database.sql, never);
    expect(await found(schema)).toEqual([{ stream: 'box-a', revision: 2, total: 3 }]);
  });

  test('a hole in the log stops the projection before anything behind it, until it is filled', async () => {
    const holed = await createLogDatabase();
    const follower = new PostgresLog(holed.app);
    try {
      const place = async (position: number, revision: number): Promise<void> => {
        const { stream, id, type, data, meta } = at('box-h', revision);
        await holed.admin`insert into log.events (position, stream, revision, id, type, data, meta)
          values (${position}, ${stream}, ${revision}, ${id}, ${type}, ${data}::text::json, ${meta}::text::json)`;
      };
      await place(1, 0);
      await place(3, 2);
      const schema = await newSchema();
      await expect(project(savings(schema), follower, database.sql, never)).rejects.toThrow(Hole);
      expect(await found(schema)).toEqual([]);
      await place(2, 1);
      await upTo(schema, 3, follower);
      expect(await found(schema)).toEqual([{ stream: 'box-h', revision: 2, total: 3 }]);
    } finally {
      await follower.close();
      await holed.drop();
    }
  });
});

describe('an event that cannot be read', () => {
  const halts = (schema: string) => database.sql`
    select stream, revision, ordinal, event_id, reason from ${database.sql(schema)}.halted order by stream`;

  test.each([
    ['of an unknown name', at('box-b', 1, 1, 'Stolen'), 'UnknownEvent'],
    ['that cannot be folded', at('box-b', 1, -1), 'RangeError'],
    ['that is no JSON', { ...at('box-b', 1), data: '{' }, 'SyntaxError'],
  ])('%s halts its stream there; the others go on', async (_, poison, reason) => {
    const schema = await newSchema();
    const feed = feedOf([
      at('box-a', 0),
      at('box-b', 0),
      poison,
      at('box-a', 1),
      at('box-b', 2),
      at('box-c', 0),
    ]);
    const told: Progress[] = [];
    await project(savings(schema), feed, database.sql, never, (progress) => told.push(progress));
    expect(await found(schema)).toEqual([
      { stream: 'box-a', revision: 1, total: 2 },
      { stream: 'box-b', revision: 0, total: 1 },
      { stream: 'box-c', revision: 0, total: 1 },
    ]);
    expect(await halts(schema)).toEqual([
      { stream: 'box-b', revision: 1, ordinal: 3, event_id: poison.id, reason },
    ]);
    expect(told.at(-1)).toMatchObject({ ordinal: 6, halted: 1 });
  });

  test('halts it after the next start, too, whatever comes', async () => {
    const schema = await newSchema();
    const first = [at('box-a', 0), at('box-b', 0), at('box-b', 1, 1, 'Stolen')];
    await project(savings(schema), feedOf(first), database.sql, never);
    const later = [at('box-b', 2), at('box-a', 1), at('box-b', 3, 1, 'Stolen')];
    const told: Progress[] = [];
    await project(savings(schema), feedOf(first, later), database.sql, never, (progress) =>
      told.push(progress),
    );
    expect(await found(schema)).toEqual([
      { stream: 'box-a', revision: 1, total: 2 },
      { stream: 'box-b', revision: 0, total: 1 },
    ]);
    expect(await halts(schema)).toHaveLength(1);
    expect(told.at(-1)).toMatchObject({ ordinal: 6, halted: 1 });
  });
});
