import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type AccessPage } from '../../libs/contracts/access.js';
import { CLI, type Ended, newFolder, runToEnd } from '../faults/support/processes.js';
import * as people from '../support/people.js';
import { Journey, problem } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

type Who = Parameters<Journey['get']>[0];

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await newFolder();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const petitioner = {
  name: '演示张三',
  phone: '13800005678',
  identityNumber: '110101190001010016',
  address: '演示省演示市布朗克斯县示例镇东门村2组',
};
const petition = (overrides: object = {}): object =>
  problem({
    source: { code: 'PT', document: `访〔2026〕${randomUUID()}号` },
    ...{ petitioner, verbatim: '我家屋面渗漏。', ...overrides },
  });

const journey = (): Journey => new Journey(server);
/** A petition is looked into before a unit gets it. */
async function underWay(body: object): Promise<Journey> {
  const one = await journey().to('registered', body);
  expect((await one.check()).status).toBe(200);
  return one.to('rectifying');
}
const post = async (who: Who, path: string, body: object): Promise<Answer> =>
  server.send(await server.token(...who), 'POST', `/api/v1/cases/${path}`, body);
const reveal = ({ id }: Journey, who: Who, field = 'petitioner.phone', revision = 0): Promise<Answer> =>
  post(who, `${id}/reveal`, { revision, field, purpose: '电话回访核实' });
const find = async (who: Who, kind: string, text: string): Promise<unknown> =>
  (await post(who, 'find-person', { kind, text })).body;
const accesses = async (who: Who, query = ''): Promise<AccessPage> => {
  const answer = await server.send(await server.token(...who), 'GET', `/api/v1/access-log${query}`);
  return answer.body as unknown as AccessPage;
};
const registered = async (one: Journey, who: Who): Promise<Record<string, unknown>> => {
  const { body } = await one.get(who, '/history');
  const { events } = body as unknown as { events: { data: Record<string, unknown> }[] };
  return events[0]?.data ?? {};
};
const xiaohao = (...args: string[]): Promise<Ended> => runToEnd([CLI, ...args], { DATA_DIR: server.dataDir });

describe('a petition', () => {
  test('shows its petitioner masked to whoever reads the case, and the wording not at all', async () => {
    const one = await underWay(petition());
    expect(await registered(one, people.reviewer)).toMatchObject({
      petitioner: {
        name: { sealed: true, kind: 'name', masked: '演**', field: 'petitioner.name' },
        phone: { sealed: true, kind: 'phone', masked: '138****5678', field: 'petitioner.phone' },
        identityNumber: { masked: '110101**********16' },
        address: { masked: '演示省演示市布朗克斯县示例镇东门村**' },
      },
      verbatim: { sealed: true, kind: 'text', masked: '**', field: 'verbatim' },
    });
    expect(JSON.stringify((await one.get(people.reviewer)).body)).not.toContain('petitioner');
  });

  test('is the same command again whether or not the number is written with blanks, and another for another person', async () => {
    const one = journey();
    const body = petition();
    const token = await server.token(...people.registrar);
    const send = (sent: object): Promise<Answer> =>
      server.send(token, 'POST', '/api/v1/cases', { ...body, ...sent }, { 'Idempotency-Key': 'petition-1' });
    expect((await send({})).status).toBe(201);
    const spaced = { petitioner: { ...petitioner, phone: '138 0000 5678' } };
    expect(await send(spaced)).toMatchObject({ status: 200, body: { repeated: true } });
    const other = { petitioner: { ...petitioner, name: '演示李四' } };
    expect((await send(other)).body.code).toBe('key/reused');
    expect((await send({ verbatim: '别的。' })).body.code).toBe('key/reused');
    expect(one.id).toBe('');
  });

  test('is revealed for a purpose to who needs it, and to nobody else', async () => {
    const one = await underWay(petition());
    for (const who of [people.registrar, people.dispatcher, people.handler, people.inspector]) {
      expect(await reveal(one, who)).toMatchObject({ status: 200, body: { text: petitioner.phone } });
    }
    expect((await reveal(one, people.registrar, 'verbatim')).body).toEqual({ text: '我家屋面渗漏。' });
    for (const who of [people.reviewer, people.cityApprover, people.verifier, people.auditor]) {
      expect(await reveal(one, who)).toMatchObject({ status: 403, body: { code: 'personal/denied' } });
    }
    expect((await reveal(one, people.otherHandler)).body.code).toBe('case/unknown');
    for (const field of ['petitioner', 'description', 'petitioner.age', 'petitioner.name.holder']) {
      expect((await reveal(one, people.registrar, field)).body.code).toBe('personal/unknown');
    }
    expect((await reveal(one, people.registrar, 'petitioner.phone', 1)).body.code).toBe('personal/unknown');
    expect((await reveal(one, people.registrar, '演示张三')).body.errors).toMatchObject([{ field: 'field' }]);
    const hasty = await post(people.registrar, `${one.id}/reveal`, {
      ...{ revision: 0, field: 'petitioner.name', purpose: '看看' },
    });
    expect(hasty.body.errors).toMatchObject([{ field: 'purpose' }]);
  });

  test('is found by exactly the name, phone or identity number of its petitioner, in one’s own scope', async () => {
    const mine = { name: `演示${randomUUID().slice(0, 8)}`, phone: '13900001234' };
    const one = await journey().to('registered', petition({ petitioner: mine }));
    for (const who of [people.registrar, people.dispatcher, people.inspector]) {
      expect(await find(who, 'name', ` ${mine.name.toUpperCase()}`)).toEqual({
        cases: [one.id],
        more: false,
      });
    }
    expect(await find(people.registrar, 'phone', '139-0000-1234')).toEqual({ cases: [one.id], more: false });
    expect(await find(people.registrar, 'name', mine.name.slice(0, -1))).toMatchObject({ cases: [] });
    expect(await find(people.registrar, 'phone', mine.name)).toMatchObject({ cases: [] });
    expect(await find(people.handler, 'name', mine.name)).toMatchObject({ code: 'auth/forbidden' });
    expect(await find(people.registrar, 'address', 'x')).toMatchObject({ code: 'input/invalid' });
    const body = { person: people.registrar[0], reason: '近亲属。' };
    expect((await one.give(people.dispatcher, 'exclude-person', body)).status).toBe(200);
    expect(await find(people.registrar, 'name', mine.name)).toMatchObject({ cases: [] });
  });
});

describe('an accusation', () => {
  test('shows nothing of who accuses, neither masked nor by a search, but to who registered it and inspectors', async () => {
    const mine = { name: `演示${randomUUID().slice(0, 8)}` };
    const one = await underWay(petition({ petitioner: mine, accusation: true }));
    const hidden = { sealed: true, hidden: true };
    for (const who of [people.dispatcher, people.handler, people.reviewer]) {
      expect(await registered(one, who)).toMatchObject({ petitioner: { name: hidden }, verbatim: hidden });
      expect((await reveal(one, who, 'petitioner.name')).body.code).toBe('personal/denied');
    }
    expect(await find(people.dispatcher, 'name', mine.name)).toMatchObject({ cases: [] });
    for (const who of [people.registrar, people.inspector]) {
      expect(await registered(one, who)).toMatchObject({ petitioner: { name: { masked: '演**' } } });
      expect((await reveal(one, who, 'petitioner.name')).body).toEqual({ text: mine.name });
      expect(await find(who, 'name', mine.name)).toMatchObject({ cases: [one.id] });
    }
  });
});

describe('the log of accesses', () => {
  test('has every look and every one that was denied, for the auditors', async () => {
    const one = await underWay(petition());
    await reveal(one, people.handler);
    await reveal(one, people.reviewer);
    await reveal(one, people.otherHandler);
    await reveal(one, people.handler, 'petitioner.age');
    await find(people.registrar, 'name', '演示王五');
    const { entries } = await accesses(people.auditAdmin, '?limit=5');
    expect(entries).toMatchObject([
      { person: 'city-registrar', field: 'name', outcome: 'searched' },
      { person: 'bronx-handler', caseId: one.id, revision: 0, outcome: 'denied' },
      { person: 'queens-handler', caseId: one.id, revision: 0, outcome: 'denied' },
      { person: 'bronx-reviewer', field: 'petitioner.phone', purpose: '电话回访核实', outcome: 'denied' },
      { person: 'bronx-handler', field: 'petitioner.phone', purpose: '电话回访核实', outcome: 'revealed' },
    ]);
    expect(entries[1]).not.toHaveProperty('field');
    const ofAuditor = await accesses(people.auditor, '?limit=4');
    expect(ofAuditor.entries).toEqual(entries.slice(1));
    const rest = await accesses(people.auditor, `?limit=200&before=${String(ofAuditor.before)}`);
    expect(rest.entries.every(({ seq }) => seq < (ofAuditor.before ?? 0))).toBe(true);
    const none = await server.send(await server.token(...people.registrar), 'GET', '/api/v1/access-log');
    expect(none.body.code).toBe('auth/forbidden');
  });

  test('does not repeat a name that was written into a purpose', async () => {
    const one = await journey().to('registered', petition());
    const purpose = `给${petitioner.name}回电话`;
    const asked = { revision: 0, field: 'petitioner.name', purpose };
    expect((await post(people.registrar, `${one.id}/reveal`, asked)).status).toBe(200);
    expect((await post(people.cityApprover, `${one.id}/reveal`, asked)).status).toBe(403);
    const { entries } = await accesses(people.auditAdmin, '?limit=2');
    expect(entries.map((entry) => entry.purpose)).toEqual(['给**回电话', '给**回电话']);
  });
});

describe('erasing', () => {
  test('says first what it takes, then takes the whole person, for good, and is noted', async () => {
    const one = await underWay(petition());
    const erase = ['erase', one.id, '0', 'petitioner.phone'];
    const said = await xiaohao(...erase);
    expect(said).toMatchObject({ code: 1, stderr: '' });
    for (const field of Object.keys(petitioner)) {
      expect(said.stdout).toContain(`revision 0\tProblemRegistered\tpetitioner.${field}\n`);
    }
    expect(said.stdout).not.toContain('verbatim');
    expect((await reveal(one, people.registrar)).status).toBe(200);

    expect(await xiaohao(...erase, '--yes')).toMatchObject({ code: 0 });
    expect(await find(people.registrar, 'name', petitioner.name)).not.toMatchObject({
      cases: expect.arrayContaining([one.id]),
    });
    const { entries } = await accesses(people.auditor, '?limit=1');
    expect(entries).toMatchObject([
      { via: 'cli', caseId: one.id, field: 'petitioner.phone', outcome: 'erased' },
    ]);
  });

  // Within the 60 s in which a server knows a key it would still read it: so it is started anew.
  test('leaves nothing to be shown or revealed; a restore that brings keys back changes nothing', async () => {
    const one = await journey().to('registered', petition());
    const file = join(folder, 'erasures.json');
    expect(await xiaohao('erase', one.id, '0', 'verbatim', '--yes')).toMatchObject({ code: 0 });
    await server.restart();
    expect(await registered(one, people.registrar)).toMatchObject({
      petitioner: { name: { masked: '演**' } },
      verbatim: { sealed: true, erased: true },
    });
    const gone = await reveal(one, people.registrar, 'verbatim');
    expect(gone).toMatchObject({ status: 410, body: { code: 'personal/erased' } });
    expect((await accesses(people.auditor, '?limit=1')).entries).toMatchObject([{ outcome: 'gone' }]);

    const [kept] = await server.database.sql<{ n: number }[]>`select count(*) as n from sealing.erasures`;
    expect(await xiaohao('erasures', 'export', file)).toMatchObject({
      code: 0,
      stdout: `${kept?.n} erasures\n`,
    });
    expect(await xiaohao('erasures', 'apply', file)).toMatchObject({
      code: 0,
      stdout: `${kept?.n} erasures, 0 keys had come back\n`,
    });
    expect((await accesses(people.auditAdmin, '?limit=1')).entries).toMatchObject([{ outcome: 'reapplied' }]);
  });

  test.each([
    [
      ['erase', '6f1c1f0e-0000-4000-8000-000000000001', '0', 'petitioner.name'],
      'No sealed text stands there',
    ],
    [['erase', '演示张三', '0', 'petitioner.name'], 'No sealed text stands there'],
    [['erase', '6f1c1f0e-0000-4000-8000-000000000001', 'x', 'petitioner.name'], 'a whole number'],
    [['erasures', 'apply', '/nowhere/erasures.json'], 'The file of erasures cannot be read (ENOENT).'],
    [['erasures', 'apply', 'package.json'], 'The file is no list of erasures.'],
    [['erasures', 'apply', 'README.md'], 'The file is no list of erasures.'],
  ])('%p is refused with a sentence', async (args, sentence) => {
    const { code, stderr } = await xiaohao(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)]);
  });
});

test('the chain of the log of accesses holds, and `check` says where it does not', async () => {
  expect(await xiaohao('check', '--json')).toMatchObject({ code: 0 });
  await server.database.sql.unsafe(`alter table access.log disable trigger all;
    update access.log set entry = '{}' where seq = 2`);
  const found = await xiaohao('check', '--json');
  expect([found.code, JSON.parse(found.stdout)]).toMatchObject([3, { entry: 2 }]);
});
