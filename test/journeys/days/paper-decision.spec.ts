import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dayAfter, dayOf, Days, done, invalid, refused } from '../../support/days.js';
import * as people from '../../support/people.js';
import { assignment, Journey, problem } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';

const { cityApprover, dispatcher, handler } = people;
const paper = (effectiveOn: string, document = '纪要〔2026〕3号') => ({ effectiveOn, document });

let server: TestServer;
let days: Days;
beforeAll(async () => {
  server = await startServer();
  days = new Days(server);
});
afterAll(() => server.stop());

test('a decision that was signed on paper is entered three days later, and says so for good', async () => {
  const one = await new Journey(server).to('registered');
  const signed = await days.today();
  await days.later(3);
  const today = await days.today();
  expect(today).toBe(dayAfter(signed, 3));

  // What was signed has a day that has come, and a number; a paper alone gives nobody a right.
  const { document } = paper(signed);
  const ahead = { ...assignment, entry: paper(dayAfter(today, 1)) };
  await invalid(one.give(dispatcher, 'assign-case', ahead), 'entry.effectiveOn');
  await invalid(
    one.give(dispatcher, 'assign-case', { ...assignment, entry: { document } }),
    'entry.effectiveOn',
  );
  const blank = { ...assignment, entry: { effectiveOn: signed, document: ' ' } };
  await invalid(one.give(dispatcher, 'assign-case', blank), 'entry.document');
  await refused(
    one.give(cityApprover, 'assign-case', { ...assignment, entry: paper(signed) }),
    403,
    'case/role',
  );
  await done(one.give(dispatcher, 'assign-case', { ...assignment, entry: paper(signed) }));

  const last = (await days.history(one)).at(-1);
  expect(last).toMatchObject({
    type: 'CaseAssigned',
    entry: paper(signed),
    actor: { person: dispatcher[0] },
  });
  expect(dayOf(last?.recordedAt)).toBe(today);
  // The county has all of its days: they count from when it could know.
  expect(last?.data).toMatchObject({ assignedOn: today });
  expect((await days.row(one)).duties.accept).toMatchObject({ start: today });
  // What was decided at once says nothing of a paper.
  expect((await days.history(one))[0]).not.toHaveProperty('entry');
});

test('what came too late is not in time because the paper was', async () => {
  const one = await new Journey(server).to('registered');
  const assigned = await days.today();
  const dueOn = dayAfter(assigned, 2);
  await done(one.give(dispatcher, 'assign-case', { ...assignment, dueOn }));
  await done(one.give(handler, 'accept-assignment'));
  await days.later(3);
  await days.happened(one, 'DeadlinePassed');
  const more = { until: dayAfter(dueOn, 10), reason: '连续降雨。', entry: paper(dayAfter(assigned, 1)) };
  await refused(one.give(handler, 'request-extension', more), 409, 'case/extension-late');
});

test('a closing that was signed before is closed on the day it was entered, once', async () => {
  const one = await new Journey(server).to('verified', problem());
  const signed = await days.today();
  await days.later(3);
  const entry = paper(signed, '销号审批表〔2026〕7号');
  const key = { 'Idempotency-Key': `paper-${one.id}`, 'If-Match': `"${one.revision}"` };
  await done(one.give(cityApprover, 'close-case', { opinion: '同意销号。', entry }, key));
  expect(
    (await done(one.give(cityApprover, 'close-case', { opinion: '同意销号。', entry }, key))).body,
  ).toMatchObject({
    repeated: true,
  });
  await refused(one.give(cityApprover, 'close-case', { entry }), 409, 'case/status');
  expect(dayOf((await days.row(one)).closedAt)).toBe(await days.today());
  expect((await days.history(one)).filter(({ type }) => type === 'CaseClosed')).toMatchObject([{ entry }]);
});
