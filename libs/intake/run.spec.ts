import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type RegisterProblem } from '../contracts/intake.js';
import { Refusal } from '../contracts/refusal.js';
import { manifestOf } from './manifest.js';
import { run } from './run.js';

const good = (row: number) => ({ row, command: { description: String(row) } as RegisterProblem });
const wrong = (row: number) => ({ row, refused: [{ reason: 'value-missing', message: '' }] });
const known = (row: number) => ({ row, known: true as const });

type Row = ReturnType<typeof good> | ReturnType<typeof wrong> | ReturnType<typeof known>;

/** Rows from 1, of which every tenth is wrong and every tenth known already. */
const rowAt = (row: number): Row => (row % 10 === 0 ? wrong(row) : row % 10 === 1 ? known(row) : good(row));

async function* upTo(most: number): AsyncGenerator<Row> {
  for (let row = 1; row <= most; row++) yield await Promise.resolve(rowAt(row));
}

const empty = () => manifestOf({ sha256: 'a', encoding: 'UTF-8' });

test('so many rows are under way at once, and no more', async () => {
  let [now, most] = [0, 0];
  const manifest = empty();
  await run(upTo(100), manifest, {
    abreast: 8,
    register: async () => {
      most = Math.max(most, ++now);
      await pause(1);
      now--;
      return { repeated: false };
    },
  });
  expect(most).toBe(8);
  expect(manifest).toMatchObject({ rows: 100, registered: 80, known: 10, refusedRows: 10 });
});

test('what is told of a row counts every row up to it and none behind it, in whatever order they end', async () => {
  const manifest = empty();
  const told: unknown[] = [];
  await run(upTo(600), manifest, {
    abreast: 50,
    register: async ({ row }) => {
      await pause(row % 7);
      return { repeated: row % 2 === 0 };
    },
    reached: async (row) => {
      const { rows, registered, known, refusedRows, refused } = manifest;
      told.push([row, rows, registered + known + refusedRows, refused.at(-1)?.row]);
      await pause(20);
    },
  });
  expect(told).toEqual([
    [256, 256, 256, 250],
    [512, 512, 512, 510],
    [600, 600, 600, 600],
  ]);
});

test('where one breaks off nothing more is begun, and what is under way is waited for', async () => {
  const begun: number[] = [];
  let ended = 0;
  const running = run(upTo(1000), empty(), {
    abreast: 8,
    register: async ({ row }) => {
      begun.push(row);
      await pause(row === 5 ? 1 : 10);
      ended++;
      if (row === 5) throw new Refusal('auth/forbidden');
      return { repeated: false };
    },
  });
  await expect(running).rejects.toMatchObject({ code: 'auth/forbidden' });
  expect(begun.at(-1)).toBeLessThan(20);
  expect(ended).toBe(begun.length);
});

test('where it may not go on, it stops', async () => {
  const begun: number[] = [];
  const running = run(upTo(5000), empty(), {
    register: ({ row }) => {
      begun.push(row);
      return Promise.resolve({ repeated: false });
    },
    reached: () => Promise.reject(new Refusal('case/role')),
  });
  await expect(running).rejects.toMatchObject({ code: 'case/role' });
  expect(begun.at(-1)).toBeLessThan(1000);
});
