import { expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { once } from 'node:events';
import { overdue } from '../../test/support/clock.js';
import { province } from '../../test/support/province.js';
import { DueTicks } from '../contracts/clock.js';
import { type OnCase } from '../contracts/envelope.js';
import { LedgerLag } from '../contracts/health.js';
import { type Sql } from '../platform/sql.js';
import { Clock } from './clock.js';
import { Ticker } from './ticker.js';

const CASES = ['a', 'b', 'c'];

/** The ledger knows three cases in which a day passed. */
const queries = {
  execute: (query: object) => {
    if (query instanceof LedgerLag) return Promise.resolve({ behindMs: 0 });
    if (!(query instanceof DueTicks)) return Promise.resolve(province);
    const ticks = CASES.map((caseId) => ({ caseId, name: 'review', duty: overdue('review') }));
    return Promise.resolve(query.after === undefined ? ticks : []);
  },
} as unknown as QueryBus;

/** Nobody else ticks. */
const alone = (): Promise<object[]> => Promise.resolve([{ mine: true }]);
const sql = { begin: (act: (tx: typeof alone) => unknown) => act(alone) } as unknown as Sql;

test('one case that goes wrong keeps no other from its look, and is told by its name only', async () => {
  const told: string[] = [];
  const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => {
    told.push(String(line));
  });
  const given: string[] = [];
  const all = new AbortController();
  const commands = {
    execute: ({ caseId = '' }: OnCase) => {
      given.push(caseId);
      if (given.length === CASES.length) all.abort();
      return caseId === 'a' ? Promise.reject(new RangeError('of somebody')) : Promise.resolve();
    },
  } as unknown as CommandBus;
  const ticker = new Ticker(commands, queries, new Clock(), sql);
  const done = once(all.signal, 'abort');
  ticker.onApplicationBootstrap();
  await done;
  await ticker.onApplicationShutdown();
  errors.mockRestore();
  expect(given).toEqual(CASES);
  expect(told).toEqual(['case-a: RangeError']);
});
