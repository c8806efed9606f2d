import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Role } from '../../../libs/contracts/roles.js';
import { Days, done, invalid, refused, visit } from '../../support/days.js';
import { type Who } from '../../support/deployments.js';
import * as people from '../../support/people.js';
import { assignment, Journey } from '../../support/people.js';
import { startSeeded } from '../../support/seeded.js';
import { type TestServer } from '../../support/server.js';

const { cityApprover, dispatcher, handler, operator, otherHandler, reviewer } = people;
const keeper: Who = ['keeper', 'province-office', 'security-admin'];
/** A handler of the county's office who has a post in the next county too. */
const here: Who = ['two-posts', 'bronx-office', 'handler'];
const there: Who = ['two-posts', 'queens-office', 'handler'];

let server: TestServer;
let days: Days;
beforeAll(async () => {
  server = await startSeeded([keeper, here, there]);
  days = new Days(server);
});
afterAll(() => server.stop());

const at = (unit: string, role: Role, person = `${unit}-${role}`): Who => [person, unit, role];

/** The new unit with its people; the old one ends on the same day. */
async function succeed(old: string, bureau: object, staff: readonly Who[]): Promise<void> {
  const from = await days.today();
  const [[, unit] = ['', '']] = staff;
  await done(days.send(operator, 'POST', `register/units/${unit}/open-unit`, { ...bureau, from }));
  for (const [person, , role] of staff) {
    const entered = { name: `演示${person}`, from };
    const path = `register/persons/${person}`;
    // Somebody may be taken over into a second post.
    const { status } = await days.send(keeper, 'POST', `${path}/enter-person`, entered);
    expect([200, 409]).toContain(status);
    await done(days.send(keeper, 'POST', `${path}/appoint-person`, { unit, role, from }));
  }
  await done(days.send(operator, 'POST', `register/units/${old}/abolish-unit`, { successor: unit, from }));
}

test('a county’s unit is abolished in mid-case: its successor goes on, handler, reviewer and all', async () => {
  const one = await new Journey(server).to('rectifying');
  await done(one.give(handler, 'report-progress', { text: '已搭架。' }));
  const waiting = await new Journey(server).to('submitted');
  const bureau = { name: '布朗克斯县住房局', division: 'bronx', parent: 'city-office' };
  const heir = at('bronx-bureau', 'handler');
  const heirs = [heir, at('bronx-bureau', 'reviewer'), at('bronx-bureau', 'handler', 'bronx-bureau-second')];
  const [, newReviewer, colleague] = heirs as [Who, Who, Who];
  await refused(one.give(heir, 'report-progress', { text: '。' }), 401, 'auth/invalid');
  // Only who runs the register abolishes a unit, and only where somebody carries it on.
  const abolition = { successor: 'bronx-bureau', from: await days.today() };
  const path = 'register/units/bronx-office/abolish-unit';
  await refused(days.send(keeper, 'POST', path, abolition), 403, 'auth/forbidden');
  await invalid(days.send(operator, 'POST', path, abolition), 'successor');
  await succeed('bronx-office', bureau, heirs);
  await refused(days.send(operator, 'POST', path, abolition), 409, 'register/ended');

  // Whose post went with the unit is nobody there any more; with a post elsewhere they find no such case.
  for (const gone of [handler, reviewer, here]) await refused(one.get(gone), 401, 'auth/invalid');
  for (const tail of ['', '/history']) await refused(one.get(there, tail), 404, 'case/unknown');
  await refused(one.give(there, 'report-progress', { text: '。' }), 404, 'case/unknown');

  // The successor sees and does all that the old unit did; what is recorded keeps its name.
  expect(await days.row(one, heir)).toMatchObject({ status: 'rectifying', leads: ['bronx-office'] });
  const { body } = await days.send(heir, 'GET', 'cases?lead=bronx-bureau');
  expect((body as unknown as { rows: { id: string }[] }).rows.map(({ id }) => id)).toEqual([
    waiting.id,
    one.id,
  ]);
  await refused(waiting.give(there, 'escalate-review', { reason: '。' }), 404, 'case/unknown');
  await done(waiting.give(heir, 'escalate-review', { reason: '新局仅一名审核人员。' }));
  expect(await days.row(waiting)).toMatchObject({ escalations: 1, heldBy: ['city-office'] });
  await done(one.give(heir, 'name-handler', { person: colleague[0] }));
  await invalid(one.give(heir, 'name-handler', { person: otherHandler[0] }), 'person');
  await done(one.give(heir, 'list-items', { items: [{ id: 'house-1', kind: 'household' }] }));
  const settled = { item: 'house-1', measures: '已修复。', completedOn: '2026-01-20' };
  await done(one.give(colleague, 'rectify-item', settled));
  for (const slot of ['before-photo', 'after-photo', 'result']) {
    const receipt = await one.upload(heir, `${slot} ${randomUUID()}`);
    await done(one.give(heir, 'attach-evidence', { slot, receipt }));
  }
  const result = { result: 'completed', measures: '已修复。', completedOn: '2026-01-20' };
  await done(one.give(heir, 'submit-rectification', result));
  await refused(one.give(heir, 'pass-review'), 403, 'case/role');
  await done(one.give(newReviewer, 'pass-review'));

  const photos = [await one.upload(people.verifier, `visit ${randomUUID()}`)];
  const seen = { method: 'on-site', place: '现场', visitedOn: '2026-01-22', findings: '已修复。', photos };
  await done(one.give(people.verifier, 'record-verification', { ...seen, checked: ['house-1'] }));
  await done(one.give(people.secondVerifier, 'confirm-verification'));
  await done(one.give(cityApprover, 'close-case'));
  expect(await days.row(one)).toMatchObject({ status: 'closed', leads: ['bronx-office'] });
});

test('nothing is given to a unit that was abolished: not anew, not instead of another, not as a help', async () => {
  const one = await new Journey(server).to('registered');
  const toQueens = { ...assignment, leads: ['queens-office'] };
  await invalid(one.give(dispatcher, 'assign-case', assignment), 'leads.0');
  await invalid(one.give(dispatcher, 'assign-case', { ...toQueens, coUnits: ['bronx-office'] }), 'coUnits.0');
  await done(one.give(dispatcher, 'assign-case', toQueens));
  const back = { leads: ['bronx-office'], coUnits: [], reason: '职能划转。' };
  await invalid(one.give(dispatcher, 'reassign-case', back), 'leads.0');
  const help = { coUnits: ['bronx-office'], reason: '请协助。' };
  await invalid(one.give(dispatcher, 'change-co-units', help), 'coUnits.0');
  await done(one.give(dispatcher, 'reassign-case', { ...back, leads: ['bronx-bureau'] }));
  expect(await days.row(one)).toMatchObject({ status: 'assigned', leads: ['bronx-bureau'] });
});

test('an instruction of a unit that is abolished is judged, and its case closed, by the successor', async () => {
  const wrong = await new Journey(server).to('registered');
  const one = await new Journey(server).to('registered');
  await done(one.give(dispatcher, 'assign-case', { ...assignment, leads: ['queens-office'] }));
  await done(one.give(otherHandler, 'accept-assignment'));
  const word = { from: '分管副市长', original: '请尽快解决。', lead: 'queens-office', dueOn: '2099-12-31' };
  await done(one.give(dispatcher, 'record-instruction', word));
  await done(one.give(otherHandler, 'answer-instruction', { instruction: 1, answer: '已修复。' }));
  for (const slot of ['before-photo', 'after-photo', 'result']) {
    const receipt = await one.upload(otherHandler, `${slot} ${randomUUID()}`);
    await done(one.give(otherHandler, 'attach-evidence', { slot, receipt }));
  }
  const result = { result: 'completed', measures: '已修复。', completedOn: '2026-01-20' };
  await done(one.give(otherHandler, 'submit-rectification', result));

  const newDispatcher = at('city-bureau', 'dispatcher');
  const newApprover = at('city-bureau', 'approver');
  const newRegistrar = at('city-bureau', 'registrar');
  const [first, second] = [
    at('city-bureau', 'verifier'),
    at('city-bureau', 'verifier', 'city-bureau-second'),
  ];
  const bureau = { name: '演示市住房局', division: 'demo-city', parent: 'province-office' };
  await succeed('city-office', bureau, [newDispatcher, newApprover, newRegistrar, first, second]);
  for (const gone of [dispatcher, cityApprover]) {
    await refused(one.give(gone, 'accept-answer', { instruction: 1 }), 401, 'auth/invalid');
  }

  // The county goes on as it was; whoever stands in the new bureau does what the old office would have.
  await done(one.give(['queens-reviewer', 'queens-office', 'reviewer'], 'pass-review'));
  await done(visit(one, first));
  await done(one.give(second, 'confirm-verification'));
  await refused(one.give(newApprover, 'close-case'), 409, 'case/instruction-open');
  await refused(one.give(otherHandler, 'accept-answer', { instruction: 1 }), 403, 'case/role');
  await done(one.give(newDispatcher, 'reject-answer', { instruction: 1, reason: '请附照片。' }));
  await done(one.give(otherHandler, 'answer-instruction', { instruction: 1, answer: '照片已附。' }));
  await done(one.give(newDispatcher, 'accept-answer', { instruction: 1 }));
  await done(one.give(newApprover, 'close-case'));
  expect(await days.row(one)).toMatchObject({ status: 'closed', openInstructions: 0 });

  // A look-back is by none of those who verified it, whatever their unit is called now.
  const photos = [await one.upload(second, `look-back ${randomUUID()}`)];
  const back = { place: '现场', visitedOn: '2026-01-25', findings: '完好。', photos, outcome: 'passed' };
  await refused(one.give(second, 'record-look-back', back), 409, 'case/look-back-own');

  // What the old office registered by mistake, the new one takes back.
  const mistake = { reason: '误登记。', document: '核查意见3号' };
  await refused(wrong.give(newApprover, 'void-case', mistake), 403, 'case/role');
  await done(wrong.give(newRegistrar, 'void-case', mistake));
});
