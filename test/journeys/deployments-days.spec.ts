import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { done, refused } from '../support/days.js';
import { type Deployment, deployments, type Who } from '../support/deployments.js';
import { assignmentIn, Journey } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

// Days that go otherwise than they should, by the rules of two deployments that share no word.
describe.each(deployments)('where $seed says the rules', (place: Deployment) => {
  const { people, lead, slots } = place;
  const { dispatcher, handler, reviewer, inspector, securityAdmin } = people;
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ SEED: place.seed });
  });
  afterAll(() => server.stop());
  const journey = (): Journey => new Journey(server, place);

  test('an assignment that is returned twice is final the third time', async () => {
    const one = await journey().to('assigned');
    const back = { ground: place.returnGround, reason: '不在本辖区。' };
    await refused(
      one.give(handler, 'return-assignment', { ...back, ground: 'no-money' }),
      409,
      'case/return-ground',
    );
    await done(one.give(handler, 'return-assignment', back));
    await refused(one.give(handler, 'accept-assignment'), 409, 'case/flag-returnPending');
    await done(one.give(dispatcher, 'reject-return', { reason: '属地无误。' }));
    await done(one.give(handler, 'return-assignment', back));
    await refused(one.give(dispatcher, 'reject-return', { reason: '无。' }), 409, 'case/return-second');
    await done(one.give(dispatcher, 'uphold-return', { reason: '重新研究后交办。' }));
    const anew = assignmentIn(place);
    await refused(one.give(dispatcher, 'assign-case', anew), 409, 'case/assignment-not-final');
    await done(one.give(dispatcher, 'assign-case', { ...anew, final: true }));
    await refused(one.give(handler, 'return-assignment', back), 409, 'case/return-final');
    await done(one.give(handler, 'accept-assignment'));
    expect((await one.get(inspector)).body).toMatchObject({
      status: 'rectifying',
      returns: 2,
      heldBy: [lead],
    });
  });

  test('a look-back that fails brings the case back, to be proven anew', async () => {
    const one = await journey().to('verified');
    await done(one.give(people.closer, 'close-case'));
    const photos = [await one.upload(inspector, `look-back ${one.id}`)];
    const seen = { place: '现场', visitedOn: '2026-01-25', findings: '又损坏。', photos, outcome: 'failed' };
    const reasons = [{ slot: slots[0], reason: '与现场不符。' }];
    await refused(one.give(handler, 'record-look-back', { ...seen, reasons }), 403, 'case/role');
    await done(one.give(inspector, 'record-look-back', { ...seen, reasons }));
    expect((await one.get(inspector)).body).toMatchObject({ status: 'closed', lookBack: 'failed' });
    await done(one.give(inspector, 'reopen-case', { cause: 'relapse', reason: '回头看不合格。' }));
    expect((await one.get(inspector)).body).toMatchObject({ status: 'rectifying', round: 2, heldBy: [lead] });

    await done(one.submit());
    await done(one.give(reviewer, 'pass-review'));
    await done(one.verify());
    await done(one.give(people.closer, 'close-case'));
    expect((await one.get(inspector)).body).toMatchObject({ status: 'closed', round: 2, reopened: 1 });
  });

  test('who is on leave reads and does nothing; who stands in for them acts in both names', async () => {
    const one = await journey().to('rectifying');
    const [absent, unit] = handler;
    const period = { from: '2026-01-01', until: '2099-12-31' };
    const say = async (command: string, body: object): Promise<Answer> =>
      server.send(
        await server.token(...securityAdmin),
        'POST',
        `/api/v1/register/persons/${absent}/${command}`,
        body,
        { 'Idempotency-Key': randomUUID() },
      );
    await done(say('take-leave', period));
    const report = { text: '代为推进。' };
    expect((await one.get(handler)).status).toBe(200);
    await refused(one.give(handler, 'report-progress', report), 403, 'case/on-leave');

    const standIn: Who = [reviewer[0], unit, 'handler'];
    await refused(one.give(standIn, 'report-progress', report), 401, 'auth/invalid');
    await done(say('give-delegation', { to: reviewer[0], unit, role: 'handler', ...period }));
    await done(one.give(standIn, 'report-progress', report));
    const { body } = await one.get(inspector, '/history');
    const { events } = body as unknown as { events: { actor: object }[] };
    expect(events.at(-1)?.actor).toMatchObject({ person: reviewer[0], onBehalfOf: absent });
  });
});
