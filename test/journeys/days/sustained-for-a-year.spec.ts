import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dayAfter, Days, done, invalid, refused } from '../../support/days.js';
import * as people from '../../support/people.js';
import { assignment, Journey, problem } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';

const { cityApprover, dispatcher, handler, otherHandler, reviewer } = people;

let server: TestServer;
let days: Days;
beforeAll(async () => {
  server = await startServer();
  days = new Days(server);
});
afterAll(() => server.stop());

const holding = { outcome: 'holding', findings: '公示栏按月更新。' };
const slipping = { outcome: 'slipping', findings: '已两月未更新。' };
const handedIn = { result: 'completed', measures: '已建立长效机制。', completedOn: '2026-01-20' };

test('what must last is planned, kept up for a year, slips once, and is closed when its year is over', async () => {
  const one = await new Journey(server).to('registered', problem({ rectificationType: 'sustained' }));
  const start = await days.today();
  await done(one.give(dispatcher, 'assign-case', assignment));
  await done(one.give(handler, 'accept-assignment'));
  const dueOn = String((await days.row(one)).dueOn);
  expect((await days.row(one)).duties).toHaveProperty('plan');

  // First the plan: in order, within the year, and approved by somebody else.
  const stages = [
    { goal: '清理历史问题', until: dayAfter(start, 30) },
    { goal: '按月公示', until: dayAfter(start, 60) },
  ];
  const plan = { measures: '建立按月公示制度。', doneStandard: '连续公示一年。', stages };
  const [first, second] = stages as [object, object];
  await refused(one.give(handler, 'submit-rectification', handedIn), 409, 'case/plan-unapproved');
  await refused(one.give(handler, 'complete-stage', { stage: 1, result: '。' }), 409, 'case/plan-unapproved');
  await invalid(one.give(handler, 'submit-plan', { ...plan, stages: [second, first] }), 'stages.1.until');
  const tooLong = [first, { goal: '按月公示', until: dayAfter(dueOn, 1) }];
  await invalid(one.give(handler, 'submit-plan', { ...plan, stages: tooLong }), 'stages.1.until');
  await done(one.give(handler, 'submit-plan', plan));
  await refused(one.give(handler, 'approve-plan'), 403, 'case/role');
  await done(one.give(reviewer, 'reject-plan', { reason: '请写明责任人。' }));
  await refused(one.give(reviewer, 'approve-plan'), 409, 'case/plan-missing');
  await done(one.give(handler, 'submit-plan', plan));
  await done(one.give(reviewer, 'approve-plan'));

  // Then its stages, one after the other; with the last one the year of trial goes on.
  await days.on(dayAfter(start, 30));
  await refused(one.give(handler, 'complete-stage', { stage: 2, result: '。' }), 409, 'case/stage-order');
  await done(one.give(handler, 'complete-stage', { stage: 1, result: '已清理。' }));
  await refused(one.give(handler, 'complete-stage', { stage: 1, result: '。' }), 409, 'case/stage-done');
  await refused(one.give(reviewer, 'review-stage', holding), 409, 'case/status');
  await refused(one.give(handler, 'submit-rectification', handedIn), 409, 'case/stages-open');
  await days.on(dayAfter(start, 60));
  await refused(one.give(handler, 'complete-stage', { stage: 3, result: '。' }), 409, 'case/stage-unknown');
  await done(one.give(handler, 'complete-stage', { stage: 2, result: '已公示两月。' }));
  const trial = await days.row(one);
  expect(trial).toMatchObject({ status: 'sustaining', stagesDone: 2 });
  expect(trial.duties).not.toHaveProperty('complete');
  await refused(one.submit(), 409, 'case/sustained-short');

  // Half a year: the county's reviewer looks, a few days late, and it holds.
  await days.on(dayAfter(String(trial.reviewBy), 10));
  await refused(one.give(handler, 'review-stage', holding), 403, 'case/role');
  await refused(one.give(otherHandler, 'review-stage', holding), 404, 'case/unknown');
  await done(one.give(reviewer, 'review-stage', holding));
  const held = await days.row(one);
  expect(held.status).toBe('sustaining');
  expect(String(held.reviewBy) > (await days.today())).toBe(true);

  // Two months on it slips: back to work, and the last stage is done anew.
  await days.later(60);
  await done(one.give(reviewer, 'review-stage', slipping));
  expect(await days.row(one)).toMatchObject({ status: 'rectifying', stagesDone: 1, reviewBy: null, dueOn });
  await refused(one.give(handler, 'submit-rectification', handedIn), 409, 'case/stages-open');
  await done(one.give(handler, 'report-progress', { text: '已补公示。' }));
  await done(one.give(handler, 'complete-stage', { stage: 2, result: '已恢复按月公示。' }));
  expect(await days.row(one)).toMatchObject({ status: 'sustaining', stagesDone: 2 });
  await refused(one.give(handler, 'submit-rectification', handedIn), 409, 'case/sustained-short');
  await refused(one.give(cityApprover, 'close-case'), 409, 'case/status');

  // The year is over: handed in, reviewed, seen by two, struck off.
  await days.on(dueOn);
  await done(one.give(reviewer, 'review-stage', holding));
  await done(one.give(handler, 'submit-rectification', handedIn));
  await refused(one.give(handler, 'withdraw-rectification', { reason: ' ' }), 422, 'input/invalid');
  await done(one.give(reviewer, 'pass-review'));
  await done(one.verify());
  await done(one.give(cityApprover, 'close-case'));
  expect(await days.row(one)).toMatchObject({ status: 'closed', round: 1, duties: {} });
  const reviews = (await days.history(one)).filter(({ type }) => type === 'StageReviewed');
  expect(reviews.map(({ data }) => (data as { outcome: string }).outcome)).toEqual([
    ...['holding', 'slipping', 'holding'],
  ]);
});
