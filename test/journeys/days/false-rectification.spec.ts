import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Draw } from '../../../libs/contracts/draws.js';
import { Days, done, invalid, refused, shortcomings, visit } from '../../support/days.js';
import { type Who } from '../../support/deployments.js';
import * as people from '../../support/people.js';
import { Journey, problem } from '../../support/people.js';
import { startSeeded } from '../../support/seeded.js';
import { type TestServer } from '../../support/server.js';

const { handler, inspector, provinceApprover, registrar, reviewer, secondVerifier, verifier } = people;
const evaluator: Who = ['province-evaluator', 'province-office', 'evaluator'];
const otherApprover: Who = ['province-approver-2', 'province-office', 'approver'];
const freshVerifier: Who = ['city-verifier-3', 'city-office', 'verifier'];
const freshSecond: Who = ['city-verifier-4', 'city-office', 'verifier'];

let server: TestServer;
let days: Days;
beforeAll(async () => {
  server = await startSeeded([evaluator, otherApprover, freshVerifier, freshSecond]);
  days = new Days(server);
});
afterAll(() => server.stop());

/** A case that the province approved and struck off. */
async function closed(): Promise<Journey> {
  const one = await new Journey(server).to('verified', problem({ severity: 'serious' }));
  await done(one.give(provinceApprover, 'approve-closure'));
  await done(one.give(provinceApprover, 'close-case'));
  await one.get(inspector);
  return one;
}

async function seen(one: Journey, who: Who): Promise<object> {
  const photos = [await one.upload(who, `look-back ${randomUUID()}`)];
  return { place: '现场', visitedOn: '2026-01-25', findings: '外墙又脱落。', photos };
}

test('a false rectification is found by a draw, reopened, and closed by others', async () => {
  const cases = [await closed(), await closed(), await closed()];
  const on = await days.today();
  const frame = { from: on, until: on };
  const draw = { seed: '双色球2026100期 03 11 17 22 28 31 +09', frame, size: 2 };

  // Of a day that is not over nothing is drawn, and only inspectors draw.
  await invalid(days.send(inspector, 'POST', 'draws', draw), 'frame.until');
  await refused(days.send(registrar, 'POST', 'draws', draw), 403, 'auth/forbidden');
  await days.later(1);
  const before = await Promise.all(cases.map((one) => days.row(one)));
  const { body } = await done(days.send(inspector, 'POST', 'draws', draw));
  const { draw: id } = body as unknown as { draw: string };
  const drawn = (await days.send(inspector, 'GET', `draws/${id}`)).body as unknown as Draw;
  expect(drawn).toMatchObject({ candidates: 3, size: 2, unit: 'province-office' });
  expect(drawn.cases).toHaveLength(2);

  // Nothing of it shows in the cases, and nobody else learns which were drawn.
  expect(await Promise.all(cases.map((one) => days.row(one)))).toEqual(before);
  await refused(days.send(handler, 'GET', `draws/${id}`), 403, 'auth/forbidden');
  const one = cases.find((each) => drawn.cases.includes(each.id));
  const spared = cases.find((each) => !drawn.cases.includes(each.id));
  if (!one || !spared) throw new Error('two of three were drawn');

  // Whoever had a part does not look back; what was not drawn was not drawn; a failure has its reasons.
  const failed = { draw: id, outcome: 'failed', reasons: shortcomings };
  await refused(
    one.give(verifier, 'record-look-back', { ...(await seen(one, verifier)), ...failed }),
    409,
    'case/look-back-own',
  );
  await refused(
    one.give(freshVerifier, 'record-look-back', { ...(await seen(one, freshVerifier)), ...failed }),
    409,
    'case/look-back-own',
  );
  await refused(
    spared.give(evaluator, 'record-look-back', { ...(await seen(spared, evaluator)), ...failed }),
    422,
    'case/draw-unknown',
  );
  const outcome = await seen(one, evaluator);
  await invalid(
    one.give(evaluator, 'record-look-back', { ...outcome, draw: id, outcome: 'failed' }),
    'reasons',
  );
  await done(one.give(evaluator, 'record-look-back', { ...outcome, ...failed }));
  expect(await days.row(one)).toMatchObject({
    ...{ status: 'closed', lookBack: 'failed', heldBy: ['province-office'] },
    lookBackAnswerBy: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  });
  await refused(
    one.give(inspector, 'record-look-back', { ...(await seen(one, inspector)), ...failed }),
    409,
    'case/look-back-open',
  );

  // It is answered: not by a no of whoever approved it, and not by the county.
  const no = { reason: '已现场核实。' };
  await refused(one.give(provinceApprover, 'refuse-reopening', no), 409, 'case/refuser-own');
  await refused(spared.give(otherApprover, 'refuse-reopening', no), 409, 'case/look-back-missing');
  const reopening = { cause: 'false-rectification', reason: '回头看发现虚假整改。' };
  await refused(one.give(handler, 'reopen-case', reopening), 403, 'case/role');
  await done(one.give(inspector, 'reopen-case', reopening));
  expect(await days.row(one)).toMatchObject({
    ...{ status: 'rectifying', round: 2, reopened: 1, reopenCause: 'false-rectification', evidence: 0 },
    ...{ lookBack: null, lookBackAnswerBy: null, closedAt: null, heldBy: ['bronx-office'] },
  });
  expect(await days.figures()).toMatchObject({ reopened: 1, closed: 2, rectifying: 1 });

  // The second round is proven anew, and whoever vouched for the first has no word in it.
  const bare = { result: 'completed', measures: '已重做。', completedOn: on };
  await refused(one.give(handler, 'submit-rectification', bare), 409, 'case/evidence-missing');
  await done(one.submit());
  await done(one.give(reviewer, 'pass-review'));
  await refused(visit(one, verifier), 409, 'case/verifier-barred');
  await refused(
    one.give(secondVerifier, 'fail-verification', { reasons: shortcomings }),
    409,
    'case/verifier-barred',
  );
  await done(visit(one, freshVerifier));
  await refused(one.give(secondVerifier, 'confirm-verification'), 409, 'case/verifier-barred');
  await refused(one.give(freshVerifier, 'confirm-verification'), 409, 'case/second-verifier-same');
  await done(one.give(freshSecond, 'confirm-verification'));
  await refused(one.give(provinceApprover, 'approve-closure'), 409, 'case/approver-barred');
  await done(one.give(otherApprover, 'approve-closure'));
  await refused(one.give(provinceApprover, 'close-case'), 409, 'case/closer-barred');
  await done(one.give(otherApprover, 'close-case'));

  // It is closed again, and counted as reopened for good.
  expect(await days.row(one)).toMatchObject({ status: 'closed', round: 2, reopened: 1 });
  expect(await days.figures()).toMatchObject({ reopened: 1, closed: 3, rectifying: 0 });
});

test('a failed look-back may be refused, with reasons, by an approver who had no part in the case', async () => {
  const one = await closed();
  const failed = { ...(await seen(one, inspector)), outcome: 'failed', reasons: shortcomings };
  await done(one.give(inspector, 'record-look-back', failed));
  await done(one.give(otherApprover, 'refuse-reopening', { reason: '脱落处不在本问题范围内。' }));
  expect(await days.row(one)).toMatchObject({ status: 'closed', lookBackAnswerBy: null, heldBy: [] });
  await refused(one.give(otherApprover, 'refuse-reopening', { reason: '。' }), 409, 'case/look-back-missing');
});
