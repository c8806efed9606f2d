import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { DiskFiles } from '../../adapters/files/disk-files.js';
import { type ReceiptsUsed } from '../../contracts/evidence.js';
import { Arriving } from './arriving.js';
import { sha256Of } from '../files.js';
import { ResumableStore } from './resumable-store.js';
import { migrateEvidence } from '../rows.js';
import { Sweeper } from './sweeper.js';

let database: TestDatabase;
let folder: string;
let files: DiskFiles;
let arriving: Arriving;
let sweeper: Sweeper;
/** What cases have used. */
const used = new Set<string>();
beforeAll(async () => {
  database = await createDatabase();
  await migrateEvidence(database.sql);
  // Again, as every start does.
  await migrateEvidence(database.sql);
  folder = await mkdtemp(join(tmpdir(), 'xiaohao-sweep-'));
  files = new DiskFiles(join(folder, 'files'));
  arriving = new Arriving(join(folder, 'arriving'));
  const queries = {
    execute: ({ receipts }: ReceiptsUsed) => Promise.resolve(receipts.filter((one) => used.has(one))),
  } as unknown as QueryBus;
  const call = (): never => {
    throw new Error('nobody calls');
  };
  const resumable = new ResumableStore(database.sql, arriving, call, 1);
  sweeper = new Sweeper(database.sql, files, resumable, queries, { unattachedDays: 30, unfinishedDays: 7 });
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function uploaded(
  days: number,
  content = randomBytes(50),
): Promise<{ receipt: string; sha256: string }> {
  const path = await arriving.fresh();
  await writeFile(path, content);
  const sha256 = sha256Of(content);
  await files.keep({ path, sha256, bytes: content.length });
  const [row] = await database.sql<{ receipt: string }[]>`
    insert into evidence.uploads (case_id, person, sha256, bytes, media_type, made_at)
    values (${randomUUID()}, 'somebody', ${sha256}, 50, 'image/png', now() - make_interval(days => ${days}))
    returning receipt`;
  return { receipt: row?.receipt ?? '', sha256 };
}

const isKept = async (sha256: string): Promise<boolean> => {
  const opened = await files.open(sha256);
  opened?.content.destroy();
  return opened !== null;
};
const standing = async (receipt: string): Promise<'there' | 'given up' | 'gone'> => {
  const [row] = await database.sql<{ left: boolean }[]>`
    select left_at is not null as left from evidence.uploads where receipt = ${receipt}`;
  return row ? (row.left ? 'given up' : 'there') : 'gone';
};
const aDayLater = async (): Promise<void> => {
  await database.sql`update evidence.uploads set left_at = left_at - interval '25 hours'`;
};

test('a file that no command used is given up after 30 days, and gone a day later', async () => {
  const [old, fresh, inUse] = [await uploaded(31), await uploaded(29), await uploaded(400)];
  used.add(inUse.receipt);
  const all = async (): Promise<string[]> =>
    Promise.all([old, fresh, inUse].map(({ receipt }) => standing(receipt)));
  await sweeper.sweep();
  expect(await all()).toEqual(['given up', 'there', 'there']);
  await sweeper.sweep();
  expect(await all()).toEqual(['given up', 'there', 'there']);
  await aDayLater();
  await sweeper.sweep();
  expect(await all()).toEqual(['gone', 'there', 'there']);
  expect(await Promise.all([old, fresh, inUse].map(({ sha256 }) => isKept(sha256)))).toEqual([
    false,
    true,
    true,
  ]);
});

test('a file that a command had taken just as it was given up stays', async () => {
  const one = await uploaded(31);
  await sweeper.sweep();
  expect(await standing(one.receipt)).toBe('given up');
  used.add(one.receipt);
  await aDayLater();
  await sweeper.sweep();
  expect([await standing(one.receipt), await isKept(one.sha256)]).toEqual(['there', true]);
});

test('content that another receipt has stays, and goes with the last one; its pictures go with it', async () => {
  const content = randomBytes(50);
  const [first, second] = [await uploaded(31, content), await uploaded(1, content)];
  const picture = await uploaded(31);
  await database.sql`delete from evidence.uploads where receipt = ${picture.receipt}`;
  await database.sql`insert into evidence.pictures values (${first.sha256}, 'copy', ${picture.sha256})`;
  await sweeper.sweep();
  await aDayLater();
  await sweeper.sweep();
  expect([await standing(first.receipt), await isKept(first.sha256), await isKept(picture.sha256)]).toEqual([
    'gone',
    true,
    true,
  ]);
  await database.sql`update evidence.uploads set made_at = now() - interval '31 days' where receipt = ${second.receipt}`;
  await sweeper.sweep();
  await aDayLater();
  await sweeper.sweep();
  expect([await isKept(first.sha256), await isKept(picture.sha256)]).toEqual([false, false]);
  expect(await database.sql`select from evidence.pictures`).toHaveLength(0);
});

test('an upload that did not go on for 7 days is gone, and what had come of it', async () => {
  const ids = [randomUUID(), randomUUID()];
  for (const [n, id] of ids.entries()) {
    await writeFile(await arriving.placeOf(id), 'some');
    await database.sql`insert into evidence.arriving (id, case_id, person, bytes, media_type, people, made_at)
      values (${id}, ${randomUUID()}, 'somebody', 9, 'image/png', false, now() - make_interval(days => ${8 - 2 * n}))`;
  }
  await sweeper.sweep();
  expect(await database.sql`select id from evidence.arriving`).toEqual([{ id: ids[1] }]);
  expect(await readdir(join(folder, 'arriving', 'resumable'))).toEqual([ids[1]]);
});
