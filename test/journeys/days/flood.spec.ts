import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type BatchResult } from '../../../libs/contracts/batch.js';
import { type LedgerPage } from '../../../libs/contracts/ledger.js';
import { CLI, runToEnd } from '../../faults/support/processes.js';
import * as people from '../../support/people.js';
import { assignment, Journey } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';
import { batchWhen, dayAfter, decideMany, history, said, went } from '../../support/stories.js';

const { registrar, dispatcher, handler, inspector } = people;
const CASES = 200;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const named = ({ id, revision }: Journey) => ({ case: id, seen: revision });

/** Goes on from what became of it in a batch. */
function noted(journeys: readonly Journey[], results: readonly BatchResult[]): void {
  for (const { case: id, revision } of results) {
    const one = journeys.find((journey) => journey.id === id);
    if (one && revision !== undefined) Object.assign(one, { revision, receipt: `${id}@${revision}` });
  }
}

async function ledger(): Promise<LedgerPage['rows']> {
  const { body } = await server.send(await server.token(...inspector), 'GET', '/api/v1/cases?limit=200');
  return (body as unknown as LedgerPage).rows;
}

test('a flood moves the days of two hundred cases by one decision, though the server is killed in the middle of it', async () => {
  const journeys: Journey[] = [];
  while (journeys.length < CASES) {
    const some = await Promise.all(Array.from({ length: 20 }, () => new Journey(server).to('registered')));
    journeys.push(...some);
  }
  const all = { command: 'assign-case', cases: journeys.map(named), body: assignment };
  const given = await decideMany(server, dispatcher, all);
  const assigned = await batchWhen(server, dispatcher, given, ({ done }) => done);
  expect(assigned.results.filter(({ status }) => status === 'done')).toHaveLength(CASES);
  noted(journeys, assigned.results);
  const [first, last] = [journeys[0], journeys.at(-1)];
  if (!first || !last) throw new Error('no cases');
  await last.get(inspector);
  const due = new Set((await ledger()).map(({ dueOn }) => dueOn));
  expect(due.size).toBe(1);
  const from = [...due][0] ?? '';

  // Nobody moves days by hand for two hundred: nor a county for itself, nor without the decision it rests on.
  const flood = { until: dayAfter(from, 7), reason: '洪涝灾害', document: '防汛〔2026〕9号' };
  const cases = journeys.map(named);
  const decision = { command: 'extend-many', cases, body: flood };
  const unfounded = { ...decision, body: { ...flood, document: ' ' } };
  expect(said(await decideMany(server, dispatcher, unfounded))).toBe('422 input/invalid');
  const tooMany = Array.from({ length: 501 }, () => ({ case: randomUUID(), seen: 0 }));
  expect(said(await decideMany(server, dispatcher, { ...decision, cases: tooMany }))).toBe(
    '422 input/invalid',
  );
  const byCounty = await decideMany(server, handler, { ...decision, cases: cases.slice(0, 1) });
  const nothing = await batchWhen(server, handler, byCounty, ({ done }) => done);
  expect(nothing.results).toEqual([{ case: first.id, status: 'refused', code: 'case/role' }]);
  const beyond = { ...decision, cases: cases.slice(0, 1), body: { ...flood, until: dayAfter(from, 90) } };
  const tooLong = await decideMany(server, dispatcher, beyond);
  const short = await batchWhen(server, dispatcher, tooLong, ({ done }) => done);
  expect(short.results[0]?.code).toBe('case/extension-ceiling');

  // One of them is another than it was when the list was made: its own line says so, the others go on.
  const correction = { field: 'householdCount', to: 4, why: '现场复核为四户。' };
  await went(first.give(registrar, 'correct-registration', correction));
  const key = randomUUID();
  const taken = await decideMany(server, dispatcher, decision, key);
  const some = await batchWhen(server, dispatcher, taken, ({ results }) =>
    results.some(({ status }) => status === 'done'),
  );
  // Of a batch that is over nothing could be taken up again.
  expect(some.results.filter(({ status }) => status === 'waiting').length).toBeGreaterThan(0);
  await server.restart('SIGKILL');

  // It goes on by itself; whoever did not get an answer sends it again and gets the same one.
  const again = await decideMany(server, dispatcher, decision, key);
  expect([again.status, again.headers.get('location')]).toEqual([202, taken.headers.get('location')]);
  const moved = await batchWhen(server, dispatcher, again, ({ done }) => done);
  expect(moved.results.map(({ status, code }) => code ?? status)).toEqual([
    'case/stale',
    ...Array.from({ length: CASES - 1 }, () => 'done'),
  ]);
  noted(journeys, moved.results);
  const other = { ...decision, body: { ...flood, document: '防汛〔2026〕10号' } };
  expect(said(await decideMany(server, dispatcher, other, key))).toBe('409 key/reused');

  const late = { command: 'extend-many', cases: [named(first)], body: flood };
  const alone = await decideMany(server, dispatcher, late);
  const mended = await batchWhen(server, dispatcher, alone, ({ done }) => done);
  expect(mended.results.map(({ status }) => status)).toEqual(['done']);
  noted(journeys, mended.results);

  // Every day is moved, once, under the same document, and none of the extensions is used up.
  for (const one of [last, first]) await one.get(inspector);
  const rows = await ledger();
  expect(rows).toHaveLength(CASES);
  expect(rows.filter(({ dueOn, extensions }) => dueOn !== flood.until || extensions > 0)).toEqual([]);
  for (const one of journeys) {
    const extended = (await history(one)).filter(({ type }) => type === 'DeadlineExtended');
    expect(extended.map(({ data }) => data)).toMatchObject([
      { from, until: flood.until, document: flood.document },
    ]);
  }

  // What the ledger shows after the kill is what the log says.
  const check = await runToEnd([CLI, 'check', '--json'], { DATA_DIR: server.dataDir });
  expect(check).toMatchObject({ code: 0, stderr: '' });

  // The county has its own two extensions still, and the same flood does not move the day twice.
  const twice = await decideMany(server, dispatcher, late);
  const same = await batchWhen(server, dispatcher, twice, ({ done }) => done);
  expect(same.results[0]?.status).toBe('refused');
  await went(first.give(handler, 'accept-assignment'));
  const more = { until: dayAfter(flood.until, 3), reason: '道路仍不通。' };
  expect(said(await first.give(handler, 'request-extension', more))).toBe('200');
}, 180_000);
