import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import { readFile } from 'node:fs/promises';
import { until } from '../faults/support/processes.js';
import * as people from '../support/people.js';
import { Journey } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

type Who = Parameters<TestServer['token']>;
const as = async (who: Who, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  server.send(await server.token(...who), method, `/api/v1/${path}`, body, headers);

const key = (): Record<string, string> => ({ 'Idempotency-Key': randomUUID() });

describe('a file of persons', () => {
  const CSV = { 'Content-Type': 'text/csv' };
  const head = 'person,name,identityNumber,unit,role,from,until';
  const rows = [
    head,
    'import-one,演示导入甲,110101190001010016,bronx-office,handler,2026-01-01,',
    'import-two,演示导入乙,,queens-office,审核岗,2026-01-01,2099-12-31',
    'import-one,演示导入甲,110101190001010016,bronx-office,reviewer,2026-01-01,',
  ];
  const sent = (text: string | Buffer, query = '', who: Who = [...people.securityAdmin]): Promise<Answer> =>
    as(who, 'POST', `register/persons/import${query}`, text, CSV);

  test('is tried, and nothing is written', async () => {
    const { status, body } = await sent(rows.join('\n'));
    expect([status, body]).toMatchObject([200, { rows: 3, new: 3, known: 0, wrong: 0 }]);
    expect((await as([...people.securityAdmin], 'GET', 'register/persons/import-one')).status).toBe(404);
  });

  test('with a wrong row enters none, or the others, and goes on where it stopped', async () => {
    const text = [...rows, 'import-three,演示导入丙,,no-office,handler,2026-01-01,'].join('\n');
    expect((await sent(text, '?commit=true')).body.code).toBe('import/wrong-rows');
    const { body } = await sent(text, '?commit=true&onlyGood=true');
    expect(body).toMatchObject({ new: 3, known: 0, wrong: 1 });
    const { body: one } = await as([...people.securityAdmin], 'GET', 'register/persons/import-one');
    expect(one).toMatchObject({
      name: '演示导入甲',
      appointments: [
        { unit: 'bronx-office', role: 'handler' },
        { unit: 'bronx-office', role: 'reviewer' },
      ],
    });
    const more = [...rows, 'import-three,演示导入丙,,bronx-office,handler,2026-01-01,'].join('\n');
    expect((await sent(more, '?commit=true')).body).toMatchObject({ new: 1, known: 3, wrong: 0 });
    expect((await sent(more, '?commit=true')).body).toMatchObject({ new: 0, known: 4, wrong: 0 });
    // Who was entered acts.
    expect((await as(['import-three', 'bronx-office', 'handler'], 'GET', 'cases')).status).toBe(200);
  });

  test('tells nothing of what stands in it, in answers and in what the server says', async () => {
    const text = [head, 'import-four,演示导入丁,110101190001010016,bronx-office,handler,2026-01-01,'].join(
      '\n',
    );
    const { body } = await sent(text);
    expect(body).toMatchObject({ wrong: 1 });
    expect(JSON.stringify(body)).not.toMatch(/演示导入|110101/);
    expect(server.said()).not.toMatch(/演示导入|110101/);
  });

  test('is brought by a security-admin, as CSV that is text', async () => {
    expect((await sent(rows.join('\n'), '', [...people.operator])).body.code).toBe('auth/forbidden');
    const plain = await as([...people.securityAdmin], 'POST', 'register/persons/import', { rows: [] });
    expect(plain.body.code).toBe('input/media-type');
    expect((await sent('')).body.code).toBe('input/invalid');
    expect((await sent(rows.join('\n'), '?commit=yes')).body.code).toBe('input/invalid');
    expect((await sent(`${head}\n${'x'.repeat(1024 * 1024)}`)).body.code).toBe('input/too-large');
  });
});

describe('one who leaves', () => {
  const leaver: Who = ['leaver', 'bronx-office', 'handler'];
  const heir: Who = ['heir', 'bronx-office', 'handler'];
  const post = { unit: 'bronx-office', role: 'handler' };
  const security: Who = [...people.securityAdmin];
  const inHand = async (person: string): Promise<unknown> =>
    (await as(security, 'GET', `register/persons/${person}`)).body.inHand;
  const settled = async (path: string): Promise<Answer> => {
    for (let look = 0; look < 200; look++) {
      const answer = await as([...people.countyLeader], 'GET', path);
      if ((answer.body.done as unknown) === true) return answer;
      await pause(50);
    }
    throw new Error('the batch was never done');
  };

  test('hands over all that is open, by a decision on each case, and nothing twice', async () => {
    for (const [person] of [leaver, heir]) {
      const path = `register/persons/${person}`;
      await as(security, 'POST', `${path}/enter-person`, { name: '演示', from: '2026-01-01' }, key());
      await as(security, 'POST', `${path}/appoint-person`, { ...post, from: '2026-01-01' }, key());
    }
    const cases = await Promise.all([1, 2, 3].map(() => new Journey(server).to('rectifying')));
    for (const one of cases) await one.give(people.countyLeader, 'name-handler', { person: 'leaver' });
    await until('the ledger has them', async () => ((await inHand('leaver')) === 3 ? true : undefined));

    // Of another unit they are nobody's to give.
    expect((await as([...people.otherHandler], 'GET', 'hand-overs?person=leaver')).body.cases).toEqual([]);
    const { body: list } = await as([...people.countyLeader], 'GET', 'hand-overs?person=leaver');
    expect(list).toMatchObject({ person: 'leaver', more: false });
    expect((list.cases as unknown as { case: string }[]).map((one) => one.case).sort()).toEqual(
      cases.map(({ id }) => id).sort(),
    );

    const again = key();
    const reason = '原经办人调离';
    const order = { person: 'leaver', to: 'heir', reason };
    const began = await as([...people.countyLeader], 'POST', 'hand-overs', order, again);
    expect(began.status).toBe(202);
    const path = `decision-batches/${String(began.body.batch)}`;
    const { body } = await settled(path);
    expect((body.results as unknown as { status: string }[]).map(({ status }) => status)).toEqual([
      'done',
      'done',
      'done',
    ]);
    await until('the ledger has them', async () => ((await inHand('leaver')) === 0 ? true : undefined));
    expect(await inHand('heir')).toBe(3);
    const repeated = await as([...people.countyLeader], 'POST', 'hand-overs', order, again);
    expect([repeated.status, repeated.body.batch]).toEqual([202, began.body.batch]);
    const other = await as(
      [...people.countyLeader],
      'POST',
      'hand-overs',
      { ...order, to: 'bronx-handler' },
      again,
    );
    expect(other.body.code).toBe('key/reused');
    const why = { ...order, reason: '另一理由' };
    expect((await as([...people.countyLeader], 'POST', 'hand-overs', why, again)).body.code).toBe(
      'key/reused',
    );
    const { body: told } = await as([...people.countyLeader], 'GET', `cases/${cases[0]?.id ?? ''}/history`);
    const events = told.events as unknown as { type: string; data: object }[];
    expect(events.at(-1)).toMatchObject({ type: 'HandlerNamed', data: { person: 'heir', reason } });

    // The administrator ends the post only then, and reads a number of cases and no case.
    const ended = await as(
      security,
      'POST',
      'register/persons/leaver/end-appointment',
      { ...post, from: '2026-01-02' },
      key(),
    );
    expect(ended.status).toBe(200);
    expect((await as(security, 'GET', 'hand-overs?person=heir')).body.code).toBe('auth/forbidden');
    expect((await as([...people.operator], 'GET', 'register/persons/heir')).body).not.toHaveProperty(
      'inHand',
    );
  });

  test.each([
    ['to nobody', { person: 'heir', to: 'nobody' }, 'input/invalid'],
    ['to one of another unit', { person: 'heir', to: 'queens-handler' }, 'input/invalid'],
    ['to oneself', { person: 'heir', to: 'heir' }, 'input/invalid'],
    ['of one who has nothing', { person: 'nobody', to: 'heir' }, 'hand-over/none'],
    [
      'with more than it takes',
      { person: 'heir', to: 'bronx-handler', unit: 'queens-office' },
      'input/invalid',
    ],
    ['for no reason', { person: 'heir', to: 'bronx-handler', reason: ' ' }, 'input/invalid'],
  ])('hands over nothing %s', async (_, order, code) => {
    const sent = { reason: '原经办人调离', ...order };
    expect((await as([...people.countyLeader], 'POST', 'hand-overs', sent, key())).body.code).toBe(code);
  });
});

describe('a draft of the rules', () => {
  const security: Who = [...people.securityAdmin];
  const second: Who = ['second-admin', 'province-office', 'security-admin'];
  interface Rules {
    id?: string;
    sources: Record<string, object>;
    completion: Record<string, Record<string, { done: string }>>;
    desks: object;
    moneyMethods: object;
  }
  let rules: Rules;
  beforeAll(async () => {
    const { policy } = parse(await readFile('config/demo.yaml', 'utf8')) as { policy: Rules };
    const { id: _, ...rest } = policy;
    rules = rest;
  });
  const shorter = (done: string): Rules => ({
    ...rules,
    completion: {
      ...rules.completion,
      immediate: { ...rules.completion.immediate, general: { ...rules.completion.immediate?.general, done } },
    },
  });
  const begin = async (policy: object, who = security): Promise<Answer> =>
    as(who, 'POST', 'policy-drafts', { title: '演示草案', policy }, key());

  test('is refused part by part', async () => {
    const { status, body } = await begin({ ...rules, desks: {}, moneyMethods: 'none', sources: {} });
    expect(status).toBe(422);
    expect(body.errors?.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['policy.desks', 'policy.moneyMethods', 'policy.sources']),
    );
    expect((await begin([])).body.code).toBe('input/invalid');
  });

  test('has versions, tells how many cases it would touch, and is put into force by a second administrator', async () => {
    const began = await begin(shorter('9wd'));
    expect([began.status, began.body.version]).toEqual([201, 1]);
    const path = `policy-drafts/${String(began.body.draft)}`;
    const change = { title: '演示草案二', policy: shorter('8wd'), seen: 1 };
    expect((await as(security, 'PUT', path, change)).body).toMatchObject({ version: 2, title: '演示草案二' });
    expect((await as(security, 'PUT', path, change)).body.code).toBe('draft/stale');

    const open = (
      await as(
        [...people.inspector],
        'GET',
        'cases/count?open=true&severity=general&rectificationType=immediate',
      )
    ).body;
    const { body: effect } = await as(security, 'GET', `${path}/effect`);
    expect(effect).toMatchObject({
      version: 2,
      cases: open.cases,
      changes: [
        {
          path: 'completion.immediate.general.done',
          draft: { n: 8, unit: 'working-days' },
          cases: open.cases,
        },
      ],
    });
    expect(open.cases).toBeGreaterThan(0);

    const order = { seen: 2, id: 'demo@77', from: '2026-01-01' };
    const publish = (who: Who, body: object = order, header = key()): Promise<Answer> =>
      as(who, 'POST', `${path}/publish`, body, header);
    expect((await publish(security)).body.code).toBe('administrator/second-missing');
    const entry = `register/persons/${second[0]}`;
    const from = '2026-01-01';
    await as(security, 'POST', `${entry}/enter-person`, { name: '演示安全员乙', from }, key());
    const post = { unit: second[1], role: second[2], from };
    await as(security, 'POST', `${entry}/appoint-person`, post, key());
    expect((await publish(security)).body.code).toBe('administrator/second-same');
    expect((await publish(second, { ...order, seen: 1 })).body.code).toBe('draft/stale');
    const once = key();
    expect((await publish(second, order, once)).body).toMatchObject({ id: 'demo', repeated: false });
    expect((await publish(second, order, once)).body).toMatchObject({ id: 'demo', repeated: true });
    expect((await as(security, 'PUT', path, { ...change, seen: 3 })).body.code).toBe('draft/ended');

    const { body: after } = await as(security, 'GET', path);
    expect((after.history as unknown as object[]).map((step) => step)).toMatchObject([
      { version: 1, state: 'draft', by: 'security-admin' },
      { version: 2, state: 'draft', by: 'security-admin' },
      { version: 3, state: 'published', by: 'second-admin', published: 'demo@77' },
    ]);
    expect((await as(security, 'GET', `${path}/effect`)).body).toMatchObject({
      inForce: 'demo@77',
      changes: [],
      cases: 0,
    });
  });

  test('is the only road to other rules: one administrator alone has none', async () => {
    const body = { id: 'demo@78', policy: rules, from: '2026-01-01' };
    for (const who of [security, second, [...people.operator] as Who]) {
      const direct = await as(who, 'POST', 'register/policies/demo/publish-policy', body, key());
      expect([direct.status, direct.body.code]).toEqual([404, 'route/unknown']);
    }
  });

  test('is deleted, and can still be looked at; others are told nothing of it', async () => {
    const again = key();
    const body = { title: '演示草案三', policy: rules };
    const began = await as(security, 'POST', 'policy-drafts', body, again);
    const same = await as(security, 'POST', 'policy-drafts', body, again);
    expect(same.body.draft).toBe(began.body.draft);
    const other = await as(security, 'POST', 'policy-drafts', { ...body, title: '另一' }, again);
    expect(other.body.code).toBe('key/reused');
    const path = `policy-drafts/${String(began.body.draft)}`;
    expect((await as(security, 'DELETE', path)).body.code).toBe('input/invalid');
    expect((await as(security, 'DELETE', `${path}?seen=1`)).body).toMatchObject({
      version: 2,
      state: 'deleted',
    });
    expect((await as(security, 'DELETE', `${path}?seen=2`)).body.code).toBe('draft/ended');
    const { body: list } = await as(security, 'GET', 'policy-drafts');
    expect((list as unknown as object[])[0]).toMatchObject({ draft: began.body.draft, state: 'deleted' });
    expect((await as([...people.operator], 'GET', path)).body.code).toBe('auth/forbidden');
    expect((await as(security, 'GET', 'policy-drafts/none')).body.code).toBe('draft/unknown');
  });
});

describe('an erasure', () => {
  const security: Who = [...people.securityAdmin];
  const audit: Who = [...people.auditAdmin];
  const grounds = { reason: '当事人要求删除', legalGround: '个人信息保护法第四十七条' };
  const ask = (body: object, who = security, header = key()): Promise<Answer> =>
    as(who, 'POST', 'erasure-requests', { ...grounds, ...body }, header);
  const petition = (): Promise<Journey> =>
    new Journey(server).to(
      'registered',
      people.problem({
        source: { code: 'PT', document: `访〔2026〕${randomUUID()}号` },
        petitioner: { name: '演示张三', phone: '13800005678' },
      }),
    );
  const nameOf = async (one: Journey): Promise<unknown> => {
    const { body } = await one.get(people.registrar, '/history');
    const [first] = body.events as unknown as { data: { petitioner: { name: object } } }[];
    return first?.data.petitioner.name;
  };

  test('is asked for by one administrator and approved by another; both are in the log of accesses', async () => {
    const one = await petition();
    const target = { case: one.id, revision: 0, field: 'petitioner.name' };
    const again = key();
    const asked = await ask(target, security, again);
    expect([asked.status, asked.body]).toMatchObject([201, { state: 'requested', case: one.id, texts: 2 }]);
    expect((await ask(target, security, again)).body.request).toBe(asked.body.request);
    expect((await ask({ ...target, revision: 1 }, security, again)).body.code).toBe('personal/unknown');
    const path = `erasure-requests/${String(asked.body.request)}`;
    expect((await as(security, 'POST', `${path}/approve`)).body.code).toBe('administrator/second-same');
    expect(await nameOf(one)).toMatchObject({ masked: '演**' });

    expect((await as(audit, 'POST', `${path}/approve`)).body).toMatchObject({
      state: 'erased',
      history: [
        { state: 'requested', by: 'security-admin', reason: grounds.reason },
        { state: 'approved', by: 'audit-admin' },
        { state: 'erased', by: 'audit-admin' },
      ],
    });
    expect(await nameOf(one)).toEqual({ sealed: true, erased: true });
    const { body: log } = await as(audit, 'GET', 'access-log?limit=1&outcome=erased');
    expect((log.entries as unknown as object[])[0]).toMatchObject({
      ...{ person: 'audit-admin', caseId: one.id, field: 'petitioner.name' },
      purpose: expect.stringMatching(/requested by security-admin, approved by audit-admin$/) as unknown,
    });
    expect((await as(audit, 'POST', `${path}/approve`)).body.state).toBe('erased');
    expect((await as(security, 'POST', `${path}/withdraw`, { reason: '误报' })).body.code).toBe(
      'erasure/ended',
    );
    const steps = server.database.sql`delete from cases.erasure_steps`;
    await expect(Promise.resolve(steps)).rejects.toThrow('never changed');
  });

  test('that was approved is carried out by the next start where the process ended before', async () => {
    const one = await petition();
    const asked = await ask({ case: one.id, revision: 0, field: 'petitioner.name' });
    const { sql } = server.database;
    await sql`insert into cases.erasure_steps (request, step, state, by, unit, role, via, at)
      values (${String(asked.body.request)}, 2, 'approved', 'audit-admin', 'province-office', 'audit-admin', 'http',
        '2026-01-01T00:00:00.000Z')`;
    await server.restart('SIGKILL');
    const path = `erasure-requests/${String(asked.body.request)}`;
    expect((await as(audit, 'GET', path)).body.state).toBe('erased');
    expect(await nameOf(one)).toEqual({ sealed: true, erased: true });
  });

  test('is refused, or withdrawn, with a reason, and then nothing happens any more', async () => {
    const one = await petition();
    const target = { case: one.id, revision: 0, field: 'petitioner.name' };
    for (const [who, step, state] of [
      [audit, 'refuse', 'refused'],
      [security, 'withdraw', 'withdrawn'],
    ] as const) {
      const path = `erasure-requests/${String((await ask(target)).body.request)}`;
      if (step === 'refuse')
        expect((await as(security, 'POST', `${path}/refuse`, { reason: '不同意' })).body.code).toBe(
          'administrator/second-same',
        );
      expect((await as(who, 'POST', `${path}/${step}`, {})).body.code).toBe('input/invalid');
      expect((await as(who, 'POST', `${path}/${step}`, { reason: '保存期限未满' })).body.state).toBe(state);
      expect((await as(audit, 'POST', `${path}/approve`)).body.code).toBe('erasure/ended');
    }
    expect(await nameOf(one)).toMatchObject({ masked: '演**' });
    const { body: all } = await as(audit, 'GET', 'erasure-requests');
    expect((all as unknown as { state: string }[]).map(({ state }) => state).sort()).toEqual([
      'erased',
      'erased',
      'refused',
      'withdrawn',
    ]);
  });

  test('takes the name of a person of the register', async () => {
    const entry = 'register/persons/forgotten';
    await as(security, 'POST', `${entry}/enter-person`, { name: '演示忘', from: '2026-01-01' }, key());
    const asked = await ask({ person: 'forgotten' });
    expect(asked.body).toMatchObject({ person: 'forgotten', revision: 0, field: 'name', texts: 1 });
    expect((await as(security, 'GET', entry)).body.name).toBe('演示忘');
    await as(audit, 'POST', `erasure-requests/${String(asked.body.request)}/approve`);
    expect((await as(security, 'GET', entry)).body.name).toBe('');
    const body = { revision: 0, field: 'name', purpose: '核对人员姓名' };
    expect((await as(security, 'POST', `${entry}/reveal`, body)).body.code).toBe('personal/erased');
  });

  test.each([
    ['of nothing', {}, 'input/invalid'],
    ['of a case without a place', { case: randomUUID() }, 'input/invalid'],
    [
      'of a case that there is not',
      { case: randomUUID(), revision: 0, field: 'petitioner.name' },
      'personal/unknown',
    ],
    ['of a path that is none', { case: randomUUID(), revision: 0, field: '__proto__.name' }, 'input/invalid'],
    ['of a person and a case', { person: 'operator', case: randomUUID() }, 'input/invalid'],
    ['of nobody', { person: 'nobody-at-all' }, 'personal/unknown'],
    ['without a ground', { person: 'operator', legalGround: ' ' }, 'input/invalid'],
  ])('%s is not asked for', async (_, body, code) => {
    expect((await ask(body)).body.code).toBe(code);
  });

  test('is no affair of others', async () => {
    expect((await as([...people.operator], 'GET', 'erasure-requests')).body.code).toBe('auth/forbidden');
    expect((await ask({ person: 'operator' }, audit)).body.code).toBe('auth/forbidden');
    expect((await as(audit, 'POST', `erasure-requests/${randomUUID()}/approve`)).body.code).toBe(
      'erasure/unknown',
    );
  });
});
