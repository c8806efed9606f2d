import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../test/faults/support/processes.js';
import { LedgerThread } from './ledger-thread.js';

let folder: string;
let ledger: LedgerThread;
beforeEach(async () => {
  Logger.overrideLogger(false);
  folder = await mkdtemp(join(tmpdir(), 'xiaohao-thread-'));
});
afterEach(async () => {
  await ledger.onApplicationShutdown();
  Logger.overrideLogger(['log', 'warn', 'error', 'fatal']);
  await rm(folder, { recursive: true });
});

/** Writes down what it hears, and begins as it is told to; `address` is the file it writes into. */
const thread = (begins: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { appendFileSync, readFileSync } from 'node:fs';
      import { parentPort, workerData } from 'node:worker_threads';
      const note = (text) => appendFileSync(workerData.address, text + '\\n');
      note('begun on ' + workerData.today);
      const before = readFileSync(workerData.address, 'utf8').split('begun').length - 2;
      parentPort.on('message', (told) => {
        note(JSON.stringify(told));
        if (told === 'end') parentPort.close();
      });
      ${begins}`)}`,
  );

const said = (): Promise<string> => readFile(join(folder, 'said'), 'utf8').catch(() => '');
let today = '2026-03-02';

function keeping(begins: string): LedgerThread {
  today = '2026-03-02';
  const begun = { STORE: 'postgres', address: join(folder, 'said'), zone: 'Asia/Shanghai' } as const;
  return new LedgerThread(begun, () => today, thread(begins));
}

describe('the thread that keeps the ledger', () => {
  test('begins with the day, hears of the next one, and ends when it is told to', async () => {
    ledger = keeping('parentPort.postMessage({});');
    await ledger.onApplicationBootstrap();
    today = '2026-03-03';
    await until('new day', async () => (await said()).includes('2026-03-03') || undefined);
    await ledger.onApplicationShutdown();
    expect(await said()).toBe('begun on 2026-03-02\n{"today":"2026-03-03"}\n"end"\n');
  });

  test('is started again when it ends by itself, and says how it stands', async () => {
    ledger = keeping(`
      if (before === 0) throw new TypeError('of the first');
      parentPort.postMessage(before === 1 ? { behindSince: 1, fault: 'Gap' } : {});
      if (before === 1) setTimeout(() => process.exit(3), 200);`);
    await ledger.onApplicationBootstrap();
    await until('fault', () => (ledger.lag.fault === 'Gap' && ledger.lag.behindMs > 0) || undefined);
    await until('thread that stands', () => ledger.lag.fault === undefined || undefined);
    expect(ledger.lag).toEqual({ behindMs: 0 });
    await ledger.onApplicationShutdown();
    expect((await said()).match(/begun/g)).toHaveLength(3);
  });

  test('that cannot begin does not keep the application from starting', async () => {
    ledger = keeping(`throw new RangeError('always');`);
    await ledger.onApplicationBootstrap();
    expect(ledger.lag).toMatchObject({ fault: 'RangeError' });
  });
});
