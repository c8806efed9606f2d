import { expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
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

const held = Object.assign(() => Promise.resolve([{ mine: true }]), { release: () => undefined });
const sql = { reserve: () => Promise.resolve(held) } as unknown as Sql;

test('one case that goes wrong keeps no other from its look, and is told by its name only', async () => {
  const told: string[] = [];
  const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => {
    told.push(String(line));
  });
  const given: string[] = [];
  const commands = {
    execute: ({ caseId = '' }: OnCase) => {
      given.push(caseId);
      return caseId === 'a' ? Promise.reject(new RangeError('of somebody')) : Promise.resolve();
    },
  } as unknown as CommandBus;
  const ticker = new Ticker(commands, queries, new Clock(), sql);
  ticker.onApplicationBootstrap();
  while (given.length < CASES.length) await new Promise(setImmediate);
  await ticker.onApplicationShutdown();
  errors.mockRestore();
  expect(given).toEqual(CASES);
  expect(told).toEqual(['case-a: RangeError']);
});
