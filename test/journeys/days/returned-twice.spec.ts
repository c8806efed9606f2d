import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Days, done, refused, shortcomings } from '../../support/days.js';
import * as people from '../../support/people.js';
import { Journey } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';

const { dispatcher, handler, otherHandler, reviewer, verifier, secondVerifier } = people;

let server: TestServer;
let days: Days;
beforeAll(async () => {
  server = await startServer();
  days = new Days(server);
});
afterAll(() => server.stop());

test('a case that a county returns twice is settled for good by its third assignment', async () => {
  const one = await new Journey(server).to('assigned');
  const back = { ground: 'wrong-division', reason: '不在本县。' };
  const why = { reason: '属地无误。' };

  // Nobody but the county says that it is not the county's, and only on a ground of the policy.
  await refused(one.give(reviewer, 'return-assignment', back), 403, 'case/role');
  await refused(one.give(otherHandler, 'return-assignment', back), 404, 'case/unknown');
  await refused(
    one.give(handler, 'return-assignment', { ...back, ground: 'no-money' }),
    409,
    'case/return-ground',
  );
  await refused(one.give(dispatcher, 'uphold-return', why), 409, 'case/return-missing');
  await done(one.give(handler, 'return-assignment', back));
  expect(await days.row(one)).toMatchObject({
    flags: ['returnPending'],
    heldBy: ['city-office'],
    returns: 1,
  });

  // While it waits for the ruling there is nothing to accept, and nobody rules on their own return.
  await refused(one.give(handler, 'accept-assignment'), 409, 'case/flag-returnPending');
  await refused(one.give(handler, 'reject-return', why), 403, 'case/role');
  await done(one.give(dispatcher, 'reject-return', why));
  expect(await days.row(one)).toMatchObject({ flags: [], heldBy: ['bronx-office'], status: 'assigned' });

  await done(one.give(handler, 'return-assignment', { ...back, ground: 'not-competent' }));
  await refused(one.give(dispatcher, 'reject-return', why), 409, 'case/return-second');
  await done(one.give(dispatcher, 'uphold-return', { reason: '重新研究后交办。' }));
  expect(await days.row(one)).toMatchObject({ status: 'registered', returns: 2, leads: [] });

  // Now it is assigned as final: neither less, nor returned once more.
  await refused(one.give(dispatcher, 'assign-case', people.assignment), 409, 'case/assignment-not-final');
  await done(one.give(dispatcher, 'assign-case', { ...people.assignment, final: true }));
  await refused(one.give(handler, 'return-assignment', back), 409, 'case/return-final');
  await done(one.give(handler, 'accept-assignment'));
  expect(await days.row(one)).toMatchObject({ status: 'rectifying', returns: 2 });
});

test('an assignment is final after two returns only, and is returned in its days only', async () => {
  const one = await new Journey(server).to('registered');
  const final = { ...people.assignment, final: true };
  await refused(one.give(dispatcher, 'assign-case', final), 409, 'case/final-too-soon');
  await done(one.give(dispatcher, 'assign-case', people.assignment));
  await days.later(10);
  await days.happened(one, 'AssignmentDeemedAccepted');
  const late = { ground: 'wrong-division', reason: '不在本县。' };
  await refused(one.give(handler, 'return-assignment', late), 409, 'case/status');
});

test('a case that fails its verification twice is yellow, however many days it has left', async () => {
  const one = await new Journey(server).to('rectified');
  const fail = { reasons: shortcomings };
  const wrongSlot = { reasons: [{ slot: 'no-such', reason: '无。' }] };
  await refused(one.give(handler, 'fail-verification', fail), 403, 'case/role');
  await refused(one.give(verifier, 'fail-verification', wrongSlot), 422, 'case/slot-unknown');
  await done(one.give(verifier, 'fail-verification', fail));
  const once = (await days.row(one)).duties.complete;
  expect(once?.pressing).toBeUndefined();
  expect(String(once?.yellowFrom) > (await days.today())).toBe(true);

  await done(one.submit());
  await done(one.give(reviewer, 'pass-review'));
  await done(one.give(secondVerifier, 'fail-verification', fail));
  const row = await days.row(one);
  expect(row).toMatchObject({ status: 'rectifying', heldBy: ['bronx-office'] });
  expect(row.duties.complete).toMatchObject({ pressing: 'failures', due: once?.due });
  expect(String(row.duties.complete?.yellowFrom) < (await days.today())).toBe(true);

  // It may still be put right: the third time it holds.
  await done(one.submit());
  await done(one.give(reviewer, 'pass-review'));
  await done(one.verify());
  await done(one.give(people.cityApprover, 'close-case'));
  expect((await days.row(one)).duties).toEqual({});
});
