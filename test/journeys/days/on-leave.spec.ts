import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Who } from '../../support/deployments.js';
import * as people from '../../support/people.js';
import { Journey, problem } from '../../support/people.js';
import { type Answer, type TestServer } from '../../support/server.js';
import {
  batchWhen,
  dayAfter,
  decideMany,
  history,
  moveOn,
  person,
  said,
  startChanged,
  went,
} from '../../support/stories.js';

const { dispatcher, handler, otherHandler, reviewer, verifier, inspector, cityApprover } = people;
const security: Who = ['keeper', 'province-office', 'security-admin'];
const secondReviewer: Who = ['bronx-reviewer-2', 'bronx-office', 'reviewer'];
/** The handler's post, while somebody else stands in for them. */
const standIn: Who = ['bronx-reviewer', 'bronx-office', 'handler'];
const absentAsReviewer: Who = ['bronx-handler', 'bronx-office', 'reviewer'];

let server: TestServer;
beforeAll(async () => {
  server = await startChanged(({ persons }) => {
    persons.push(person('keeper', '演示安全员', 'province-office', 'security-admin'));
    persons.push(person('bronx-reviewer-2', '演示审核员庚', 'bronx-office', 'reviewer'));
    const own = persons.find(({ id }) => id === 'bronx-handler');
    own?.appointments.push({ unit: 'bronx-office', role: 'reviewer' });
  });
});
afterAll(() => server.stop());

async function say(who: Who, command: string, body: object, of = 'bronx-handler'): Promise<Answer> {
  const headers = { 'Idempotency-Key': randomUUID() };
  const path = `/api/v1/register/persons/${of}/${command}`;
  return server.send(await server.token(...who), 'POST', path, body, headers);
}

const progress = (text: string) => ['report-progress', { text }] as const;

test('while the handler is on leave somebody stands in for them, in their name, and may not examine it then', async () => {
  const one = await new Journey(server).to('rectifying');
  const today = await moveOn(server, 0.01);
  const until = dayAfter(today, 9);
  const post = { unit: 'bronx-office', role: 'handler' };
  const lent = { to: 'bronx-reviewer', ...post, from: today, until };

  // Neither the handler nor the reviewer enters it by themselves, nor is a post lent that nobody has.
  expect(said(await say(handler, 'take-leave', { from: today, until }))).toBe('403 auth/forbidden');
  expect(said(await say(security, 'give-delegation', { ...lent, role: 'dispatcher' }))).toBe(
    '409 register/appointment-missing',
  );
  expect(
    (await say(security, 'give-delegation', { ...lent, to: 'bronx-handler' })).body.errors,
  ).toMatchObject([{ field: 'to', rule: 'another' }]);
  await went(say(security, 'take-leave', { from: today, until }));
  expect(said(await say(security, 'take-leave', { from: until, until }))).toBe('409 register/leave-overlaps');

  // On leave one reads what goes on, and leaves it alone. Without a delegation nobody else may either.
  expect((await one.get(handler)).status).toBe(200);
  expect(said(await one.give(handler, ...progress('从外地报进展。')))).toBe('403 case/on-leave');
  expect(said(await one.give(absentAsReviewer, ...progress('换个岗位报。')))).toBe('403 case/role');
  expect(said(await one.give(standIn, ...progress('我先顶上。')))).toBe('401 auth/invalid');

  await went(say(security, 'give-delegation', lent));
  await went(one.give(standIn, ...progress('代为推进，已搭架。')));
  const { actor } = (await history(one)).at(-1) ?? {};
  expect(actor).toMatchObject({ person: 'bronx-reviewer', onBehalfOf: 'bronx-handler', role: 'handler' });
  expect((await one.get(inspector)).body).toMatchObject({ progress: '代为推进，已搭架。' });

  const slots = ['before-photo', 'after-photo', 'result'];
  for (const slot of slots) {
    const receipt = await one.upload(standIn, `${one.id} ${slot}`);
    await went(one.give(standIn, 'attach-evidence', { slot, receipt }));
  }
  const done = { result: 'completed', measures: '已修复。', completedOn: '2026-01-20' };
  await went(one.give(standIn, 'submit-rectification', done));

  // What was done in somebody's name was done by two: neither of them reviews it.
  expect(said(await one.give(reviewer, 'pass-review'))).toBe('409 case/reviewer-rectified');
  expect(said(await one.give(absentAsReviewer, 'pass-review'))).toBe('403 case/on-leave');
  await went(one.give(secondReviewer, 'pass-review'));
  await went(one.verify());

  // The day after the leave the post is the handler's own again.
  const other = await new Journey(server).to('assigned');
  await went(other.give(standIn, 'accept-assignment'));
  expect((await moveOn(server, 10)) > until).toBe(true);
  expect(said(await one.give(standIn, 'withdraw-rectification', { reason: '再改改。' }))).toBe(
    '401 auth/invalid',
  );
  await went(one.give(cityApprover, 'close-case'));
  await went(other.give(handler, ...progress('回来了，继续。')));
  const own = (await history(other)).at(-1)?.actor;
  expect(own).toMatchObject({ person: 'bronx-handler' });
  expect(own).not.toHaveProperty('onBehalfOf');
});

test('what the handler did in their own name still bars them when they come back as a reviewer', async () => {
  const one = await new Journey(server).to('submitted');
  expect(said(await one.give(absentAsReviewer, 'pass-review'))).toBe('409 case/reviewer-rectified');
  await went(one.give(reviewer, 'pass-review'));
});

test('whoever stands in at the county does not verify its cases, though they have not touched them', async () => {
  const one = await new Journey(server).to('rectified');
  const photos = [await one.upload(verifier, 'a visit')];
  const visit = { method: 'on-site', place: '现场', visitedOn: '2026-01-22', findings: '已修复。', photos };
  const today = await moveOn(server, 0.01);
  const post = { to: verifier[0], unit: 'bronx-office', role: 'reviewer' };
  const lent = { ...post, from: today, until: dayAfter(today, 2) };
  await went(say(security, 'give-delegation', lent, 'bronx-reviewer-2'));
  expect(said(await one.give(verifier, 'record-verification', visit))).toBe('409 case/verifier-of-lead');
  await went(say(security, 'end-delegation', { ...post, from: today }, 'bronx-reviewer-2'));
  await went(one.give(verifier, 'record-verification', visit));
});

test('a batch that a stand-in gave decides nothing more when they stand in for nobody any more', async () => {
  const today = await moveOn(server, 0.01);
  const post = { to: verifier[0], unit: 'queens-office', role: 'handler' };
  await went(
    say(security, 'give-delegation', { ...post, from: today, until: dayAfter(today, 1) }, 'queens-handler'),
  );
  const lent: Who = [verifier[0], 'queens-office', 'handler'];
  const [one, left] = [await queensCase(), await queensCase()];
  const named = { case: one.id, seen: one.revision };
  const body = { command: 'report-progress', cases: [named], body: { text: '已搭架。' } };
  const taken = await decideMany(server, lent, body);
  const { batch } = await batchWhen(server, lent, taken, ({ done }) => done);
  await went(say(security, 'end-delegation', { ...post, from: today }, 'queens-handler'));

  // As if the server had been killed before it came to the second case.
  const { sql } = server.database;
  await sql`insert into cases.batch_items (batch, n, case_id, seen) values (${batch}, 2, ${left.id}, ${left.revision})`;
  await sql`update cases.batches set done_at = null where id = ${batch}`;
  await server.restart();
  const results = async () => sql<{ status: string; code: string | null }[]>`
    select status, code from cases.batch_items where batch = ${batch} order by n`;
  for (let look = 0; look < 200 && (await results())[1]?.status === 'waiting'; look++) await pause(50);
  expect(await results()).toMatchObject([{ status: 'done' }, { status: 'refused', code: 'case/role' }]);
});

async function queensCase(): Promise<Journey> {
  const one = await new Journey(server).to('registered', problem({ divisions: ['queens'] }));
  const body = { leads: ['queens-office'], coUnits: [], requirement: '限期修复。' };
  await went(one.give(dispatcher, 'assign-case', body));
  await went(one.give(otherHandler, 'accept-assignment'));
  return one;
}
