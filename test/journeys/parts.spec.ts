import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as people from '../support/people.js';
import { assignment, Journey } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

type Who = Parameters<Journey['get']>[0];
const town: Who = ['mott-haven-handler-1', 'mott-haven-office', 'handler'];
const townColleague: Who = ['mott-haven-handler-2', 'mott-haven-office', 'handler'];
const { handler, otherHandler, reviewer, registrar, dispatcher, inspector } = people;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A day before any case of these is due. */
const soon = (): string => new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);

/** A case that a county has accepted, with a unit of another county to help. */
async function shared(): Promise<Journey> {
  const one = await new Journey(server).to('registered');
  await one.give(dispatcher, 'assign-case', { ...assignment, coUnits: ['queens-office'] });
  await one.give(handler, 'accept-assignment');
  return one;
}

async function listed(who: Who): Promise<string[]> {
  const { body } = await server.send(await server.token(...who), 'GET', '/api/v1/cases');
  return (body as unknown as { rows: { id: string }[] }).rows.map(({ id }) => id);
}

describe('a county that shares out a case', () => {
  test('to a town and a co-unit hands it in when both are done, and not before', async () => {
    const one = await shared();
    const done = async (who: Who, command: string, body: object) => {
      const answer = await one.give(who, command, body);
      return [command, answer.status, answer.body.code];
    };
    const share = { duty: '修复本辖区外墙。', dueOn: soon() };
    const toTown = { ...share, unit: 'mott-haven-office' };
    const toQueens = { ...share, unit: 'queens-office' };
    expect(await done(handler, 'assign-part', toTown)).toEqual(['assign-part', 200, undefined]);
    expect(await done(handler, 'assign-part', toQueens)).toEqual(['assign-part', 200, undefined]);
    const refused = await one.give(handler, 'assign-part', { ...share, unit: 'brooklyn-office' });
    expect([refused.status, refused.body.code]).toEqual([409, 'case/part-unit']);

    // The town accepts; the co-unit gives its part back, and the town takes that over as well.
    await one.give(town, 'accept-part', { part: 1 });
    expect((await one.give(town, 'accept-part', { part: 2 })).body.code).toBe('case/role');
    await one.give(otherHandler, 'return-part', { part: 2, reason: '缺少材料。' });
    expect((await one.get(inspector)).body).toMatchObject({ parts: 2, partsPassed: 0 });
    await one.give(handler, 'assign-part', { ...toTown, part: 2 });
    await one.give(townColleague, 'accept-part', { part: 2 });

    const receipt = await one.upload(town, 'the town’s wall');
    await one.give(town, 'submit-part', { part: 1, result: '外墙已修复。', receipts: [receipt] });
    await one.give(townColleague, 'submit-part', { part: 2, result: '外墙已修复。' });
    await one.give(handler, 'reject-part', { part: 2, reason: '未见照片。' });
    await one.give(townColleague, 'submit-part', { part: 2, result: '照片已补。' });
    await one.give(reviewer, 'pass-part', { part: 1 });

    expect((await one.submit()).body.code).toBe('case/parts-open');
    await one.give(handler, 'pass-part', { part: 2 });
    expect((await one.get(inspector)).body).toMatchObject({ parts: 2, partsPassed: 2, status: 'rectifying' });
    const body = { result: 'completed', measures: '已修复。', completedOn: '2026-01-20' };
    expect((await one.give(handler, 'submit-rectification', body)).status).toBe(200);
  });

  test('shows it to who has a part of it, and only as long', async () => {
    const one = await new Journey(server).to('rectifying');
    const seenBy = async (who: Who) => {
      await one.get(inspector);
      return [(await one.get(who)).status, (await listed(who)).includes(one.id)];
    };
    expect(await seenBy(otherHandler)).toEqual([404, false]);
    await one.give(dispatcher, 'change-co-units', { coUnits: ['queens-office'], reason: '请协助。' });
    await one.give(handler, 'assign-part', { unit: 'queens-office', duty: '修复外墙。', dueOn: soon() });
    const none = { coUnits: [], reason: '不再协助。' };
    expect((await one.give(dispatcher, 'change-co-units', none)).body.code).toBe('case/co-unit-part');
    await one.give(otherHandler, 'accept-part', { part: 1 });
    await one.give(otherHandler, 'submit-part', { part: 1, result: '已修复。' });
    await one.give(handler, 'pass-part', { part: 1 });
    expect((await one.give(dispatcher, 'change-co-units', none)).status).toBe(200);
    expect(await seenBy(otherHandler)).toEqual([200, true]);

    const toBrooklyn = { leads: ['brooklyn-office'], coUnits: [], reason: '职能划转。' };
    expect((await one.give(dispatcher, 'reassign-case', toBrooklyn)).status).toBe(200);
    expect(await seenBy(otherHandler)).toEqual([404, false]);
    expect((await one.get(inspector)).body).toMatchObject({ status: 'assigned', leads: ['brooklyn-office'] });
  });
});

describe('a disputed finding', () => {
  test('is amended by who found it; until then nothing is handed in', async () => {
    const one = await shared();
    const receipts = [await one.upload(handler, 'three households, not four')];
    expect((await one.give(handler, 'dispute-finding', { grounds: '户数不符。', receipts })).status).toBe(
      200,
    );
    expect((await one.get(inspector)).body).toMatchObject({ flags: ['findingDisputed'] });
    expect((await one.submit()).body.code).toBe('case/flag-findingDisputed');

    const amended = {
      reason: '现场复核。',
      householdCount: 3,
      severity: 'serious',
      taskText: '修复三户外墙。',
    };
    expect((await one.give(inspector, 'amend-finding', amended)).body.code).toBe('case/role');
    expect((await one.give(registrar, 'amend-finding', amended)).status).toBe(200);
    expect((await one.get(inspector)).body).toMatchObject({
      ...{ flags: [], householdCount: 3, severity: 'serious', taskText: '修复三户外墙。' },
    });
    expect((await one.give(handler, 'dispute-finding', { grounds: '仍不符。' })).body.code).toBe(
      'case/dispute-ruled',
    );
    await one.give(handler, 'name-handler', { person: handler[0] });
    expect((await one.get(inspector)).body).toMatchObject({ handler: handler[0] });
    const body = { result: 'completed', measures: '已修复。', completedOn: '2026-01-20' };
    expect((await one.give(handler, 'submit-rectification', body)).status).toBe(200);
  });
});
