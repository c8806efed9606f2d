import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type AccessPage } from '../../../libs/contracts/access.js';
import { type Who } from '../../support/deployments.js';
import * as people from '../../support/people.js';
import { assignment, Journey, problem } from '../../support/people.js';
import { type Answer, type TestServer } from '../../support/server.js';
import { history, person, said, startChanged, went } from '../../support/stories.js';

const { registrar, dispatcher, handler, otherHandler, reviewer, verifier, inspector } = people;
const colleague: Who = ['bronx-colleague', 'bronx-office', 'handler'];
const evaluator: Who = ['city-evaluator', 'city-office', 'evaluator'];
const countyInspector: Who = ['bronx-inspector', 'bronx-office', 'inspector'];

let server: TestServer;
beforeAll(async () => {
  server = await startChanged(({ persons }) => {
    persons.push(person('bronx-colleague', '演示经办员辛', 'bronx-office', 'handler'));
    persons.push(person('city-evaluator', '演示评估员', 'city-office', 'evaluator'));
    persons.push(person('bronx-inspector', '演示督查员乙', 'bronx-office', 'inspector'));
  });
});
afterAll(() => server.stop());

const petitioner = { name: '演示赵某某', phone: '13800001234' };
const petition = problem({
  ...{ source: { code: 'PT', document: '访〔2026〕17号' }, petitioner, verbatim: '三层都在漏，没人管。' },
  description: '来信反映一栋楼三层渗漏、无人维修。',
});

async function reveal({ id }: Journey, who: Who, field: string, purpose: string): Promise<Answer> {
  const body = { revision: 0, field, purpose };
  return server.send(await server.token(...who), 'POST', `/api/v1/cases/${id}/reveal`, body);
}

test('a petition found to be partly true: the county mends what is so, and asks for the name only to call back', async () => {
  const one = new Journey(server);
  await went(one.register(petition));

  // The dispatcher is in a hurry, and one checker would be quicker than two.
  const assign = () => one.give(dispatcher, 'assign-case', assignment);
  const check = (...checkers: string[]) => one.give(dispatcher, 'start-fact-check', { checkers });
  expect(said(await assign())).toBe('409 case/facts-unestablished');
  expect(said(await check('city-evaluator'))).toBe('422 input/invalid');
  expect(said(await check('city-evaluator', 'bronx-handler'))).toBe('422 input/invalid');
  await went(check('city-evaluator', 'province-inspector'));
  expect(said(await assign())).toBe('409 case/facts-unestablished');

  const found = { substantiation: 'partial', findings: '仅顶层渗漏，其余两层完好。', photos: [] as string[] };
  const narrowed = { ...found, taskText: '修复顶层屋面渗漏。' };
  expect(said(await one.give(verifier, 'establish-facts', narrowed))).toBe('409 case/not-checker');
  const widened = { ...narrowed, substantiation: 'full' };
  expect((await one.give(evaluator, 'establish-facts', widened)).body.errors).toMatchObject([
    { field: 'taskText', rule: 'partial' },
  ]);
  narrowed.photos = [await one.upload(evaluator, 'the roof')];
  await went(one.give(evaluator, 'establish-facts', narrowed));
  expect(said(await one.give(inspector, 'establish-facts', found))).toBe('409 case/facts-established');

  await went(assign());
  await went(one.give(handler, 'accept-assignment'));
  expect((await one.get(handler)).body).toMatchObject({
    ...{ status: 'rectifying', substantiation: 'partial', taskText: '修复顶层屋面渗漏。' },
  });

  // What the county reads says neither who wrote nor in which words.
  const read = JSON.stringify([(await one.get(handler)).body, await history(one, handler)]);
  for (const secret of [petitioner.name, petitioner.phone, '没人管']) expect(read).not.toContain(secret);
  expect((await history(one, handler))[0]?.data).toMatchObject({
    petitioner: { name: { masked: '演**' }, phone: { masked: '138****1234' } },
    verbatim: { masked: '**' },
  });

  await went(one.give(handler, 'name-handler', { person: handler[0] }));
  const purpose = '电话约定入户时间';
  const asked = (who: Who) => reveal(one, who, 'petitioner.name', purpose);
  expect((await asked(handler)).body).toEqual({ text: petitioner.name });
  expect(said(await asked(colleague))).toBe('403 personal/denied');
  expect(said(await asked(reviewer))).toBe('403 personal/denied');
  expect(said(await asked(otherHandler))).toBe('404 case/unknown');
  expect(said(await reveal(one, handler, 'petitioner.name', '看看'))).toBe('422 input/invalid');

  const log = await server.send(await server.token(...people.auditor), 'GET', '/api/v1/access-log?limit=4');
  expect((log.body as unknown as AccessPage).entries).toMatchObject([
    { person: 'queens-handler', caseId: one.id, outcome: 'denied' },
    { person: 'bronx-reviewer', caseId: one.id, field: 'petitioner.name', outcome: 'denied' },
    { person: 'bronx-colleague', caseId: one.id, field: 'petitioner.name', outcome: 'denied' },
    { person: 'bronx-handler', caseId: one.id, field: 'petitioner.name', purpose, outcome: 'revealed' },
  ]);

  await went(one.submit());
  await went(one.give(reviewer, 'pass-review'));
  await went(one.verify());
  await went(one.give(people.cityApprover, 'close-case'));

  // Whether it is better is asked by somebody who had no part in it, and the answer stands beside the closure.
  const { today } = (await server.send(await server.token(...registrar), 'GET', '/api/v1/clock')).body;
  const answer = { resolved: 'partly', satisfied: 'neutral', lawful: true, channel: 'phone', on: today };
  const call = (who: Who) => one.give(who, 'record-callback', { ...answer, note: '屋面不漏了，墙还潮。' });
  expect(said(await call(handler))).toBe('403 case/role');
  expect(said(await call(countyInspector))).toBe('409 case/callback-own');
  await went(call(inspector));
  expect((await one.get(handler)).body).toMatchObject({ status: 'closed', callbacks: 1, callback: 'partly' });
  expect((await history(one)).at(-1)?.data).toMatchObject({ resolved: 'partly', note: { masked: '**' } });
});

test('a petition that is sent again under another key is the same petition, and a checker’s unit cannot be the lead', async () => {
  const one = new Journey(server);
  const body = problem({
    source: { code: 'PT', document: `访〔2026〕${randomUUID()}号`, line: '1' },
    petitioner,
  });
  await went(one.register(body));
  expect(said(await new Journey(server).register(body))).toBe('409 case/already-registered');

  const checkers = ['bronx-inspector', 'city-evaluator'];
  await went(one.give(dispatcher, 'start-fact-check', { checkers }));
  const found = { substantiation: 'basic', findings: '基本属实。', photos: [] };
  await went(one.give(evaluator, 'establish-facts', found));
  expect(said(await one.give(dispatcher, 'assign-case', assignment))).toBe('409 case/checker-of-lead');
});
