import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dayAfter, Days, done, invalid, refused } from '../../support/days.js';
import * as people from '../../support/people.js';
import { Journey, problem } from '../../support/people.js';
import { type Seed, startSeeded } from '../../support/seeded.js';
import { type TestServer } from '../../support/server.js';

const { cityApprover, dispatcher, handler, otherHandler, registrar, reviewer } = people;

/** What is to last lasts sixty days here. */
function short({ policy }: Seed): void {
  Object.assign(policy.completion.sustained?.general ?? {}, { done: '60cd', review: '30cd' });
}

let server: TestServer;
let days: Days;
beforeAll(async () => {
  server = await startSeeded([], short);
  days = new Days(server);
});
afterAll(() => server.stop());

const atRisk = problem({ personsAtRisk: true, rectificationType: 'sustained' });
const safety = (doneOn: string) => ({ measures: '已搬至安置点。', persons: 4, doneOn });

test('people at risk are brought to safety before anybody asks for time, and then the case goes its way', async () => {
  const one = await new Journey(server).to('registered', atRisk);
  const first = await days.today();
  expect(await days.row(one)).toMatchObject({ flags: ['atRisk'], personsAtRisk: true, duties: {} });

  // Nobody keeps a case of people at risk from being given out; from then on a day is left.
  await done(one.give(dispatcher, 'assign-case', people.assignment));
  const { duties } = await days.row(one);
  expect(duties['interim-safety']).toMatchObject({
    ...{ due: dayAfter(first, 1), units: ['bronx-office'], redFrom: dayAfter(first, 2) },
  });
  await done(one.give(handler, 'accept-assignment'));

  // Whatever would let it rest is refused: more time, a clock that stands, a plan.
  const { dueOn } = await days.row(one);
  const more = { until: dayAfter(String(dueOn), 10), reason: '连续降雨。' };
  await refused(one.give(handler, 'request-extension', more), 409, 'case/flag-atRisk');
  const rest = { ground: 'weather', until: dayAfter(first, 20), document: '证明1号', reason: '冰冻。' };
  await refused(one.give(dispatcher, 'suspend-case', rest), 409, 'case/flag-atRisk');
  const plan = {
    ...{ measures: '加固后长期监测。', doneStandard: '无新裂缝。' },
    stages: [
      { goal: '加固', until: dayAfter(first, 10) },
      { goal: '装监测', until: dayAfter(first, 20) },
    ],
  };
  await done(one.give(handler, 'submit-plan', plan));
  await refused(one.give(reviewer, 'approve-plan'), 409, 'case/flag-atRisk');
  const impossible = { ground: 'impossible', reason: '。', minutes: '纪要1号', document: '意见1号' };
  await refused(one.give(cityApprover, 'terminate-case', impossible), 409, 'case/flag-atRisk');
  expect((await days.row(one)).duties.complete?.redFrom).not.toBeNull();

  // The day goes by: the clock says so, and the light of that duty is red, not grey.
  await days.later(2);
  const late = await days.happened(one, 'DeadlinePassed');
  expect(late.data).toMatchObject({ duty: 'interim-safety', due: dayAfter(first, 1) });
  const today = await days.today();
  expect(String((await days.row(one)).duties['interim-safety']?.redFrom) <= today).toBe(true);

  // Then it is done, by who answers for it, and on a day that has come.
  await refused(one.give(reviewer, 'record-interim-safety', safety(today)), 403, 'case/role');
  await refused(one.give(otherHandler, 'record-interim-safety', safety(today)), 404, 'case/unknown');
  await invalid(one.give(handler, 'record-interim-safety', safety(dayAfter(today, 1))), 'doneOn');
  await done(one.give(handler, 'record-interim-safety', safety(today)));
  const safe = await days.row(one);
  expect(safe).toMatchObject({ flags: [], personsAtRisk: true });
  expect(safe.duties).not.toHaveProperty('interim-safety');
  await refused(one.give(handler, 'record-interim-safety', safety(today)), 409, 'case/nobody-at-risk');

  // What was refused is heard now.
  await done(one.give(reviewer, 'approve-plan'));
  await done(one.give(handler, 'complete-stage', { stage: 1, result: '已加固。' }));

  // Four more people come in with a case that was the same: they too are safe before the trial begins.
  const twin = await new Journey(server).to('registered', problem({ personsAtRisk: true }));
  await done(twin.give(registrar, 'merge-case', { into: one.id, reason: '同一处外墙。' }));
  await days.happened(one, 'CaseAbsorbed');
  expect(await days.row(one)).toMatchObject({ flags: ['atRisk'], absorbed: [twin.id] });
  const last = { stage: 2, result: '监测已装。' };
  await refused(one.give(handler, 'complete-stage', last), 409, 'case/flag-atRisk');
  await done(one.give(handler, 'record-interim-safety', safety(today)));
  await done(one.give(handler, 'complete-stage', last));
  expect(await days.row(one)).toMatchObject({ status: 'sustaining', flags: [] });

  // It lasts its days, and is closed like any other.
  await days.on(dayAfter(first, 60));
  await done(one.submit());
  await done(one.give(reviewer, 'pass-review'));
  await done(one.verify());
  await done(one.give(cityApprover, 'close-case'));
  expect(await days.row(one)).toMatchObject({ status: 'closed', duties: {}, personsAtRisk: true });
});

test('whoever says nothing of safety may still prove it: what two have seen on the spot is safe', async () => {
  const one = await new Journey(server).to('rectified', problem({ personsAtRisk: true }));
  expect(await days.row(one)).toMatchObject({ status: 'rectified', flags: ['atRisk'] });
  await done(one.verify());
  expect(await days.row(one)).toMatchObject({ status: 'verified', flags: [] });
  await done(one.give(cityApprover, 'close-case'));
});
