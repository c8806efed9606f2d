import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Who } from '../../support/deployments.js';
import * as people from '../../support/people.js';
import { Journey, problem } from '../../support/people.js';
import { type TestServer } from '../../support/server.js';
import { history, said, startChanged, went } from '../../support/stories.js';

const { dispatcher, verifier, secondVerifier, cityApprover, inspector } = people;
const clerk: Who = ['clerk', 'richmond-office', 'handler'];
const clerkAsReviewer: Who = ['clerk', 'richmond-office', 'reviewer'];
const cityReviewer: Who = ['city-reviewer', 'city-office', 'reviewer'];
const reviewerAsVerifier: Who = ['city-reviewer', 'city-office', 'verifier'];
const reviewerAsApprover: Who = ['city-reviewer', 'city-office', 'approver'];

let server: TestServer;
beforeAll(async () => {
  server = await startChanged(({ divisions, units, persons }) => {
    divisions.push({ id: 'richmond', name: '里士满县', level: 'county', parent: 'demo-city' });
    const office = { id: 'richmond-office', name: '里士满县住建局', division: 'richmond' };
    units.push({ ...office, parent: 'city-office' });
    const both = (['handler', 'reviewer'] as const).map((role) => ({ unit: 'richmond-office', role }));
    persons.push({ id: 'clerk', name: '演示独任员', appointments: both });
    const posts = (['reviewer', 'verifier', 'approver'] as const).map((role) => ({
      ...{ unit: 'city-office', role },
    }));
    persons.push({ id: 'city-reviewer', name: '演示审核员己', appointments: posts });
  });
});
afterAll(() => server.stop());

/** The whole of what the clerk does for a case: all but looking at it with other eyes. */
async function handledByClerk(): Promise<Journey> {
  const one = new Journey(server);
  await went(one.register(problem({ divisions: ['richmond'] })));
  const assignment = { leads: ['richmond-office'], coUnits: [], requirement: '限期修复并留存照片。' };
  await went(one.give(dispatcher, 'assign-case', assignment));
  await went(one.give(clerk, 'accept-assignment'));
  await handIn(one);
  return one;
}

async function handIn(one: Journey): Promise<void> {
  for (const slot of ['before-photo', 'after-photo', 'result']) {
    const receipt = await one.upload(clerk, `${one.id} ${slot} ${one.revision}`);
    await went(one.give(clerk, 'attach-evidence', { slot, receipt }));
  }
  const done = { result: 'completed', measures: '已修复。', completedOn: '2026-01-20' };
  await went(one.give(clerk, 'submit-rectification', done));
}

test('in a county of one clerk nobody reviews their own work: the city does, and four others close the case', async () => {
  const one = await handledByClerk();
  expect((await one.get(clerk)).body).toMatchObject({ heldBy: ['richmond-office'], escalations: 0 });

  // The clerk has the post of a reviewer too, and would only have to press the button.
  expect(said(await one.give(clerkAsReviewer, 'pass-review'))).toBe('409 case/reviewer-rectified');
  const reasons = [{ slot: 'result', reason: '自查发现说明不全。' }];
  expect(said(await one.give(clerkAsReviewer, 'reject-rectification', { reasons }))).toBe(
    '409 case/reviewer-rectified',
  );
  // The city does not take what the county has not handed over, and others have no say.
  expect(said(await one.give(cityReviewer, 'pass-review'))).toBe('403 case/role');
  const why = { reason: '本单位只有一名经办人，无法复核。' };
  expect(said(await one.give(verifier, 'escalate-review', why))).toBe('403 case/role');
  expect(said(await one.give(clerk, 'escalate-review'))).toBe('422 input/invalid');
  const stale = { 'If-Match': `"${one.revision - 1}"` };
  expect(said(await one.give(clerk, 'escalate-review', why, stale))).toBe('412 case/stale');

  await went(one.give(clerk, 'escalate-review', why));
  expect((await one.get(inspector)).body).toMatchObject({ heldBy: ['city-office'], escalations: 1 });
  expect(said(await one.give(clerkAsReviewer, 'pass-review'))).toBe('403 case/role');

  await went(one.give(cityReviewer, 'pass-review'));
  const photos = [await one.upload(reviewerAsVerifier, 'the reviewer goes there too')];
  const visit = { method: 'on-site', place: '现场', visitedOn: '2026-01-22', findings: '已修复。', photos };
  expect(said(await one.give(reviewerAsVerifier, 'record-verification', visit))).toBe(
    '409 case/verifier-reviewed',
  );
  await went(one.verify());
  expect(said(await one.give(reviewerAsApprover, 'close-case'))).toBe('409 case/closer-reviewed');
  await went(one.give(cityApprover, 'close-case'));

  expect((await one.get(clerk)).body).toMatchObject({ status: 'closed', escalations: 1 });
  const steps = ['RectificationSubmitted', 'ReviewPassed', 'VerificationRecorded', 'VerificationConfirmed'];
  const hands = (await history(one)).filter(({ type }) => [...steps, 'CaseClosed'].includes(type));
  expect(hands.map(({ actor }) => actor.person)).toEqual([
    ...['clerk', cityReviewer[0], verifier[0], secondVerifier[0], cityApprover[0]],
  ]);
});

test('what the city sends back is reviewed by the city again; above the province there is nobody', async () => {
  const one = await handledByClerk();
  const why = { reason: '无法复核。' };
  await went(one.give(dispatcher, 'escalate-review', why));
  await went(
    one.give(cityReviewer, 'reject-rectification', { reasons: [{ slot: 'result', reason: '说明不全。' }] }),
  );
  await handIn(one);
  expect((await one.get(inspector)).body).toMatchObject({ heldBy: ['city-office'], escalations: 1 });
  await went(one.give(dispatcher, 'escalate-review', why));
  expect((await one.get(inspector)).body).toMatchObject({ heldBy: ['province-office'], escalations: 2 });
  expect(said(await one.give(dispatcher, 'escalate-review', why))).toBe('409 case/escalation-nobody');
});
