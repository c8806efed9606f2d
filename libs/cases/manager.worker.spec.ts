import { randomBytes } from 'node:crypto';
import { MemoryKeys } from '../../test/doubles/memory-keys.js';
import { MasterKey } from '../sealing/master-key.js';
import { type Sealed } from '../contracts/sealing.js';
import { Erased, NotGenuine } from '../sealing/errors.js';
import { Sealer } from '../sealing/sealer.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { MemoryLog } from '../../test/doubles/memory-log.js';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { acceptAssignment, amended, assignCase, registerProblem } from '../../test/support/cases.js';
import { dispatcherQian, handlerLi, province, registrarGu } from '../../test/support/province.js';
import { listItems } from '../../test/support/intake.js';
import { mergeCase, splitCase, splitItems, splitResidual } from '../../test/support/split.js';
import { type CaseEvent } from '../contracts/case-events.js';
import { type CommandReceipt, OnCase } from '../contracts/envelope.js';
import { type ItemHolder } from '../contracts/items.js';
import { Source } from '../contracts/intake.js';
import { CurrentRegister } from '../contracts/register.js';
import { SplitCase, type SplitPart } from '../contracts/split.js';
import { type Actor } from '../eventing/event.js';
import { Handler } from '../eventing/handle.js';
import { partId } from '../eventing/ids.js';
import { Outbox, type Standing } from '../eventing/project-outbox.js';
import { Unavailable } from '../eventing/store.js';
import { type Bell, type Session } from '../platform/session.js';
import { validated } from '../platform/validated.js';
import { decodeCase } from './case.queries.js';
import { Clock } from './clock.js';
import { type KeyIndex } from './key-index.js';
import { ANSWERED } from './manager.js';
import { ManagerWorker } from './manager.worker.js';
import { OnCaseHandler } from './on-case.handler.js';
import { type CaseState } from './case-state.js';
import { fold, noCase } from './state.js';
import { type CaseFacts } from './table.js';

let database: TestDatabase;
beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
  await Outbox.migrate(database.sql);
});
afterAll(() => database.drop());

let log: MemoryLog;
let outbox: Outbox;
let write: OnCaseHandler;
let handler: Handler<CaseState, CaseEvent, CaseFacts>;
let sealer: Sealer;
let keys = 0;
beforeEach(async () => {
  await database.sql`delete from manager.due`;
  log = new MemoryLog();
  outbox = new Outbox(database.sql);
  handler = new Handler(log, { initial: noCase, decode: decodeCase, fold });
  const queries = {
    execute: (query: object) => Promise.resolve(query instanceof CurrentRegister ? province : `N-${++keys}`),
  };
  sealer = new Sealer(new MemoryKeys(), MasterKey.fromText(randomBytes(32).toString('base64')));
  const index = { deployment: 'spec', claim: () => Promise.resolve() };
  write = new OnCaseHandler(
    handler,
    queries as unknown as QueryBus,
    new Clock(),
    index as unknown as KeyIndex,
    sealer,
  );
});

/** Somebody commands. */
async function give(caller: Actor, body: object, caseId?: string): Promise<string> {
  const about = { idempotencyKey: `key-${++keys}`, correlationId: 'one-and-the-same' };
  return (await write.execute(new OnCase(caseId, body, caller, about))).case;
}

async function registered(line: string): Promise<string> {
  const source = validated(Source, { code: 'PC', document: '7', line });
  return give(registrarGu, amended(registerProblem, { source }));
}

/** What the ledger's projection does when it has read the log. */
async function noted(): Promise<void> {
  const { nothing, note, write: save } = Outbox.of(ANSWERED);
  const all = nothing();
  for (const [n, stored] of log.all.entries()) note(all, { ordinal: n + 1, stored });
  await database.sql.begin((tx) => save(tx, all));
}

type Execute = (command: OnCase) => Promise<CommandReceipt>;

/** A process manager runs until it is enough, then is stopped. */
async function manage(
  execute: Execute = (command) => write.execute(command),
  enough = ({ waiting }: Standing) => waiting === 0,
) {
  const bell = Object.assign(new EventEmitter(), { listen: () => Promise.resolve() }) as unknown as Bell;
  const place = (had: () => void) =>
    ({ open: async () => Promise.resolve().then(had), end: () => Promise.resolve() }) as unknown as Session;
  const bus = { execute } as unknown as CommandBus;
  const worker = new ManagerWorker(bus, handler, log, outbox, bell, place, sealer);
  worker.onApplicationBootstrap();
  for (let look = 0; look < 500; look++) {
    if (enough(await outbox.standing())) break;
    await pause(5);
  }
  const standing = await worker.standing();
  await worker.onApplicationShutdown();
  return standing;
}

const eventsOf = (id: string) => log.of(`case-${id}`).map(decodeCase);
const typesOf = (id: string) => eventsOf(id).map(({ event }) => event.type);

describe('a split', () => {
  test('makes a case of each part, which says by what it was made', async () => {
    const whole = await registered('1');
    await give(registrarGu, splitCase, whole);
    await noted();
    expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
    const [, happened] = eventsOf(whole);
    for (const n of [0, 1]) {
      const [part, ...more] = eventsOf(partId(whole, n));
      expect(more).toEqual([]);
      expect(part).toMatchObject({
        event: { type: 'ProblemRegistered', parent: whole, source: { document: '7', line: '1' } },
        meta: {
          ...{ causationId: happened?.id, correlationId: 'one-and-the-same' },
          actor: { person: 'process-manager', unit: 'north-office', role: 'manager', via: 'manager' },
        },
      });
    }
  });

  test('seals what it moves for the part, under the same holder: erased once, it is erased in both', async () => {
    const whole = await registered('1');
    await give(registrarGu, listItems, whole);
    await give(registrarGu, splitItems, whole);
    await noted();
    expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
    const part = partId(whole, 0);
    expect([typesOf(part), typesOf(partId(whole, 1))]).toEqual([
      ['ProblemRegistered', 'ItemsListed'],
      ['ProblemRegistered', 'ItemsListed'],
    ]);
    const nameIn = (id: string) => {
      const { event } = eventsOf(id)[1] ?? {};
      if (event?.type !== 'ItemsListed') throw new Error('no items are listed');
      const [house] = event.items;
      const { holder, ...facts } = house ?? {};
      return { facts, name: (holder as ItemHolder).name, stream: `case-${id}` };
    };
    const [from, to] = [nameIn(whole), nameIn(part)];
    const field = 'items.0.holder.name';
    const open = ({ name, stream }: typeof to) => sealer.openText(name, { stream, field });
    expect([to.facts, to.name.holder]).toEqual([from.facts, from.name.holder]);
    expect(await Promise.all([from, to].map(open))).toEqual(['演示乙', '演示乙']);
    await expect(open({ ...to, stream: from.stream })).rejects.toThrow(NotGenuine);
    expect((await sealer.find('name', '演示乙')).sort()).toEqual([whole, part].sort());

    await sealer.erase(from.name.holder);
    for (const one of [from, to]) await expect(open(one)).rejects.toThrow(Erased);
    expect(await sealer.find('name', '演示乙')).toEqual([]);
  });

  test('moves an item whose holder was erased as one that was', async () => {
    const whole = await registered('1');
    await give(registrarGu, listItems, whole);
    const { event } = eventsOf(whole)[1] ?? {};
    if (event?.type !== 'ItemsListed') throw new Error('no items are listed');
    const name = event.items[0]?.holder?.name as Sealed;
    await sealer.erase(name.holder);
    await give(registrarGu, splitItems, whole);
    await noted();
    expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
    const [, listed] = eventsOf(partId(whole, 0));
    expect(listed?.event).toMatchObject({ items: [{ id: 'house-1', holder: { name } }] });
  });

  test.each([0, 1, 2, 3, 4, 5])(
    'of which the manager is killed at whichever moment (%i) happens once',
    async (moment) => {
      const whole = await registered('1');
      const six = Array.from({ length: 3 }, (_, n) => ({
        weight: n === 0 ? 800 : 100,
        amountFen: n === 0 ? 1_249_998 : 1,
      })) as SplitPart[];
      await give(registrarGu, validated(SplitCase, { parts: six, reason: '拆分' }), whole);
      await noted();
      const killed = new AbortController();
      let step = 0;
      // Before or after each command: what comes later does not reach the log, nor does the checkpoint.
      const die = () => {
        if (step++ < moment) return;
        killed.abort();
        throw new Unavailable('it is dead');
      };
      await manage(
        async (command) => {
          die();
          const receipt = await write.execute(command);
          die();
          return receipt;
        },
        () => killed.signal.aborted,
      );
      expect(killed.signal.aborted).toBe(true);
      expect((await outbox.standing()).waiting).toBe(1);
      expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
      for (const n of [0, 1, 2]) expect(typesOf(partId(whole, n))).toEqual(['ProblemRegistered']);
      expect(log.all).toHaveLength(5);
    },
  );

  test('that was answered is not answered again by a ledger that is made anew', async () => {
    const whole = await registered('1');
    await give(registrarGu, splitCase, whole);
    await noted();
    await manage();
    await noted();
    expect(await outbox.standing()).toEqual({ waiting: 0, stuck: 0 });
    await database.sql`delete from manager.due`;
    await noted();
    // And where the table itself is lost, it is, and nothing happens twice.
    expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
    expect(log.all).toHaveLength(4);
  });
});

test('what is left over is a case of its own, at once and once for each', async () => {
  const whole = await registered('1');
  await give(dispatcherQian, amended(assignCase, { dueOn: undefined }), whole);
  await give(handlerLi, acceptAssignment, whole);
  await give(dispatcherQian, splitResidual, whole);
  await give(dispatcherQian, splitResidual, whole);
  await noted();
  expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
  expect([0, 1].map((n) => typesOf(partId(whole, n)))).toEqual([
    ['ProblemRegistered'],
    ['ProblemRegistered'],
  ]);
});

describe('a merge', () => {
  const into = (id: string) => amended(mergeCase, { into: id });

  test('is taken up by a case that is open', async () => {
    const [one, other] = [await registered('1'), await registered('2')];
    await give(registrarGu, into(other), one);
    await noted();
    expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
    expect(typesOf(one)).toEqual(['ProblemRegistered', 'CaseMerged']);
    expect(eventsOf(other).at(-1)?.event).toMatchObject({
      ...{ type: 'CaseAbsorbed', from: one },
      sources: [{ code: 'PC', document: '7', line: '1' }],
    });
  });

  test('into a case that has ended is undone, with the reason', async () => {
    const [one, other] = [await registered('1'), await registered('2')];
    await give(registrarGu, splitCase, other);
    await give(registrarGu, into(other), one);
    await noted();
    expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
    expect(eventsOf(one).at(-1)?.event).toEqual({
      ...{ type: 'MergeUndone', into: other, code: 'case/status', status: 'registered' },
    });
    expect((await handler.load(`case-${one}`)).state.status).toBe('registered');
  });

  test('that was undone stays so, though the other could take it up when it is asked again', async () => {
    const [one, other, third] = [await registered('1'), await registered('2'), await registered('3')];
    // The other is away itself for a while.
    await give(registrarGu, splitCase, third);
    await give(registrarGu, into(third), other);
    await give(registrarGu, into(other), one);
    await database.sql`delete from manager.due`;
    await noted();
    await database.sql`update manager.due set done = true where ordinal <> ${log.all.length}`;
    await manage();
    expect(typesOf(one)).toEqual(['ProblemRegistered', 'CaseMerged', 'MergeUndone']);
    await database.sql`update manager.due set done = false`;
    expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
    expect(typesOf(one)).toEqual(['ProblemRegistered', 'CaseMerged', 'MergeUndone']);
    expect(typesOf(other)).toEqual(['ProblemRegistered', 'CaseMerged', 'MergeUndone']);
  });

  test('in a circle ends with one of them taken up', async () => {
    const [one, other] = [await registered('1'), await registered('2')];
    await give(registrarGu, into(other), one);
    await give(registrarGu, into(one), other);
    await noted();
    expect(await manage()).toEqual({ waiting: 0, stuck: 0 });
    expect(typesOf(one)).toEqual(['ProblemRegistered', 'CaseMerged', 'MergeUndone', 'CaseAbsorbed']);
    expect(typesOf(other)).toEqual(['ProblemRegistered', 'CaseMerged']);
  });

  test('in a circle of three too', async () => {
    const [a, b, c] = [await registered('1'), await registered('2'), await registered('3')];
    await give(registrarGu, into(b), a);
    await give(registrarGu, into(c), b);
    await give(registrarGu, into(a), c);
    await noted();
    await manage();
    const statuses = await Promise.all(
      [a, b, c].map(async (id) => (await handler.load(`case-${id}`)).state.status),
    );
    // What was undone waits for the other; the last is taken up by the first.
    expect(statuses).toEqual(['registered', 'registered', 'merged']);
    expect(typesOf(a).at(-1)).toBe('CaseAbsorbed');
  });

  test('needs a case that the caller sees', async () => {
    const one = await registered('1');
    await expect(give(registrarGu, into('00000000-0000-4000-8000-0000000000b2'), one)).rejects.toMatchObject({
      code: 'case/target-unknown',
    });
  });
});

describe('what goes wrong', () => {
  test('for a while is tried until it goes through', async () => {
    const whole = await registered('1');
    await give(registrarGu, splitCase, whole);
    await noted();
    let left = 3;
    const done = await manage((command) => {
      if (left-- > 0) throw new Unavailable('the log is down');
      return write.execute(command);
    });
    expect(done).toEqual({ waiting: 0, stuck: 0 });
    expect(typesOf(partId(whole, 1))).toEqual(['ProblemRegistered']);
  });

  test('for good is said and set aside; the others go on, and it is tried again', async () => {
    const [one, other] = [await registered('1'), await registered('2')];
    await give(registrarGu, splitCase, one);
    await give(registrarGu, splitCase, other);
    await noted();
    const stuck = await manage((command) => {
      if (command.caseId === partId(one, 0)) throw new TypeError('a bug');
      return write.execute(command);
    });
    expect(stuck).toEqual({ waiting: 0, stuck: 1 });
    expect(typesOf(partId(other, 1))).toEqual(['ProblemRegistered']);
    expect(await manage(undefined, ({ waiting, stuck }) => waiting + stuck === 0)).toMatchObject({
      stuck: 0,
    });
    expect(typesOf(partId(one, 0))).toEqual(['ProblemRegistered']);
  });
});
