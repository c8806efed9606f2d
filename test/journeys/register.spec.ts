import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Role } from '../../libs/contracts/roles.js';
import * as people from '../support/people.js';
import { assignment, Journey } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

type Who = readonly [person: string, unit: string, role: Role];
const security = people.securityAdmin;
const newcomer: Who = ['newcomer', 'bronx-office', 'handler'];
const heir: Who = ['heir', 'bronx-bureau', 'handler'];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const today = '2026-01-01';
const always = '2099-12-31';

async function say(who: Who, path: string, body: object): Promise<Answer> {
  const token = await server.token(...who);
  const headers = { 'Idempotency-Key': randomUUID() };
  return server.send(token, 'POST', `/api/v1/register/${path}`, body, headers);
}

async function ask(who: Who, path: string): Promise<Answer> {
  return server.send(await server.token(...who), 'GET', `/api/v1/register/${path}`);
}

const said = async (who: Who, path: string, body: object): Promise<void> => {
  const { status, body: answer } = await say(who, path, body);
  expect([path, status, answer.code]).toEqual([path, 200, undefined]);
};

test('who is appointed acts, who is on leave does not, a delegate does, and a successor goes on', async () => {
  const [person, unit, role] = newcomer;
  const one = await new Journey(server).to('assigned');
  expect((await one.give(newcomer, 'accept-assignment')).body.code).toBe('auth/invalid');

  await said(security, `persons/${person}/enter-person`, { name: '演示新人', from: today });
  await said(security, `persons/${person}/appoint-person`, { unit, role, from: today });
  expect((await one.give(newcomer, 'accept-assignment')).status).toBe(200);

  await said(security, `persons/${person}/take-leave`, { from: today, until: always });
  expect((await one.give(newcomer, 'report-progress', { text: '已开工。' })).body.code).toBe('case/on-leave');
  expect((await one.get(newcomer)).status).toBe(200);

  const delegate: Who = ['queens-handler', unit, role];
  const lent = { to: delegate[0], unit, role, from: today, until: always };
  expect((await one.give(delegate, 'report-progress', { text: '已开工。' })).body.code).toBe('auth/invalid');
  await said(security, `persons/${person}/give-delegation`, lent);
  expect((await one.give(delegate, 'report-progress', { text: '已开工。' })).status).toBe(200);
  const { body } = await one.get(people.inspector, '/history');
  const { events } = body as unknown as { events: { actor: { person: string; onBehalfOf?: string } }[] };
  expect(events.at(-1)?.actor).toMatchObject({ person: delegate[0], onBehalfOf: person });

  const bureau = { name: '布朗克斯县住房局', division: 'bronx', parent: 'city-office', from: today };
  await said(people.operator, 'units/bronx-bureau/open-unit', bureau);
  await said(security, `persons/${heir[0]}/enter-person`, { name: '演示继任', from: today });
  await said(security, `persons/${heir[0]}/appoint-person`, { unit: heir[1], role: heir[2], from: today });
  await said(people.operator, `units/${unit}/abolish-unit`, { successor: 'bronx-bureau', from: today });
  expect((await one.give(delegate, 'report-progress', { text: '继续。' })).body.code).toBe('auth/invalid');
  expect((await one.give(heir, 'report-progress', { text: '继续。' })).status).toBe(200);
  expect((await one.get(heir)).body).toMatchObject({
    progress: '继续。',
    leads: (assignment as { leads: string[] }).leads,
  });
});

test('one human is one person, whatever the second entry is called; the number is shown to nobody', async () => {
  const entry = { name: '演示同名', identityNumber: '43010219900307123X', from: today };
  await said(security, 'persons/once/enter-person', entry);
  const twice = { ...entry, name: '演示化名', identityNumber: '430102 19900307 123x' };
  const { status, body } = await say(security, 'persons/twice/enter-person', twice);
  expect([status, body]).toMatchObject([409, { code: 'register/already-entered', person: 'once' }]);
  expect((await ask(security, 'persons/twice')).body.code).toBe('register/unknown');
  expect(JSON.stringify((await ask(security, 'persons/once')).body)).not.toContain('430102');
});

test('names are told to administrators and to the own unit, lists come in pages', async () => {
  const name = async (who: Who): Promise<unknown> => (await ask(who, 'persons/city-registrar')).body.name;
  expect(await name(security)).toBe('演示登记员');
  expect(await name(people.dispatcher)).toBe('演示登记员');
  expect(await name(people.inspector)).toBeUndefined();
  const pages: string[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const { body } = await ask(people.inspector, `divisions?limit=3${after && `&after=${after}`}`);
    const page = body as unknown as { rows: { id: string }[]; after?: string };
    pages.push(...page.rows.map(({ id }) => id));
    ({ after } = page);
  }
  expect(pages).toEqual([...pages].sort());
  expect(pages).toHaveLength(8);
});

test('what the role may not do is refused, and leaves no trace', async () => {
  const body = { name: '演示市局', from: today };
  expect((await say(security, 'units/city-office/rename-unit', body)).body.code).toBe('auth/forbidden');
  expect((await ask(security, 'units/city-office')).body).toMatchObject({ name: '演示市住建局' });
  expect((await ask(security, 'units/nowhere')).body.code).toBe('register/unknown');
});
