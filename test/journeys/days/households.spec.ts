import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type LedgerRow } from '../../../libs/contracts/ledger.js';
import { partId } from '../../../libs/eventing/ids.js';
import { type Who } from '../../support/deployments.js';
import * as people from '../../support/people.js';
import { Journey, problem } from '../../support/people.js';
import { type Answer, type TestServer } from '../../support/server.js';
import { figures, history, said, startChanged, went } from '../../support/stories.js';

const {
  registrar,
  dispatcher,
  handler,
  reviewer,
  verifier,
  secondVerifier,
  cityApprover,
  provinceApprover,
  inspector,
} = people;
const queens = {
  handler: ['queens-handler', 'queens-office', 'handler'] as Who,
  reviewer: ['queens-reviewer', 'queens-office', 'reviewer'] as Who,
};
const HOUSEHOLDS = 31;

let server: TestServer;
beforeAll(async () => {
  server = await startChanged(({ policy }) => {
    policy.categories.roofs = {
      title: '危房屋面',
      checklist: [
        { id: 'roof-photo', title: '每户修缮后照片', each: true },
        { id: 'result', title: '整改结果说明' },
      ],
    };
  });
});
afterAll(() => server.stop());

interface County {
  handler: Who;
  reviewer: Who;
}

const household = (n: number, division: string): object => ({
  ...{ id: `h${String(n).padStart(2, '0')}`, kind: 'household', household: `hh-${n}`, division },
  ...{ label: `第${n}户`, holder: { name: `演示户主${n}` } },
});

const rowOf = async (one: Journey): Promise<LedgerRow> =>
  (await one.get(inspector)).body as unknown as LedgerRow;

/** A part is there as soon as it was carried over. */
async function part(whole: Journey, n: number): Promise<Journey> {
  const id = partId(whole.id, n);
  const token = await server.token(...inspector);
  for (let look = 0; look < 400; look++) {
    const { status } = await server.send(token, 'GET', `/api/v1/cases/${id}`);
    if (status === 200) return Object.assign(new Journey(server), { id, revision: 0, receipt: `${id}@0` });
    await pause(25);
  }
  throw new Error(`part ${n} has not come`);
}

const rectify = (one: Journey, who: Who, item: string): Promise<Answer> =>
  one.give(who, 'rectify-item', { item, measures: '更换屋面。', completedOn: '2026-01-20' });

async function attach(one: Journey, who: Who, slot: string, item?: string): Promise<Answer> {
  const receipt = await one.upload(who, `${one.id} ${slot} ${item ?? ''} ${randomUUID()}`);
  return one.give(who, 'attach-evidence', { slot, receipt, ...(item !== undefined && { item }) });
}

const submit = (one: Journey, { handler }: County): Promise<Answer> =>
  one.give(handler, 'submit-rectification', {
    ...{ result: 'completed', measures: '逐户修缮。', completedOn: '2026-01-20' },
  });

async function visit(one: Journey, checked?: readonly string[]): Promise<Answer> {
  const photos = [await one.upload(verifier, `${one.id} visit ${randomUUID()}`)];
  const seen = { method: 'on-site', place: '各户', visitedOn: '2026-01-22', findings: '已修缮。', photos };
  return one.give(verifier, 'record-verification', { ...seen, ...(checked && { checked }) });
}

const drawnIn = ({ body }: Answer): string[] => (body as unknown as { items: string[] }).items;

test('thirty-one households of two counties: each is settled, some are visited, one failure has all of them visited', async () => {
  const whole = new Journey(server);
  const { all: before } = await figures(server);
  const found = { categories: ['roofs'], householdCount: HOUSEHOLDS, divisions: ['bronx', 'queens'] };
  await went(whole.register(problem({ ...found, amountFen: 3_100_000 })));

  // Two counties, two cases: whatever does not add up to the whole is refused.
  const split = (north: object, south: object) =>
    whole.give(registrar, 'split-case', {
      parts: [
        { weight: 645, divisions: ['bronx'], householdCount: 20, amountFen: 2_000_000, ...north },
        { weight: 355, divisions: ['queens'], householdCount: 11, amountFen: 1_100_000, ...south },
      ],
      reason: '分属两县。',
    });
  expect((await split({ weight: 646 }, {})).body).toMatchObject({ code: 'case/weights-unequal', sum: 1001 });
  expect(said(await split({}, { amountFen: 1_000_000 }))).toBe('409 case/amounts-unequal');
  expect((await split({ divisions: ['queens'] }, {})).body.errors).toMatchObject([
    { rule: 'every-division' },
  ]);
  await went(split({}, {}));
  const bronx = { one: await part(whole, 0), handler, reviewer };
  const south = { one: await part(whole, 1), ...queens };
  expect(await rowOf(whole)).toMatchObject({ status: 'split', weight: 0, amountFen: 0 });

  const counties = [
    { ...bronx, division: 'bronx', lead: 'bronx-office', from: 1, count: 20 },
    { ...south, division: 'queens', lead: 'queens-office', from: 21, count: 11 },
  ];
  for (const { one, handler, division, lead, from, count } of counties) {
    const items = Array.from({ length: count }, (_, n) => household(from + n, division));
    await went(one.give(registrar, 'list-items', { items }));
    expect((await one.give(registrar, 'list-items', { items })).body.errors?.[0]?.field).toBe('items.0.id');
    const body = { leads: [lead], coUnits: [], requirement: '逐户修缮并留存照片。' };
    await went(one.give(dispatcher, 'assign-case', body));
    await went(one.give(handler, 'accept-assignment'));
  }
  const stranger = { items: [household(99, 'queens')] };
  expect((await bronx.one.give(handler, 'list-items', stranger)).body.errors).toMatchObject([
    { field: 'items.0.division', rule: 'of-case' },
  ]);
  const named = JSON.stringify(await history(bronx.one, handler));
  expect(named).toContain('演**');
  expect(named).not.toContain('演示户主');

  await settleBronx(bronx.one);
  await examineBronx(bronx.one);

  // The other county has fewer, none of them excepted, and nothing to hide.
  const theirs = Array.from({ length: 11 }, (_, n) => `h${21 + n}`);
  expect(said(await rectify(south.one, handler, 'h21'))).toBe('404 case/unknown');
  for (const item of theirs) {
    await went(rectify(south.one, south.handler, item));
    await went(attach(south.one, south.handler, 'roof-photo', item));
  }
  await went(attach(south.one, south.handler, 'result'));
  await went(submit(south.one, south));
  await went(south.one.give(south.reviewer, 'pass-review'));
  const lots = drawnIn(await visit(south.one));
  expect(lots).toHaveLength(10);
  await went(visit(south.one, lots));
  await went(south.one.give(secondVerifier, 'confirm-verification'));
  await went(south.one.give(cityApprover, 'close-case'));

  // What was one problem is one problem in the figures, with all its households and all its money.
  const rows = [await rowOf(bronx.one), await rowOf(south.one)];
  expect(rows).toMatchObject([
    { status: 'closed', items: 20, itemsSettled: 20, parent: whole.id },
    { status: 'closed', items: 11, itemsSettled: 11, parent: whole.id },
  ]);
  const sum = (of: 'weight' | 'amountFen' | 'householdCount' | 'items') =>
    rows.reduce((total, row) => total + (row[of] ?? 0), 0);
  expect([sum('weight'), sum('amountFen'), sum('householdCount'), sum('items')]).toEqual([
    ...[1000, 3_100_000, HOUSEHOLDS, HOUSEHOLDS],
  ]);
  const after = await figures(server);
  expect(after.all?.weight).toBe((before?.weight ?? 0) + 1000);
  expect(after.closed).toMatchObject({ cases: 2, weight: 1000 });
  expect(after.split).toMatchObject({ cases: 1, weight: 0 });
});

const ours = Array.from({ length: 20 }, (_, n) => `h${String(n + 1).padStart(2, '0')}`);
const county: County = { handler, reviewer };

/** Nineteen are mended, each with its photo; in one nobody lives any more. */
async function settleBronx(one: Journey): Promise<void> {
  expect((await submit(one, county)).body).toMatchObject({ code: 'case/items-open', items: ours });
  expect(said(await rectify(one, handler, 'h99'))).toBe('422 case/item-unknown');
  expect(said(await rectify(one, reviewer, 'h01'))).toBe('403 case/role');
  for (const item of ours.slice(0, -1)) await went(rectify(one, handler, item));
  const gone = { item: 'h20', ground: '已拆除安置', reason: '房屋已拆除，户主已安置。' };
  expect(said(await one.give(handler, 'except-item', { ...gone, ground: ' ' }))).toBe('422 input/invalid');
  expect((await submit(one, county)).body).toMatchObject({ code: 'case/items-open', items: ['h20'] });
  await went(one.give(handler, 'except-item', gone));
  expect(await rowOf(one)).toMatchObject({ items: 20, itemsSettled: 20 });

  // One photo for all of them would be quicker.
  expect((await attach(one, handler, 'roof-photo')).body.errors).toMatchObject([{ field: 'item' }]);
  expect((await attach(one, handler, 'result', 'h01')).body.errors).toMatchObject([{ field: 'item' }]);
  for (const item of ours.slice(0, -2)) await went(attach(one, handler, 'roof-photo', item));
  await went(attach(one, handler, 'result'));
  expect((await submit(one, county)).body).toMatchObject({
    ...{ code: 'case/evidence-missing', slots: ['roof-photo'], items: ['h19'] },
  });
  await went(attach(one, handler, 'roof-photo', 'h19'));
  await went(submit(one, county));
  await went(one.give(reviewer, 'pass-review'));
}

/** Ten are drawn; one of them turns out to leak: the next time it is all of them. */
async function examineBronx(one: Journey): Promise<void> {
  const lots = drawnIn(await visit(one));
  expect(lots).toHaveLength(10);
  const others = ours.filter((id) => !lots.includes(id));
  expect(said(await visit(one, others))).toBe('409 case/sample-missing');
  expect(said(await visit(one, lots.slice(1)))).toBe('409 case/sample-missing');
  expect((await visit(one, [...lots, 'h99'])).body.errors).toMatchObject([{ field: 'checked.10' }]);
  const leaks = { reasons: [{ slot: 'roof-photo', reason: '雨后仍漏。' }], failed: lots.slice(0, 1) };
  expect(said(await one.give(handler, 'fail-verification', leaks))).toBe('403 case/role');
  await went(one.give(verifier, 'fail-verification', leaks));
  expect(await rowOf(one)).toMatchObject({
    ...{ status: 'rectifying', verification: 'failed', items: 20, itemsSettled: 19 },
  });
  expect((await submit(one, county)).body).toMatchObject({
    ...{ code: 'case/items-open', items: lots.slice(0, 1) },
  });
  expect((await history(one)).at(-1)?.data).toMatchObject({ failed: lots.slice(0, 1) });

  await went(rectify(one, handler, lots[0] ?? ''));
  await went(attach(one, handler, 'roof-photo', lots[0]));
  await went(submit(one, county));
  await went(one.give(reviewer, 'pass-review'));
  const again = await visit(one, lots);
  expect([said(again), drawnIn(again)]).toEqual(['409 case/sample-missing', ours]);
  await went(visit(one, ours));
  await went(one.give(secondVerifier, 'confirm-verification'));
  const recorded = (await history(one)).filter(({ type }) => type === 'VerificationRecorded');
  expect(recorded.map(({ data }) => data.sample)).toMatchObject([{ drawn: ours, checked: 20 }]);
  await went(one.give(cityApprover, 'close-case'));
}

test('the same of two counties together: a grave one is visited in all its households, and no county goes alone', async () => {
  const one = new Journey(server);
  const found = { categories: ['roofs'], severity: 'serious', divisions: ['bronx', 'queens'] };
  await went(one.register(problem(found)));
  const all = Array.from({ length: HOUSEHOLDS }, (_, n) => household(n + 1, n < 20 ? 'bronx' : 'queens'));
  await went(one.give(dispatcher, 'list-items', { items: all }));
  const joint = { leads: ['bronx-office', 'queens-office'], requirement: '逐户修缮并留存照片。' };
  expect(
    (await one.give(dispatcher, 'assign-case', { ...joint, coUnits: ['queens-office'] })).body.errors,
  ).toEqual([expect.objectContaining({ field: 'coUnits.0' })]);
  await went(one.give(dispatcher, 'assign-case', { ...joint, coUnits: [] }));
  await went(one.give(handler, 'accept-assignment'));

  const ids = all.map((item) => (item as { id: string }).id);
  for (const [n, item] of ids.entries()) {
    const who = n < 20 ? handler : queens.handler;
    await went(rectify(one, who, item));
    await went(attach(one, who, 'roof-photo', item));
    if (n === 19) expect((await submit(one, county)).body).toMatchObject({ items: ids.slice(20) });
  }
  await went(attach(one, queens.handler, 'result'));
  await went(submit(one, county));
  expect(said(await one.give(queens.reviewer, 'pass-review'))).toBe('403 case/role');
  await went(one.give(reviewer, 'pass-review'));

  const some = await visit(one, ids.slice(0, 10));
  expect([said(some), drawnIn(some)]).toEqual(['409 case/sample-missing', ids]);
  await went(visit(one, ids));
  await went(one.give(secondVerifier, 'confirm-verification'));
  expect(said(await one.give(cityApprover, 'close-case'))).toBe('403 case/role');
  expect(said(await one.give(provinceApprover, 'close-case'))).toBe('409 case/awaits-approve');
  await went(one.give(provinceApprover, 'approve-closure'));
  await went(one.give(provinceApprover, 'close-case'));
  expect(await rowOf(one)).toMatchObject({ status: 'closed', items: HOUSEHOLDS, itemsSettled: HOUSEHOLDS });
});
