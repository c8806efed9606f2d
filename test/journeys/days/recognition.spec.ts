import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Who } from '../../support/deployments.js';
import * as people from '../../support/people.js';
import { Journey, problem } from '../../support/people.js';
import { type TestServer } from '../../support/server.js';
import {
  dayAfter,
  figures,
  history,
  moveOn,
  person,
  said,
  startChanged,
  went,
} from '../../support/stories.js';

const { registrar, handler, reviewer, inspector, provinceApprover } = people;
const auditOffice: Who = ['audit-registrar', 'audit-office', 'registrar'];
/** What a body of the province found is not assigned by a city. */
const dispatcher: Who = ['province-dispatcher', 'province-office', 'dispatcher'];

let server: TestServer;
beforeAll(async () => {
  server = await startChanged(({ units, persons, policy }) => {
    units.push({ id: 'audit-office', name: '演示省审计厅', division: 'demo-province' });
    persons.push(person('audit-registrar', '演示登记员乙', 'audit-office', 'registrar'));
    persons.push(person('province-dispatcher', '演示交办员乙', 'province-office', 'dispatcher'));
    policy.routes.push({
      when: { sources: ['AU'] },
      steps: [
        { step: 'approve', by: { level: 'province' } },
        { step: 'recognition', by: 'finder' },
      ],
    });
  });
});
afterAll(() => server.stop());

const audited = (): object => problem({ source: { code: 'AU', document: `审〔2026〕${randomUUID()}号` } });
const record = async (body: object): Promise<void> => {
  const headers = { 'Idempotency-Key': randomUUID() };
  const path = `/api/v1/register/sources/${randomUUID()}/record-source`;
  await went(server.send(await server.token(...registrar), 'POST', path, body, headers));
};
const recognised = { result: 'recognised', document: '审函〔2026〕5号', on: '2026-01-30' };
const refused = { result: 'not-recognised', document: '审函〔2026〕6号', on: '2026-01-30' };
const reasons = [{ slot: 'result', reason: '未见资金归还凭证。' }];

/** Entered by the audit office, and mended and verified as any other. */
async function verified(): Promise<Journey> {
  const one = new Journey(server);
  await went(one.register(audited(), auditOffice));
  await went(one.give(dispatcher, 'assign-case', people.assignment));
  await went(one.give(handler, 'accept-assignment'));
  await examined(one);
  return one;
}

async function examined(one: Journey): Promise<void> {
  await went(one.submit());
  await went(one.give(reviewer, 'pass-review'));
  await went(one.verify());
}

test('what the audit found is struck off when the audit says so, and not when the province does', async () => {
  const one = await verified();
  const before = (await figures(server)).closed?.cases;
  expect(said(await one.give(auditOffice, 'record-recognition', recognised))).toBe('409 case/awaits-approve');
  await went(one.give(provinceApprover, 'approve-closure'));

  // Done, and waiting for the source: in no figure of what is closed.
  expect((await one.get(inspector)).body).toMatchObject({
    ...{ status: 'verified', flags: ['awaitingRecognition'], heldBy: ['audit-office'] },
    ...{ recognition: null, closedAt: null, closureNumber: null },
  });
  expect((await figures(server)).closed?.cases).toBe(before);
  expect(said(await one.give(provinceApprover, 'close-case'))).toBe('409 case/flag-awaitingRecognition');

  // Nobody says it for the audit office, nor before its letter is written.
  for (const who of [registrar, dispatcher]) {
    expect(said(await one.give(who, 'record-recognition', recognised))).toBe('403 case/role');
  }
  const ahead = await one.give(auditOffice, 'record-recognition', { ...recognised, on: '2190-01-01' });
  expect(ahead.body.errors).toMatchObject([{ field: 'on', rule: 'not-ahead' }]);
  const doubtful = await one.give(auditOffice, 'record-recognition', { ...recognised, reasons });
  expect(doubtful.body.errors).toMatchObject([{ field: 'reasons', rule: 'of-refusal' }]);
  await went(one.give(auditOffice, 'record-recognition', recognised));
  expect(said(await one.give(auditOffice, 'record-recognition', recognised))).toBe('409 case/step-done');

  expect((await one.get(inspector)).body).toMatchObject({
    ...{ status: 'verified', flags: [], recognition: 'recognised', heldBy: ['province-office'] },
  });
  await went(one.give(provinceApprover, 'close-case'));
  expect((await one.get(auditOffice)).body).toMatchObject({ status: 'closed', recognition: 'recognised' });
  expect((await figures(server)).closed?.cases).toBe((before ?? 0) + 1);
});

test('what the audit does not recognise goes back to the county with its reasons, and all is examined again', async () => {
  const one = await verified();
  await went(one.give(provinceApprover, 'approve-closure'));
  const silent = await one.give(auditOffice, 'record-recognition', refused);
  expect(silent.body.errors).toMatchObject([{ field: 'reasons', rule: 'of-refusal' }]);
  const unknown = { ...refused, reasons: [{ slot: 'money', reason: '未归还。' }] };
  expect(said(await one.give(auditOffice, 'record-recognition', unknown))).toBe('422 case/slot-unknown');
  await went(one.give(auditOffice, 'record-recognition', { ...refused, reasons }));

  expect((await one.get(handler)).body).toMatchObject({
    ...{ status: 'rectifying', flags: [], recognition: 'not-recognised', heldBy: ['bronx-office'] },
  });
  expect((await history(one)).at(-1)?.data).toMatchObject({ reasons, document: refused.document });
  expect(said(await one.give(provinceApprover, 'close-case'))).toBe('409 case/status');

  await examined(one);
  expect((await one.get(inspector)).body).toMatchObject({ status: 'verified', recognition: null });
  expect(said(await one.give(auditOffice, 'record-recognition', recognised))).toBe('409 case/awaits-approve');
  await went(one.give(provinceApprover, 'approve-closure'));
  await went(one.give(auditOffice, 'record-recognition', recognised));
  await went(one.give(provinceApprover, 'close-case'));
  expect((await one.get(inspector)).body).toMatchObject({ status: 'closed', round: 1 });
});

test('a letter that is recorded sets the day of its problems, and names who recognises what becomes of them', async () => {
  const number = `审〔2026〕${randomUUID()}号`;
  const letter = { code: 'AU', number, issuer: '演示省审计厅', date: '2026-01-02', lines: 1 };
  const dueOn = dayAfter(await moveOn(server, 0.01), 4);
  await record({ ...letter, dueOn, recogniser: '演示省审计厅', recogniserUnit: 'audit-office' });
  const one = new Journey(server);
  // The city enters what the letter of the audit says.
  await went(one.register(problem({ source: { code: 'AU', document: number } })));
  expect((await one.get(inspector)).body).toMatchObject({ sourceDueOn: dueOn });
  await went(one.give(dispatcher, 'assign-case', people.assignment));
  expect((await one.get(inspector)).body).toMatchObject({ dueOn });
  await went(one.give(handler, 'accept-assignment'));
  await examined(one);
  await went(one.give(provinceApprover, 'approve-closure'));
  expect(said(await one.give(registrar, 'record-recognition', recognised))).toBe('403 case/role');
  await went(one.give(auditOffice, 'record-recognition', recognised));
  await went(one.give(provinceApprover, 'close-case'));
});
