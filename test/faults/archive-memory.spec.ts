import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Files } from '../support/forms.js';

const files = new Files();
beforeAll(() => files.make());
afterAll(() => files.remove());

const PROGRAM = 'dist/test/faults/support/archive.js';
/** For all of the process. */
const MOST_MEGABYTES = 200;

test('a backup of half a gibibyte is written and read a piece at a time: memory does not grow with it', async () => {
  const file = await files.write('archive', '');
  const { stdout } = await promisify(execFile)(process.execPath, [
    PROGRAM,
    join(file, '..', 'large'),
    `${512 * 1024}`,
  ]);
  const { rows, megabytes } = JSON.parse(stdout) as { rows: number; megabytes: number };
  expect(rows).toBe(512 * 1024);
  expect(megabytes).toBeLessThan(MOST_MEGABYTES);
}, 240_000);
