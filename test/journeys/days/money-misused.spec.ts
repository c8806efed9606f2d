import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Days, dayAfter, done, invalid, refused } from '../../support/days.js';
import { type Who } from '../../support/deployments.js';
import * as people from '../../support/people.js';
import { Journey, problem } from '../../support/people.js';
import { type Seed, startSeeded } from '../../support/seeded.js';
import { type TestServer } from '../../support/server.js';

const { auditor, cityApprover, dispatcher, handler, inspector, provinceApprover, registrar } = people;
const arbiter: Who = ['province-approver-2', 'province-office', 'approver'];
const desk: Who = ['province-registrar', 'province-office', 'registrar'];

/** Money misused: approved, made public, and not closed before the discipline organ has nothing against it. */
function misuse({ policy }: Seed): void {
  policy.categories['7'] = {
    title: '挤占挪用',
    madeGood: true,
    checklist: policy.categories['99']?.checklist ?? [],
  };
  const by = { level: 'province' };
  policy.routes.push({
    when: { categories: ['7'] },
    steps: ['approve', 'public-notice', 'discipline-position'].map((step) => ({ step, by })),
  });
}

let server: TestServer;
let days: Days;
beforeAll(async () => {
  server = await startSeeded([arbiter, desk], misuse);
  days = new Days(server);
});
afterAll(() => server.stop());

const notice = { place: '村务公开栏', text: '演示县挪用资金已全部追回。' };
const money = (fen: number, method = 'recovered') => ({ method, fen, voucher: `缴款书${fen}` });

test('money misused is recovered to the last fen, made public, held by the discipline organ, and closed', async () => {
  const one = await new Journey(server).to('rectifying', problem({ categories: ['7'], amountFen: 900_000 }));

  // What is put right is said in steps; what is left is computed, and never below nothing.
  await refused(one.give(handler, 'record-money', money(900_001)), 409, 'case/money-over');
  await refused(one.give(handler, 'record-money', money(1, 'promised')), 409, 'case/money-method');
  await refused(one.give(dispatcher, 'record-money', money(1)), 403, 'case/role');
  await invalid(one.give(handler, 'record-money', money(0)), 'fen');
  // A wrong entry is taken back, and no more than it.
  await refused(one.give(handler, 'record-money', money(-5)), 409, 'case/money-under');
  await done(one.give(handler, 'record-money', money(300_005)));
  await done(one.give(handler, 'record-money', money(-5)));
  await done(one.give(handler, 'record-money', money(599_999, 'returned-to-channel')));
  await refused(one.give(handler, 'record-money', money(2)), 409, 'case/money-over');
  const less = { amountFen: 899_998, reason: '复核。', document: '审计〔2026〕8号' };
  await refused(one.give(dispatcher, 'adjust-amount', less), 409, 'case/money-over');
  expect((await one.submit()).body).toMatchObject({ code: 'case/money-open', fen: 1 });
  await done(one.give(handler, 'record-money', money(1)));
  expect((await days.history(one)).at(-1)?.data).toMatchObject({ fen: 1, remainingFen: 0 });
  await refused(one.give(handler, 'record-money', money(1)), 409, 'case/money-over');
  expect(await days.row(one)).toMatchObject({ amountFen: 900_000, rectifiedFen: 900_000 });

  // It takes its road: no step before the one before it.
  await done(one.submit());
  await refused(one.give(people.verifier, 'confirm-verification'), 409, 'case/status');
  await done(one.give(people.reviewer, 'pass-review'));
  await done(one.verify());
  await refused(one.give(cityApprover, 'close-case'), 403, 'case/role');
  await refused(one.give(provinceApprover, 'start-public-notice', notice), 409, 'case/awaits-approve');
  await done(one.give(provinceApprover, 'approve-closure'));
  await refused(one.give(provinceApprover, 'close-case'), 409, 'case/awaits-public-notice');
  const objection = { by: 'public', text: '演示某甲仍未退款。', objector: { name: '演示某乙' } };
  await refused(one.give(registrar, 'raise-objection', objection), 409, 'case/notice-missing');
  await done(one.give(provinceApprover, 'start-public-notice', notice));
  const until = String((await days.row(one)).notice);
  expect(until > (await days.today())).toBe(true);

  // While it runs nothing is closed; whoever is outside objects, and who approved does not rule on it.
  await refused(one.give(provinceApprover, 'start-public-notice', notice), 409, 'case/flag-noticeRunning');
  await refused(one.give(provinceApprover, 'close-case'), 409, 'case/flag-noticeRunning');
  const position = { position: 'no-objection', reason: '未发现违纪线索。' };
  await refused(one.give(inspector, 'state-discipline-position', position), 409, 'case/flag-noticeRunning');
  await invalid(one.give(registrar, 'raise-objection', { ...objection, by: 'inspector' }), 'by');
  await done(one.give(registrar, 'raise-objection', objection));
  expect(await days.row(one)).toMatchObject({ objections: 1, flags: ['noticeRunning', 'objectionOpen'] });
  expect(JSON.stringify(await days.history(one))).not.toContain('演示某乙');
  const dismissal = { objection: 1, reason: '已向异议人出示退款凭证。' };
  await refused(one.give(provinceApprover, 'dismiss-objection', dismissal), 409, 'case/arbiter-approved');
  await refused(one.give(cityApprover, 'dismiss-objection', dismissal), 403, 'case/role');
  await refused(
    one.give(arbiter, 'dismiss-objection', { ...dismissal, objection: 2 }),
    409,
    'case/objection-missing',
  );

  // Its days go by; it does not end while somebody waits for an answer.
  await days.on(dayAfter(until, 1));
  await days.row(one);
  await refused(one.give(provinceApprover, 'close-case'), 409, 'case/flag-noticeRunning');
  expect((await days.history(one)).map(({ type }) => type)).not.toContain('PublicNoticeEnded');
  await done(one.give(arbiter, 'dismiss-objection', dismissal));
  await days.later(1);
  const ended = await days.happened(one, 'PublicNoticeEnded');
  expect(ended.actor).toMatchObject({ role: 'clock', via: 'clock' });

  // The discipline organ is asked: silence passes nothing, a hold stops it, and may be taken back.
  await refused(one.give(provinceApprover, 'close-case'), 409, 'case/awaits-discipline-position');
  await refused(one.give(dispatcher, 'state-discipline-position', position), 403, 'case/role');
  const hold = { position: 'hold', reason: '线索正在核查。' };
  await done(one.give(inspector, 'state-discipline-position', hold));
  expect(await days.row(one)).toMatchObject({ disciplinePosition: 'hold', status: 'verified' });
  await refused(one.give(provinceApprover, 'close-case'), 409, 'case/discipline-hold');
  await done(one.give(inspector, 'state-discipline-position', position));
  await done(one.give(provinceApprover, 'close-case'));
  expect(await days.row(one)).toMatchObject({ status: 'closed', duties: {}, flags: [] });
});

test('who was held to account is counted, and named to nobody in clear', async () => {
  const one = await new Journey(server).to('rectifying', problem({ categories: ['7'], amountFen: 100 }));
  const name = '演示丙某';
  const person = { actions: ['warning'], rank: 'section', name, unit: '演示局', on: await days.today() };
  const account = (changes: object) =>
    one.give(inspector, 'record-accountability', { persons: [{ ...person, ...changes }] });
  await refused(one.give(dispatcher, 'record-accountability', { persons: [person] }), 403, 'case/role');
  await invalid(account({ actions: ['frown'] }), 'persons.0.actions.0');
  await invalid(account({ rank: 'king' }), 'persons.0.rank');
  await invalid(account({ on: dayAfter(person.on, 1) }), 'persons.0.on');
  await done(account({}));
  expect(await days.row(one)).toMatchObject({ accountability: 1 });
  for (const who of [inspector, dispatcher, auditor]) {
    const past = await days.history(one, who);
    expect(past.at(-1)).toMatchObject({ type: 'AccountabilityRecorded' });
    expect(JSON.stringify([past, await days.row(one, who)])).not.toContain(name);
  }
});

test('a clue for the discipline organ leaves no trace in the case, its history, the ledger or the figures', async () => {
  const one = await new Journey(server).to('rectifying', problem({ categories: ['7'], amountFen: 100 }));
  const all = async () => [
    await days.row(one),
    await days.history(one),
    (await days.send(inspector, 'GET', 'cases')).body,
    await days.figures(),
  ];
  const before = await all();
  const clue = { case: one.id, to: '省纪委监委', text: '演示线索', persons: [{ name: '演示丁某' }] };
  await refused(days.send(dispatcher, 'POST', 'referrals', clue), 403, 'auth/forbidden');
  const { body } = await done(days.send(inspector, 'POST', 'referrals', clue));
  const { referral } = body as unknown as { referral: string };
  const answer = { outcome: 'accepted', document: '立案〔2026〕3号' };
  await done(days.send(inspector, 'POST', `referrals/${referral}/answer-referral`, answer));
  await refused(
    days.send(inspector, 'POST', `referrals/${referral}/answer-referral`, answer),
    409,
    'referral/answered',
  );
  expect(await all()).toEqual(before);
  for (const who of [dispatcher, auditor, provinceApprover]) {
    await refused(days.send(who, 'GET', `referrals/${referral}`), 403, 'auth/forbidden');
  }
});
